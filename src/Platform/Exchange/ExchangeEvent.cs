using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>What can happen in the exchange. States are computed from these and a clock, never stored.</summary>
public enum ExchangeEventKind
{
    // Systems, subsystems and their keys.
    SystemRegistered, SystemRevised, SystemRetired, SubsystemAdded, SubsystemClosed, CredentialAdded, CredentialRevoked,

    // Services.
    ServiceRegistered, ServiceRevised, VersionAdded, DeclaredReady, Published, Withdrawn,

    // Requests.
    Drafted, Revised, Sent, Received, SupplementAsked, Supplemented, Approved, Refused, WithdrawnByConsumer, Escalated,

    // Agreements.
    AgreementDrafted, Amended, SignatureGiven, FirstCall,

    // Stops of a service or of an agreement (R-SHR-08).
    SuspensionAnnounced, Resumed, Terminated,

    // Disputes (R-SHR-10).
    DisputeRaised, DisputeAnswered, DisputeAppealed, DisputeSettled,

    // Enterprises and paper letters.
    EnterpriseAdmitted, EnterpriseEnded, LetterRegistered, LetterJudged,
}

/// <summary>Why a service or an agreement stops for a while.</summary>
public enum SuspensionCause
{
    /// <summary>Known beforehand: maintenance, migration. Needs its notice (share.suspend.planned).</summary>
    Planned,

    /// <summary>The consumer broke the agreement or security demands it; effective at once, the notice follows within its term (share.suspend.violation).</summary>
    Violation,

    /// <summary>Something broke and no one could know; effective at once.</summary>
    Incident,
}

/// <summary>On what ground sharing ends for good (the grounds of NĐ 47/2020 Đ44, as choices).</summary>
public enum TerminationGround { MutualConsent, PurposeEnded, ViolationNotRemedied, LawChanged, SystemRetired, ProviderWithdraws }

/// <summary>One thing that happened; append-only, both engines refuse a change.</summary>
public sealed class ExchangeEvent
{
    /// <summary>Order of saving over the whole exchange.</summary>
    public required long Number { get; init; }

    /// <summary>The thing it concerns: a system, subsystem, service, request, agreement, dispute, letter or enterprise contract.</summary>
    public required Guid Subject { get; init; }
    public required ExchangeEventKind Kind { get; init; }
    public required DateTimeOffset At { get; init; }
    public required UserId By { get; init; }
    public required string ByName { get; init; }
    public required OrgUnitId ByUnit { get; init; }

    /// <summary>When it takes effect, where that is not the moment it was said.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }
    public DateTimeOffset? EffectiveUntil { get; init; }

    /// <summary>A computed day: an answer's due day, a publication's due day.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The term in working days that held when it happened; law may change it later.</summary>
    public int? Days { get; init; }

    /// <summary>A revision, version, key or other thing it is about.</summary>
    public Guid? Target { get; init; }

    /// <summary>A word of ours: the cause of a stop, the ground of an end, a level, the calendar a day was computed with.</summary>
    public string? Word { get; init; }

    /// <summary>What was said.</summary>
    public string? Text { get; init; }

    /// <summary>Legal basis: instrument and article.</summary>
    public string? Basis { get; init; }

    /// <summary>Number of the document it was done by.</summary>
    public string? Document { get; init; }

    public T? WordAs<T>() where T : struct, Enum => Enum.TryParse<T>(Word, out var word) ? word : null;
}
