using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

public enum ImportState { Waiting, Reading, Refused, Ready, Confirmed, Discarded }

/// <summary>What the wizard shows.</summary>
/// <param name="Draft">Null until the file is read.</param>
/// <param name="Refusal">Why it could not be read.</param>
/// <param name="KnownAs">The plan this very file already became.</param>
public sealed record ImportView(
    ImportId Id, string FileName, string Sha256, long Bytes, DateTimeOffset UploadedAt, string UploadedBy, ImportState State, TimeSpan? ReadingTook, Refusal? Refusal, ImportDraft? Draft,
    PlanId? Plan, PlanId? KnownAs, int Decided, bool CanUndo, int Version);

/// <summary>One line of the list of imports.</summary>
public sealed record ImportLine(ImportId Id, string FileName, DateTimeOffset UploadedAt, string UploadedBy, ImportState State, PlanId? Plan);

/// <summary>The import as it stands: rows, doubtful cells, warnings; nothing is created by looking.</summary>
public sealed class PreviewPlanImport(IDbContextFactory<PlatformDb> databases, PlansAccess access, ImportParties parties)
{
    public async Task<Result<ImportView>> HandleAsync(ImportId id, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.PlanImports.AsNoTracking().FirstOrDefaultAsync(i => i.Id == id, cancellationToken) is not { } import) return PlansRefusals.UnknownImport;
        var decisions = await db.ImportDecisions.AsNoTracking().Where(d => d.Import == id).ToListAsync(cancellationToken);
        var knownAs = await db.Plans.AsNoTracking().Where(p => p.SourceSha256 == import.Sha256).Select(p => (PlanId?)p.Id).FirstOrDefaultAsync(cancellationToken);
        var draft = import.Extracted is { } json ? await DraftAsync(ImportDraft.Read(json), decisions, parties, access.Today, cancellationToken) : null;
        var refusal = import.Refusal?.Split('\n');
        return new ImportView(
            import.Id, import.FileName, import.Sha256, import.Bytes, import.UploadedAt, import.UploadedByName, StateOf(import),
            import.ReadAt - import.ReadStartedAt, refusal is null ? null : new Refusal(refusal[0], RefusalKind.Invalid, [.. refusal[1..]]), draft, import.Plan, knownAs,
            decisions.Count(d => d.UndoneAt is null), decisions.Any(d => d.UndoneAt is null), import.Version);
    }

    /// <summary>The last fifty imports, newest first.</summary>
    public async Task<Result<IReadOnlyList<ImportLine>>> ListAsync(CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var imports = await db.PlanImports.AsNoTracking().OrderByDescending(i => i.UploadedAt).Take(50)
            .Select(i => new PlanImport
            {
                Id = i.Id,
                FileName = i.FileName,
                Sha256 = i.Sha256,
                Bytes = i.Bytes,
                UploadedAt = i.UploadedAt,
                UploadedBy = i.UploadedBy,
                UploadedByName = i.UploadedByName,
                ReadStartedAt = i.ReadStartedAt,
                ReadAt = i.ReadAt,
                Refusal = i.Refusal,
                ConfirmedAt = i.ConfirmedAt,
                Plan = i.Plan,
                DiscardedAt = i.DiscardedAt,
            }).ToListAsync(cancellationToken);
        return imports.Select(i => new ImportLine(i.Id, i.FileName, i.UploadedAt, i.UploadedByName, StateOf(i), i.Plan)).ToList();
    }

    internal static async Task<ImportDraft> DraftAsync(ExtractedPlan plan, IReadOnlyList<ImportDecision> decisions, ImportParties parties, DateOnly today, CancellationToken cancellationToken)
    {
        // Names mean what they meant on the day of the document; without a day, what they mean today.
        var asOf = ImportDraft.IssuedOn(plan, decisions) ?? today;
        return ImportDraft.Of(plan, decisions, await parties.FindAsync(ImportDraft.Names(plan, decisions), asOf, cancellationToken));
    }

    private static ImportState StateOf(PlanImport import) => import switch
    {
        { ConfirmedAt: not null } => ImportState.Confirmed,
        { DiscardedAt: not null } => ImportState.Discarded,
        { Refusal: not null } => ImportState.Refused,
        { ReadAt: not null } => ImportState.Ready,
        { ReadStartedAt: not null } => ImportState.Reading,
        _ => ImportState.Waiting,
    };
}
