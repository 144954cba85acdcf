using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>The six kinds of NĐ 47/2020 Đ47.</summary>
public enum DisputeKind { RightsAndDuties, Infrastructure, Standards, Quality, Plan, Other }

/// <summary>Who must answer now: the other party, then the specialised body (Sở KHCN), then the leader of the province.</summary>
public enum DisputeLevel { Party, StandingBody, ProvinceLeader }

/// <summary>An open question between two bodies about a request, an agreement or a service (R-SHR-10). Who must answer is computed from the clock.</summary>
public sealed class SharingDispute : ExchangeThing
{
    public required DisputeId Id { get; init; }
    public required string Code { get; init; }

    /// <summary>The request or agreement it is about.</summary>
    public required Guid About { get; init; }
    public required OrgUnitId RaisedBy { get; init; }

    /// <summary>Whose answer is awaited first.</summary>
    public required OrgUnitId Other { get; init; }
    public required DisputeKind Kind { get; init; }
    public required string Text { get; init; }
}

/// <summary>A paper letter that asks for data, and the services that offered them when it came in (R-SHR-06).</summary>
public sealed class PaperLetter : ExchangeThing
{
    public required PaperLetterId Id { get; init; }
    public required string Document { get; init; }
    public required DateOnly Dated { get; init; }
    public required OrgUnitId From { get; init; }
    public required OrgUnitId To { get; init; }
    public required string Text { get; init; }

    /// <summary>JSON of <see cref="LetterMatch"/>: what was found on the day it was registered, with the words that were found.</summary>
    public required string Matches { get; init; }
}

/// <summary>An enterprise to which a public service was given (R-SHR-13): who, by which contract, for what, for how long.</summary>
public sealed class EnterpriseContract : ExchangeThing
{
    public required EnterpriseContractId Id { get; init; }
    public required OrgUnitId Enterprise { get; init; }
    public required OrgUnitId GivenBy { get; init; }
    public required string Document { get; init; }
    public required string Duties { get; init; }
    public required DateOnly ValidFrom { get; init; }
    public required DateOnly ValidUntil { get; init; }
}

/// <summary>A snapshot of all rights to call, as it was signed. Can be made again from the events at any time, so old ones need not be kept.</summary>
public sealed class PublishedRoutes
{
    public required long Number { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
    public required DateTimeOffset ValidUntil { get; init; }
    public required int Agreements { get; init; }

    /// <summary>SHA-256 of what the snapshot says, without its number and times: equal content is not published again.</summary>
    public required string Digest { get; init; }
    public required byte[] Envelope { get; init; }
}

/// <summary>One row: the number of the last write and the last numbers given out.</summary>
public sealed class ExchangeStamp
{
    public required int Id { get; init; }
    public long Number { get; set; }
    public long LastEvent { get; set; }
    public int LastRequest { get; set; }
    public int LastAgreement { get; set; }
    public int LastDispute { get; set; }
    public long LastRoutes { get; set; }
}
