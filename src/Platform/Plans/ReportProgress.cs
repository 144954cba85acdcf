using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Plans;

/// <summary>
/// A unit says what it did: value, narrative, and at least one piece of evidence (R-N57-01); or "không phát sinh" in one click. A draft may be
/// saved field by field; once submitted it is never changed.
/// </summary>
public sealed class ReportProgress(IDbContextFactory<PlatformDb> databases, PlansAccess access, BlobStore blobs, TimeProvider clock, ILogger<ReportProgress> log)
{
    /// <summary>What a reviewer can open one by one in a sitting.</summary>
    public const int EvidenceMax = 20;

    public sealed record EvidenceItem
    {
        public EvidenceKind Kind { get; set; }
        [StringLength(300)] public string Title { get; set; } = "";

        /// <summary>Document number, https address, or reference of the figure.</summary>
        [StringLength(500)] public string? Reference { get; set; }
        [StringLength(200)] public string? Issuer { get; set; }
        public DateOnly? Dated { get; set; }

        /// <summary>SHA-256 of a file already put into the store by <see cref="AttachAsync"/>.</summary>
        public string? Sha256 { get; set; }
        [StringLength(200)] public string? FileName { get; set; }
        public string? ContentType { get; set; }
    }

    public sealed record TargetReport
    {
        public Guid Target { get; set; }
        public decimal Value { get; set; }
    }

    public sealed record Request
    {
        public AssignmentId Assignment { get; set; }

        /// <summary>The draft being saved or submitted; empty for a new one.</summary>
        public ReportId? Report { get; set; }

        /// <summary>The version of the draft that the person saw.</summary>
        public int? Version { get; set; }
        [StringLength(20)] public string? Period { get; set; }
        [Range(0, 100)] public decimal? Percent { get; set; }
        [StringLength(10_000)] public string Narrative { get; set; } = "";
        public bool IsNil { get; set; }
        public bool Submit { get; set; }
        public IReadOnlyList<EvidenceItem> Evidence { get; set; } = [];

        /// <summary>Pieces of the draft that do not belong to it after all.</summary>
        public IReadOnlyList<EvidenceId> Withdrawn { get; set; } = [];
        public IReadOnlyList<TargetReport> Targets { get; set; } = [];
    }

    public sealed record Receipt(ReportId Report, int Number, int Version, bool IsSubmitted);

    /// <summary>A place where tests pull the plug: called inside the transaction, before the commit.</summary>
    internal Action? BeforeCommit { get; set; }

