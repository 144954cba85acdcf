using LienThong.Kernel;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

/// <summary>What lists of this module have in common.</summary>
public sealed record ExchangePage<T>(IReadOnlyList<T> Rows, int Total, int Page)
{
    /// <summary>What a person reads at once.</summary>
    public const int Size = 50;

    /// <summary>A province's whole register many times over; a workbook of more is a copy of the database.</summary>
    public const int ExportMax = 10_000;

    internal static ExchangePage<T> Of(IReadOnlyList<T> all, int page)
    {
        var number = Math.Clamp(page, 1, Math.Max(1, (all.Count + Size - 1) / Size));
        return new ExchangePage<T>([.. all.Skip((number - 1) * Size).Take(Size)], all.Count, number);
    }
}

internal static class Searching
{
    /// <summary>Every word of the question stands somewhere in the texts, whatever its marks.</summary>
    public static bool Finds(string? question, params ReadOnlySpan<string?> texts)
    {
        if (string.IsNullOrWhiteSpace(question)) return true;
        var all = VietnameseText.Fold(string.Join(' ', texts!));
        foreach (var word in VietnameseText.Fold(question).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!all.Contains(word, StringComparison.Ordinal)) return false;
        }

        return true;
    }
}

public sealed record SystemLine(
    InformationSystemId Id, string Code, string Name, OrgUnitId Owner, string OwnerName, string OperatorName, ArchitectureLayer Layer, SystemImportance Importance, Ipv6State Ipv6, PersonalDataKind PersonalData,
    int Subsystems, int Services, int Connections, bool IsRetired, bool IsSimulated);

public sealed record CredentialLine(CredentialId Id, CredentialKind Kind, string Thumbprint, string Label, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil, DateTimeOffset? RevokedAt, string ByName);

public sealed record SubsystemLine(Subsystem Subsystem, string Identifier, bool IsOpen, IReadOnlyList<CredentialLine> Credentials);

public sealed record SystemView(
    InformationSystem System, SystemRevision Said, string OwnerName, string OperatorName, string? ReplacedByName, bool IsRetired, IReadOnlyList<SystemRevision> Revisions, IReadOnlyList<SubsystemLine> Subsystems,
    IReadOnlyList<ServiceLine> Services, IReadOnlyList<ExchangeEvent> Events, bool MayEdit, bool MayRevoke);

/// <summary>The register of information systems (R-CAT-02).</summary>
public sealed class FindSystems(ExchangeAccess access, ExchangeIndex index, ExchangeOptions options, FindServices services, TimeProvider clock)
{
    public sealed record Request
    {
        public string? Query { get; set; }
        public ArchitectureLayer? Layer { get; set; }
        public bool MineOnly { get; set; }
        public int Page { get; set; } = 1;
    }

