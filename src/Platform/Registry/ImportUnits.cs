using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Registry.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>
/// A province loads its units from CSV or XLSX. The dry run lists every problem by row and stores nothing but the file; confirming reads the
/// same file again and is one transaction: all rows or none. The same file twice adds nothing.
/// </summary>
public sealed class ImportUnits(IDbContextFactory<PlatformDb> databases, RegistryCache cache, BlobStore blobs, ICurrentUser user, TimeProvider clock)
{
    /// <param name="File">The file's SHA-256, by which it is confirmed.</param>
    /// <param name="Rows">What would be new, for the person to look through.</param>
    public sealed record Preview(string File, string FileName, IReadOnlyList<UnitRow> Rows, int Unchanged, IReadOnlyList<UnitRowProblem> Problems);

    public sealed record Receipt(int Added, int Unchanged);

    public async Task<Result<Preview>> PreviewAsync(Stream content, string fileName, CancellationToken cancellationToken)
    {
        if (!user.Current.May(Permission.ImportRegistry)) return RegistryRefusals.NotAllowed();
        if (await blobs.PutAsync(content, cancellationToken, UnitFile.BytesMax) is not { } blob) return RegistryRefusals.FileTooLarge(UnitFile.BytesMax / 1024 / 1024);
        return await ReadAsync(blob.Sha256, fileName, await cache.SnapshotAsync(cancellationToken));
    }

    public async Task<Result<Receipt>> ConfirmAsync(string file, string fileName, CancellationToken cancellationToken)
    {
        var by = user.Current;
        if (!by.May(Permission.ImportRegistry)) return RegistryRefusals.NotAllowed();
        if (file is not { Length: 64 } || !file.All(char.IsAsciiHexDigitLower) || !File.Exists(blobs.PathOf(file))) return RegistryRefusals.UnknownFile();

        // Read again, against the registry as it is now: between dry run and confirmation somebody may have added a unit.
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var registry = await RegistrySnapshot.LoadAsync(db, cancellationToken);
        if (!(await ReadAsync(file, fileName, registry)).IsGranted(out var preview, out var refusal)) return refusal;
        if (preview.Problems.Count > 0) return RegistryRefusals.FileHasProblems(preview.Problems.Count);
        if (preview.Rows.Count == 0) return new Receipt(0, preview.Unchanged);

        var units = UnitWriter.Add(db, registry, preview.Rows, clock);
        db.Record(by, clock, "registry.import.confirmed", "file", file, after: new { fileName, added = units.Count, preview.Unchanged });
        db.Publish(new UnitsReorganised("imported", [], [], units.Min(u => u.ValidFrom), fileName), clock);
        try
        {
            await RegistryWrites.SaveAsync(db, cache, cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // The same rows were confirmed elsewhere a moment ago: the unique code decided, and nothing of ours was kept.
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            var codes = preview.Rows.Take(1).Select(r => r.Code).ToList();
            if (await again.OrgUnits.AnyAsync(u => codes.Contains(u.Code), cancellationToken)) return RegistryRefusals.CodeTaken(codes[0]);
            throw;
        }

        return new Receipt(units.Count, preview.Unchanged);
    }

    private Task<Result<Preview>> ReadAsync(string file, string fileName, RegistrySnapshot registry)
    {
        using var content = blobs.Open(file);
        if (!UnitFile.Read(content).IsGranted(out var read, out var refusal)) return Task.FromResult<Result<Preview>>(refusal);
        if (!UnitRows.Check(read, registry).IsGranted(out var reading, out refusal)) return Task.FromResult<Result<Preview>>(refusal);
        return Task.FromResult<Result<Preview>>(new Preview(file, fileName, reading.New, reading.Unchanged, reading.Problems));
    }
}
