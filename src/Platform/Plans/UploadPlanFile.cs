using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Plans;

/// <summary>An officer drops in the file of a plan: it is kept as received and queued for reading. The same file again is the same import.</summary>
public sealed partial class UploadPlanFile(IDbContextFactory<PlatformDb> databases, BlobStore blobs, PlansAccess access, TimeProvider clock, JobLoop jobs, ILogger<UploadPlanFile> log)
{
    /// <param name="Plan">The plan this very file already became, if it did.</param>
    public sealed record Receipt(ImportId Import, string Sha256, PlanId? Plan, bool IsKnown);

    public async Task<Result<Receipt>> HandleAsync(Stream content, string fileName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (access.Deny(Permission.ImportPlan) is { } denied) return denied;
        var name = VietnameseText.Clean(Path.GetFileName(fileName ?? ""));
        if (name.Length == 0) name = "tep";
        if (name.Length > 200) name = name[^200..];
        if (SecrecyMark(name) is { } mark) return PlansRefusals.Secret(mark);

        if (await blobs.PutAsync(content, cancellationToken) is not { } blob) return PlansRefusals.FileTooLarge(BlobStore.BytesMax);
        if (blob.Bytes == 0) return PlansRefusals.FileEmpty;

        ImportId id;
        await using (var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken))
        {
            var known = await work.Db.PlanImports.AsNoTracking().Where(i => i.Sha256 == blob.Sha256 && i.DiscardedAt == null && i.Refusal == null)
                .OrderBy(i => i.UploadedAt).Select(i => new { i.Id, i.Plan }).FirstOrDefaultAsync(cancellationToken);
            if (known is not null) return new Receipt(known.Id, blob.Sha256, known.Plan, IsKnown: true);
            if (await work.Db.Plans.AsNoTracking().Where(p => p.SourceSha256 == blob.Sha256).Select(p => (PlanId?)p.Id).FirstOrDefaultAsync(cancellationToken) is { } plan)
            {
                return new Receipt(default, blob.Sha256, plan, IsKnown: true);
            }

            id = StrongId.New<ImportId>(clock);
            work.Db.PlanImports.Add(new PlanImport
            {
                Id = id,
                FileName = name,
                Sha256 = blob.Sha256,
                Bytes = blob.Bytes,
                UploadedAt = work.Now,
                UploadedBy = access.User.Id,
                UploadedByName = access.User.Name,
            });
            work.Db.Enqueue(ReadPlanFile.JobKind, new ReadPlanFile.Order(id), clock, key: ReadPlanFile.JobKind + ":" + id);
            work.Audit("plans.import.uploaded", "import", id, after: new { name, blob.Sha256, blob.Bytes });
            await work.CommitAsync(cancellationToken);
        }

        jobs.Wake();
        log.PlanFileReceived(id, blob.Sha256, blob.Bytes);
        return new Receipt(id, blob.Sha256, null, IsKnown: false);
    }

    /// <summary>"MẬT", "TỐI MẬT", "TUYỆT MẬT" as a word of its own in capitals: the name of the file says it holds a state secret.</summary>
    internal static string? SecrecyMark(string text) => Mark().Match(text) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(@"(?<![\p{L}\p{Nd}])(TUYỆT MẬT|TỐI MẬT|MẬT)(?![\p{L}\p{Nd}])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Mark();
}
