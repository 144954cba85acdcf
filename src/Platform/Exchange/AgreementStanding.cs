using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

public enum AgreementState
{
    /// <summary>Waits for one or both signatures, and nothing signed is in force.</summary>
    AwaitingSignature,

    /// <summary>Signed by both; its first day is ahead.</summary>
    Ahead, InForce, Suspended, Expired, Terminated,
}

public enum AgreementSide { Consumer, Provider }

/// <summary>One side's signature under one revision. The side is the unit in whose name it was signed, which the right to sign was asked for.</summary>
public sealed record Signature(Guid Revision, AgreementSide Side, UserId By, string ByName, DateTimeOffset At, string? Document);

/// <summary>A time in which one revision gives the right to call. Until is exclusive.</summary>
public sealed record RightWindow(AgreementRevision Revision, DateTimeOffset From, DateTimeOffset Until)
{
    public bool Covers(DateTimeOffset instant) => From <= instant && instant < Until;
}

/// <summary>
/// Where an agreement stands, computed from its revisions, signatures and stops. A revision counts only when a person of each side's unit signed it;
/// it takes over from the one before at its first day or at its last signature, whichever is later, and takes the place of the earlier for good, so
/// that an amendment can also shorten. Termination cuts everything after it.
/// </summary>
public sealed record AgreementStanding(
    AgreementState State, AgreementRevision? Current, AgreementRevision? Pending, IReadOnlyList<RightWindow> Windows, IReadOnlyList<Suspension> Stops, DateTimeOffset? TerminatedAt,
    IReadOnlyList<Signature> Signatures)
{
    /// <summary>Whether the agreement by itself gives the right to call at that instant.</summary>
    public bool GivesRight(DateTimeOffset instant) => Windows.Any(w => w.Covers(instant)) && !Stops.Any(s => s.Covers(instant));

    public IReadOnlyList<Signature> Under(AgreementRevision revision) => [.. Signatures.Where(s => s.Revision == revision.Id)];

    /// <summary>Every instant after that one at which the right may begin or end by the clock alone.</summary>
    public IEnumerable<DateTimeOffset> Boundaries(DateTimeOffset after) =>
        Windows.SelectMany(w => new[] { w.From, w.Until }).Concat(Stops.SelectMany(s => s.Until is { } until ? new[] { s.From, until } : [s.From])).Where(b => b > after);

    public static AgreementStanding Of(ExchangeBook book, DataSharingAgreement agreement, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(agreement);
        var events = book.EventsOf(agreement.Id.Value);
        var revisions = book.AgreementRevisions.Of(agreement.Id);
        var signatures = new List<Signature>();
        DateTimeOffset? terminated = null;
        foreach (var fact in events.Where(e => e.At <= now))
        {
            if (fact.Kind is ExchangeEventKind.SignatureGiven && fact.Target is { } revision && fact.WordAs<AgreementSide>() is { } side)
            {
                signatures.Add(new Signature(revision, side, fact.By, fact.ByName, fact.At, fact.Document));
            }

            if (fact.Kind is ExchangeEventKind.Terminated && (fact.EffectiveFrom ?? fact.At) is var at && (terminated is null || at < terminated)) terminated = at;
        }

        var windows = new List<RightWindow>();
        AgreementRevision? pending = null;
        foreach (var revision in revisions.Where(r => r.At <= now))
        {
            if (SignedAt(signatures, revision) is not { } signed) { pending = revision; continue; }
            pending = null;   // A later signed revision leaves an unsigned earlier one behind.
            var from = signed > revision.Begins ? signed : revision.Begins;
            for (var i = 0; i < windows.Count; i++)
            {
                if (windows[i].Until > from) windows[i] = windows[i] with { Until = from };
            }

            windows.RemoveAll(w => w.Until <= w.From);
            if (revision.Ends > from) windows.Add(new RightWindow(revision, from, revision.Ends));
        }

        if (terminated is { } end)
        {
            for (var i = 0; i < windows.Count; i++)
            {
                if (windows[i].Until > end) windows[i] = windows[i] with { Until = end };
            }

            windows.RemoveAll(w => w.Until <= w.From);
        }

        var stops = Suspension.Of(events, now);
        var current = windows.FirstOrDefault(w => w.Covers(now))?.Revision;
        var state = terminated <= now ? AgreementState.Terminated
            : current is not null ? stops.Any(s => s.Covers(now)) ? AgreementState.Suspended : AgreementState.InForce
            : windows.Any(w => w.From > now) ? AgreementState.Ahead
            : revisions.Any(r => r.At <= now && SignedAt(signatures, r) is not null) ? AgreementState.Expired
            : AgreementState.AwaitingSignature;
        return new AgreementStanding(state, current, pending, windows, stops, terminated, signatures);
    }

    /// <summary>When the second of both sides signed; two persons of two units (R-SHR-03).</summary>
    private static DateTimeOffset? SignedAt(List<Signature> signatures, AgreementRevision revision)
    {
        var consumer = signatures.FirstOrDefault(s => s.Revision == revision.Id && s.Side is AgreementSide.Consumer);
        var provider = signatures.FirstOrDefault(s => s.Revision == revision.Id && s.Side is AgreementSide.Provider);
        if (consumer is null || provider is null || consumer.By == provider.By) return null;
        return consumer.At > provider.At ? consumer.At : provider.At;
    }
}
