using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>What two bodies agreed about sharing (R-SHR-03). Rights to call are made from agreements and from nothing else.</summary>
public sealed class DataSharingAgreement : ExchangeThing
{
    public required AgreementId Id { get; init; }

    /// <summary>TT-2026-00009; travels with every call.</summary>
    public required string Code { get; init; }
    public required SharingRequestId Request { get; init; }
    public required OrgUnitId Consumer { get; init; }
    public required SubsystemId ConsumerSubsystem { get; init; }
    public required OrgUnitId Provider { get; init; }
    public required DataServiceId Service { get; init; }
    public required int Major { get; init; }
}

/// <summary>Whether bodies are kept beside the evidence, which holds digests only.</summary>
public enum BodyKeeping { None, Requests, Both }

/// <summary>
/// The twelve items of an agreement, after NĐ 47/2020 Đ38 (kept as the form): 1 parties and systems (the head), 2 service and version (the head),
/// 3 purpose, 4 legal basis, 5 fields and operations, 6 method, 7 rate and quota, 8 validity, 9 retention and deletion, 10 protection, 11 duties and
/// contacts, 12 signatories (events). An amendment is a new revision that both sides sign again; nothing of an old one changes.
/// </summary>
public sealed class AgreementRevision : ExchangeSaying
{
    public required Guid Id { get; init; }
    public required AgreementId Agreement { get; init; }
    public required string Purpose { get; init; }
    public required string LegalBasis { get; init; }
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>"GET /thua-dat/{id}", as the interface lists them; empty means all of this version.</summary>
    public required IReadOnlyList<string> Operations { get; init; }
    public required ConnectionMethod Method { get; init; }
    public required int RatePerSecond { get; init; }
    public required int Burst { get; init; }
    public required long QuotaPerDay { get; init; }
    public required DateOnly ValidFrom { get; init; }

    /// <summary>The last day.</summary>
    public required DateOnly ValidUntil { get; init; }
    public required int RetentionDays { get; init; }
    public required string Deletion { get; init; }
    public required string Protection { get; init; }
    public required BodyKeeping Bodies { get; init; }
    public required bool NeedsReceipt { get; init; }
    public required string Duties { get; init; }

    /// <summary>Why it was amended; null for the first.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset Begins => Vietnamese.StartOf(ValidFrom);

    /// <summary>Exclusive: the first instant after the last day in Vietnam.</summary>
    public DateTimeOffset Ends => Vietnamese.EndOf(ValidUntil);
}