    public async Task<Result<ExchangePage<SystemLine>>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (await AllAsync(request, cancellationToken)).IsGranted(out var all, out var refusal) ? ExchangePage<SystemLine>.Of(all, request.Page) : refusal;
    }

    public async Task<Result<IReadOnlyList<SystemLine>>> AllAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!access.User.May(Permission.ViewServices)) return ExchangeRefusals.NotAllowed(nameof(Permission.ViewServices));
        var book = await index.CurrentAsync(cancellationToken);
        var mine = await access.ScopeAsync(Permission.EditSystems, cancellationToken);
        var isEnterprise = await access.IsEnterpriseAsync(cancellationToken);
        var said = book.Systems.Values.Select(s => (System: s, Said: book.Of(s.Id))).ToList();
        var names = await access.NamesAsync(said.SelectMany(s => s.Said.Operator is { } runs ? new[] { s.Said.Owner, runs } : [s.Said.Owner]), cancellationToken);
        var rows = new List<SystemLine>();
        foreach (var (system, revision) in said)
        {
            // An enterprise sees its own systems; whose else there are is not needed for what was given to it (R-SHR-13).
            if (isEnterprise && revision.Owner != access.User.Unit) continue;
            if (request.MineOnly && !mine.Holds(revision.Owner)) continue;
            if (request.Layer is { } layer && revision.Layer != layer) continue;
            var operatorName = revision.Operator is { } runs ? names[runs] : revision.OperatorName ?? "";
            if (!Searching.Finds(request.Query, system.Code, revision.Name, revision.Purpose, names[revision.Owner], operatorName)) continue;
            var subsystems = book.Subsystems.Values.Where(s => s.System == system.Id).Select(s => s.Id).ToHashSet();
            rows.Add(new SystemLine(
                system.Id, system.Code, revision.Name, revision.Owner, names[revision.Owner], operatorName, revision.Layer, revision.Importance, revision.Ipv6, revision.PersonalData, subsystems.Count,
                book.Services.Values.Count(s => subsystems.Contains(s.Provider)),
                book.Agreements.Values.Count(a => subsystems.Contains(a.ConsumerSubsystem) && AgreementStanding.Of(book, a, clock.GetUtcNow()).State is AgreementState.InForce), KeepSystems.IsRetired(book, system.Id), revision.IsSimulated));
        }

        return rows.OrderBy(r => r.IsRetired).ThenBy(r => VietnameseText.Fold(r.Name), StringComparer.Ordinal).Take(ExchangePage<SystemLine>.ExportMax).ToList();
    }

    public async Task<Result<SystemView>> FindAsync(InformationSystemId id, CancellationToken cancellationToken)
    {
        if (!access.User.May(Permission.ViewServices)) return ExchangeRefusals.NotAllowed(nameof(Permission.ViewServices));
        var book = await index.CurrentAsync(cancellationToken);
        if (book.Systems.GetValueOrDefault(id) is not { } system) return ExchangeRefusals.UnknownSystem;
        var said = book.Of(id);
        if (await access.IsEnterpriseAsync(cancellationToken) && said.Owner != access.User.Unit) return ExchangeRefusals.UnknownSystem;
        var names = await access.NamesAsync(said.Operator is { } runs ? [said.Owner, runs] : [said.Owner], cancellationToken);
        var subsystems = book.Subsystems.Values.Where(s => s.System == id).OrderBy(s => s.Code, StringComparer.Ordinal).ToList();
        var lines = (await services.AllAsync(new(), cancellationToken)).IsGranted(out var all, out _) ? all.Where(l => subsystems.Any(s => s.Id == l.Provider)).ToList() : [];
        return new SystemView(
            system, said, names[said.Owner], said.Operator is { } op ? names[op] : said.OperatorName ?? "", said.ReplacedBy is { } next && book.Systems.ContainsKey(next) ? book.Of(next).Name : null,
            KeepSystems.IsRetired(book, id), book.SystemRevisions.Of(id), [.. subsystems.Select(s => Line(book, s))], lines,
            [.. book.EventsOf(id.Value).Concat(subsystems.SelectMany(s => book.EventsOf(s.Id.Value))).OrderBy(e => e.Number)], await access.MayAsync(Permission.EditSystems, said.Owner, cancellationToken),
            await access.MayAsync(Permission.EditSystems, said.Owner, cancellationToken) || access.User.ScopeOf(Permission.SuspendSharing).Reach is Reach.Province);
    }

    /// <summary>Open subsystems this person may ask or provide with, for the choices of forms.</summary>
    public async Task<IReadOnlyList<(Subsystem Subsystem, string SystemName)>> UsableAsync(Permission permission, CancellationToken cancellationToken)
    {
        var book = await index.CurrentAsync(cancellationToken);
        var scope = await access.ScopeAsync(permission, cancellationToken);
        return [.. book.Subsystems.Values.Where(s => scope.Holds(s.Unit) && SubsystemStanding.IsOpen(book, s)).OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => (s, book.Of(s.System).Name))];
    }

    private SubsystemLine Line(ExchangeBook book, Subsystem subsystem) => new(
        subsystem, subsystem.Identifier(options.Instance), SubsystemStanding.IsOpen(book, subsystem),
        [.. book.Credentials.Of(subsystem.Id).Select(c => new CredentialLine(c.Id, c.Kind, c.Thumbprint, c.Label, c.ValidFrom, c.ValidUntil, SubsystemStanding.RevokedAt(book, subsystem, c), c.ByName))]);
}
