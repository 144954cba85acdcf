using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>A body asks to use a service of another (R-SHR-02).</summary>
public sealed class SharingRequest : ExchangeThing
{
    public required SharingRequestId Id { get; init; }

    /// <summary>Running number of the year: YC-2026-00017.</summary>
    public required string Code { get; init; }
    public required OrgUnitId Consumer { get; init; }
    public required SubsystemId ConsumerSubsystem { get; init; }
    public required OrgUnitId Provider { get; init; }
    public required DataServiceId Service { get; init; }
    public required int Major { get; init; }
}

/// <summary>
/// The seven contents of a request, after NĐ 47/2020 Đ35.2 (abolished, kept as the form of the workflow): who asks (the head of the request), which
/// system, which service and fields, for what purpose on what basis, how often, for how long, and who is the contact and how the data are protected.
/// </summary>
public sealed class RequestContent : ExchangeSaying
{
    public required Guid Id { get; init; }
    public required SharingRequestId Request { get; init; }

    /// <summary>Contents 1 and 2 stand in the head: the body and its system. 3: what is asked for.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>4: purpose and the legal basis on which the asking body may use the data.</summary>
    public required string Purpose { get; init; }
    public required string LegalBasis { get; init; }

    /// <summary>5: how often.</summary>
    public required int CallsPerDay { get; init; }
    public required int CallsPerSecond { get; init; }

    /// <summary>6: for how long.</summary>
    public required DateOnly WantedFrom { get; init; }
    public required DateOnly WantedUntil { get; init; }

    /// <summary>7: contact, and how the data are protected and deleted.</summary>
    public required string Contact { get; init; }
    public required string Protection { get; init; }

    /// <summary>Number of the letter, where one was written beside it.</summary>
    public string? Document { get; init; }
}