    /// <summary>Puts a file into the store first, so that the form can go on without it; it counts only when a report names its SHA-256.</summary>
    public async Task<Result<Blob>> AttachAsync(Stream content, string fileName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!access.User.May(Permission.ReportProgress)) return PlansRefusals.NotAllowed(nameof(Permission.ReportProgress));
        if (UploadPlanFile.SecrecyMark(fileName ?? "") is { } mark) return PlansRefusals.Secret(mark);
        if (await blobs.PutAsync(content, cancellationToken) is not { } blob) return PlansRefusals.FileTooLarge(BlobStore.BytesMax);
        return blob.Bytes == 0 ? PlansRefusals.FileEmpty : blob;
    }

    public async Task<Result<Receipt>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Narrative.Length > 10_000) return PlansRefusals.TextTooLong(nameof(request.Narrative), 10_000);
        if (request.Percent is < 0 or > 100) return PlansRefusals.PercentInvalid;

        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var db = work.Db;
        if (await db.Assignments.AsNoTracking().FirstOrDefaultAsync(a => a.Id == request.Assignment, cancellationToken) is not { } found) return PlansRefusals.UnknownPart;
        if (found.Unit is not { } unit) return PlansRefusals.UnknownPart;
        if (await access.DenyAsync(Permission.ReportProgress, unit, cancellationToken) is { } denied) return denied;
        var task = (await work.FindTaskAsync(found.Task, cancellationToken))!;
        var part = (await work.PartsAsync(task, cancellationToken)).Single(p => p.Id == found.Id);
        if (!task.IsIssued || task.CancelledOn is not null || part.EndedOn is not null) return PlansRefusals.TaskOver;

        ProgressReport report;
        if (request.Report is { } id)
        {
            if (await db.ProgressReports.FirstOrDefaultAsync(r => r.Id == id && r.Assignment == part.Id, cancellationToken) is not { } draft) return PlansRefusals.UnknownReport;
            if (draft.SubmittedAt is not null) return PlansRefusals.ReportSubmitted;
            if (request.Version is { } seen && seen != draft.Version) return PlansRefusals.Stale(seen, draft.Version, request.Narrative, draft.Narrative);
            report = draft;
        }
        else
        {
            var number = await db.ProgressReports.Where(r => r.Assignment == part.Id).MaxAsync(r => (int?)r.Number, cancellationToken) ?? 0;
            report = new ProgressReport
            {
                Id = StrongId.New<ReportId>(clock),
                Task = task.Id,
                Assignment = part.Id,
                Number = number + 1,
                Author = access.User.Id,
                AuthorName = access.User.Name,
                Unit = unit,
                CreatedAt = work.Now,
            };
            db.ProgressReports.Add(report);
        }

        (report.Period, report.Percent, report.Narrative, report.IsNil) = (request.Period, request.Percent, request.Narrative.Trim(), request.IsNil);
        var kept = Evidence.Standing(await db.Evidence.AsNoTracking().Where(e => e.Report == report.Id).ToListAsync(cancellationToken));
        foreach (var item in request.Withdrawn.Distinct())
        {
            if (kept.Find(e => e.Item == item) is not { } piece) return PlansRefusals.UnknownEvidence;
            Withdraw(piece, work);
            kept.Remove(piece);
        }

        if (kept.Count + request.Evidence.Count > EvidenceMax) return PlansRefusals.EvidenceTooMany(EvidenceMax);
        foreach (var item in request.Evidence)
        {
            if (EvidenceOf(item, report, task, null, work) is { } refused && refused.Refusal is { } refusal) return refusal;
        }

        if (request.Submit && await SubmitAsync(work, task, part, report, request, kept.Count + request.Evidence.Count, cancellationToken) is { } no) return no;
        work.Audit(request.Submit ? "plans.report.submitted" : "plans.report.saved", "report", report.Id, after: new { report.Number, report.Percent, report.IsNil, evidence = request.Evidence.Count, withdrawn = request.Withdrawn.Count }, note: access.Delegation(Permission.ReportProgress));
        BeforeCommit?.Invoke();
        await work.CommitAsync(cancellationToken);
        log.ReportMoved(report.Id, task.Id, request.Submit ? "submitted" : "saved");
        return new Receipt(report.Id, report.Number, report.Version, request.Submit);
    }

    private async Task<Refusal?> SubmitAsync(PlansWork work, GovernanceTask task, Assignment part, ProgressReport report, Request request, int evidence, CancellationToken cancellationToken)
    {
        var db = work.Db;
        if (report.IsNil)
        {
            // Nothing happened in the period: that is an answer of its own and asks nobody for a review.
            report.Percent = null;
            report.SubmittedAt = work.Now;
            work.Happened(task, part, TaskEventKind.NilReported, subject: report.Id.Value, text: report.Narrative.Length > 0 ? report.Narrative : null);
            work.Publish(new TaskMoved(task.Id, "nil"));
            return null;
        }

        if (report.Narrative.Length == 0) return PlansRefusals.TextMissing(nameof(request.Narrative));
        if (report.Percent is null) return PlansRefusals.PercentInvalid;
        if (evidence == 0) return PlansRefusals.EvidenceMissing;

        if (request.Targets.Count > 0)
        {
            var targets = await db.TaskTargets.AsNoTracking().Where(t => t.Task == task.Id).Select(t => t.Id).ToListAsync(cancellationToken);
            foreach (var value in request.Targets.Where(v => targets.Contains(v.Target)))
            {
                db.TargetValues.Add(new TargetValue
                {
                    Id = Guid.CreateVersion7(work.Now),
                    Task = task.Id,
                    Target = value.Target,
                    On = work.Today,
                    Value = value.Value,
                    Source = SourceKind.Declared,
                    Report = report.Id,
                    At = work.Now,
                    By = access.User.Id,
                });
            }
        }

        report.SubmittedAt = work.Now;
        work.Happened(task, part, TaskEventKind.Reported, percent: report.Percent, subject: report.Id.Value, text: report.Narrative);
        work.Publish(new ReportSubmitted(task.Id, report.Id, report.Unit));
        return null;
    }

    /// <summary>Checks one piece and adds it; the refusal if it is not evidence.</summary>
    private Result<Evidence> EvidenceOf(EvidenceItem item, ProgressReport report, GovernanceTask task, Evidence? replaces, PlansWork work)
    {
        var title = VietnameseText.Clean(item.Title);
        var reference = VietnameseText.Clean(item.Reference);
        if (title.Length == 0) title = item.FileName ?? reference;
        if (title.Length == 0) return PlansRefusals.TextMissing(nameof(item.Title));
        long? bytes = null;
        switch (item.Kind)
        {
            case EvidenceKind.File or EvidenceKind.LogExtract when item.Sha256 is { Length: 64 } sha && sha.All(char.IsAsciiHexDigitLower) && File.Exists(blobs.PathOf(sha)):
                bytes = new FileInfo(blobs.PathOf(sha)).Length;
                break;
            case EvidenceKind.File or EvidenceKind.LogExtract or EvidenceKind.Withdrawn:
                return PlansRefusals.UnknownEvidence;
            case EvidenceKind.Link when !Uri.TryCreate(reference, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"):
                return PlansRefusals.LinkInvalid(reference);
            case EvidenceKind.DocumentNumber or EvidenceKind.Figure when reference.Length == 0:
                return PlansRefusals.TextMissing(nameof(item.Reference));
        }

        var id = StrongId.New<EvidenceId>(clock);
        var evidence = new Evidence
        {
            Id = id,
            Report = report.Id,
            Task = task.Id,
            Item = replaces?.Item ?? id,
            VersionNumber = (replaces?.VersionNumber ?? 0) + 1,
            Kind = item.Kind,
            Title = title,
            Reference = reference.Length > 0 ? reference : null,
            Issuer = item.Issuer,
            Dated = item.Dated,
            Sha256 = bytes is null ? null : item.Sha256,
            Bytes = bytes,
            FileName = item.FileName is { } name ? Path.GetFileName(name) : null,
            ContentType = item.ContentType,
            AddedAt = work.Now,
            AddedBy = access.User.Id,
        };
        work.Db.Evidence.Add(evidence);
        return evidence;
    }

    /// <summary>The piece stays where it is; a version after it says that it was taken back.</summary>
    private void Withdraw(Evidence piece, PlansWork work)
    {
        work.Db.Evidence.Add(new Evidence
        {
            Id = StrongId.New<EvidenceId>(clock),
            Report = piece.Report,
            Task = piece.Task,
            Item = piece.Item,
            VersionNumber = piece.VersionNumber + 1,
            Kind = EvidenceKind.Withdrawn,
            Title = piece.Title,
            AddedAt = work.Now,
            AddedBy = access.User.Id,
        });
        work.Audit("plans.evidence.withdrawn", "evidence", piece.Item, before: new { piece.VersionNumber, piece.Kind, piece.Sha256, piece.Reference });
    }

    /// <summary>A better file for the same piece: a new version with its own SHA-256; the old one stays and stays visible.</summary>
    public async Task<Result<EvidenceId>> ReplaceEvidenceAsync(EvidenceId id, EvidenceItem item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var db = work.Db;
        if (await db.Evidence.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, cancellationToken) is not { } named) return PlansRefusals.UnknownEvidence;
        var latest = await db.Evidence.AsNoTracking().Where(e => e.Item == named.Item).OrderByDescending(e => e.VersionNumber).FirstAsync(cancellationToken);
        if (latest.Kind is EvidenceKind.Withdrawn) return PlansRefusals.UnknownEvidence;
        var report = await db.ProgressReports.AsNoTracking().SingleAsync(r => r.Id == latest.Report, cancellationToken);
        if (await access.DenyAsync(Permission.ReportProgress, report.Unit, cancellationToken) is { } denied) return denied;
        if (report.DecidedAt is not null && report.Decision is ReviewDecision.Accept or ReviewDecision.AcceptMeasured) return PlansRefusals.ReportNotPending;
        var task = (await work.FindTaskAsync(report.Task, cancellationToken))!;
        var part = (await work.PartsAsync(task, cancellationToken)).Single(p => p.Id == report.Assignment);
        var added = EvidenceOf(item, report, task, latest, work);
        if (!added.IsGranted(out var evidence, out var refusal)) return refusal;
        work.Happened(task, part, TaskEventKind.EvidenceReplaced, subject: evidence.Id.Value, text: evidence.Title, document: evidence.Sha256 ?? evidence.Reference);
        work.Audit("plans.evidence.replaced", "evidence", evidence.Item, before: new { latest.VersionNumber, latest.Sha256, latest.Reference }, after: new { evidence.VersionNumber, evidence.Sha256, evidence.Reference });
        await work.CommitAsync(cancellationToken);
        return evidence.Id;
    }
}
