using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>
/// A value that was measured, by a system or on the spot, beside what the unit declares (R-N57-06, R-TSK-10). Values are added with their
/// day and where they come from; none is overwritten.
/// </summary>
public sealed class RecordMeasuredValue(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record Request
    {
        public TaskId Task { get; set; }

        /// <summary>Empty: the progress of the whole task, in percent.</summary>
        public Guid? Target { get; set; }
        public DateOnly On { get; set; }
        public decimal Value { get; set; }
        public SourceKind Source { get; set; } = SourceKind.Measured;
        [StringLength(1_000)] public string Provenance { get; set; } = "";
    }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.ReviewProgress) is { } denied) return denied;
        if (string.IsNullOrWhiteSpace(request.Provenance)) return PlansRefusals.TextMissing(nameof(request.Provenance));
        if (request.Target is null && request.Value is < 0 or > 100) return PlansRefusals.PercentInvalid;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.FindTaskAsync(request.Task, cancellationToken) is not { IsIssued: true } task) return PlansRefusals.UnknownTask;
        var targets = await work.Db.TaskTargets.AsNoTracking().Where(t => t.Task == task.Id).ToListAsync(cancellationToken);
        if (request.Target is { } id && targets.All(t => t.Id != id)) return PlansRefusals.UnknownTask;
        work.Db.TargetValues.Add(new TargetValue
        {
            Id = Guid.CreateVersion7(work.Now),
            Task = task.Id,
            Target = request.Target,
            On = request.On,
            Value = request.Value,
            Source = request.Source,
            Provenance = request.Provenance.Trim(),
            At = work.Now,
            By = access.User.Id,
        });

        // A task with one number to reach is measured by it; several numbers have no honest common percentage and stay apart.
        var percent = request.Target is null ? request.Value
            : targets is [{ Comparator: Import.TargetComparator.AtLeast or Import.TargetComparator.Equal, Value: > 0 } only] ? Math.Min(100, Math.Round(100 * request.Value / only.Value, 2)) : (decimal?)null;
        work.Happened(task, null, TaskEventKind.Measured, day: request.On, percent: percent ?? task.PercentMeasured, subject: request.Target, text: request.Provenance.Trim());
        work.Audit("plans.task.measured", "task", task.Id, before: new { task.PercentMeasured }, after: new { request.Target, request.On, request.Value, request.Source });
        work.Publish(new TaskMoved(task.Id, "measured"));
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }
}

/// <summary>Nhắc, đôn đốc, phê bình: what was sent about a task, kept on its timeline.</summary>
public sealed class SendFollowUp(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record Request
    {
        public TaskId Task { get; set; }
        public OrgUnitId? Unit { get; set; }
        public FollowUpLevel Level { get; set; }
        [StringLength(100)] public string Channel { get; set; } = "văn bản";
        [StringLength(4_000)] public string Text { get; set; } = "";
        [StringLength(100)] public string? Document { get; set; }
    }

    public async Task<Result<Guid>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.SendFollowUp) is { } denied) return denied;
        if (string.IsNullOrWhiteSpace(request.Text)) return PlansRefusals.TextMissing(nameof(request.Text));
        if (request.Level is not FollowUpLevel.Remind && string.IsNullOrWhiteSpace(request.Document)) return PlansRefusals.DocumentMissing;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.FindTaskAsync(request.Task, cancellationToken) is not { IsIssued: true } task) return PlansRefusals.UnknownTask;
        var sent = new FollowUp
        {
            Id = Guid.CreateVersion7(work.Now),
            Task = task.Id,
            Unit = request.Unit,
            Level = request.Level,
            Channel = request.Channel,
            Text = request.Text.Trim(),
            Document = request.Document,
            SentAt = work.Now,
            SentBy = access.User.Id,
        };
        work.Db.FollowUps.Add(sent);
        work.Happened(task, null, TaskEventKind.FollowedUp, subject: sent.Id, text: request.Level + ": " + sent.Text, document: request.Document);
        work.Audit("plans.task.followed-up", "task", task.Id, after: new { request.Level, request.Unit, request.Document });
        await work.CommitAsync(cancellationToken);
        return sent.Id;
    }
}

/// <summary>Kiểm tra thực địa (R-TSK-11): what was found where, with a deadline of its own; a finding may become a task.</summary>
public sealed class RecordFieldCheck(IDbContextFactory<PlatformDb> databases, PlansAccess access, BlobStore blobs, TimeProvider clock)
{
    /// <summary>A photograph of a phone is three to eight megabytes.</summary>
    public const long PhotoBytesMax = 15L * 1024 * 1024;

    public sealed record Request
    {
        public TaskId Task { get; set; }
        public OrgUnitId? Unit { get; set; }
        [StringLength(300)] public string Place { get; set; } = "";
        public DateOnly On { get; set; }

        /// <summary>One "item|1" or "item|0" a line.</summary>
        [StringLength(8_000)] public string? Checklist { get; set; }
        [StringLength(8_000)] public string Finding { get; set; } = "";
        public DateOnly? FindingDue { get; set; }
        public string? PhotoSha256 { get; set; }
        public decimal? MeasuredPercent { get; set; }
    }

    public async Task<Result<Guid>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.ReviewProgress) is { } denied) return denied;
        if (string.IsNullOrWhiteSpace(request.Place)) return PlansRefusals.TextMissing(nameof(request.Place));
        if (string.IsNullOrWhiteSpace(request.Finding)) return PlansRefusals.TextMissing(nameof(request.Finding));
        if (request.MeasuredPercent is < 0 or > 100) return PlansRefusals.PercentInvalid;
        if (request.On > access.Today) return PlansRefusals.EventInFuture(request.On);
        if (request.PhotoSha256 is { } photo && !await IsPhotoAsync(photo, cancellationToken)) return PlansRefusals.NotAPhoto;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.FindTaskAsync(request.Task, cancellationToken) is not { IsIssued: true } task) return PlansRefusals.UnknownTask;
        var check = new FieldCheck
        {
            Id = Guid.CreateVersion7(work.Now),
            Task = task.Id,
            Unit = request.Unit,
            Place = request.Place.Trim(),
            On = request.On,
            Checklist = request.Checklist,
            Finding = request.Finding.Trim(),
            FindingDue = request.FindingDue,
            PhotoSha256 = request.PhotoSha256,
            MeasuredPercent = request.MeasuredPercent,
            At = work.Now,
            By = access.User.Id,
        };
        work.Db.FieldChecks.Add(check);
        work.Happened(task, null, TaskEventKind.FieldChecked, day: request.FindingDue, subject: check.Id, text: check.Place + ": " + check.Finding);
        if (request.MeasuredPercent is { } percent) work.Happened(task, null, TaskEventKind.Measured, day: request.On, percent: percent, subject: check.Id, text: check.Place);
        work.Audit("plans.task.field-checked", "task", task.Id, after: new { check.Place, check.On, check.MeasuredPercent, check.PhotoSha256 });
        await work.CommitAsync(cancellationToken);
        return check.Id;
    }

    /// <summary>Puts a photograph into the store; it counts only when a check names its SHA-256.</summary>
    public async Task<Result<string>> AttachPhotoAsync(Stream content, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ReviewProgress) is { } denied) return denied;
        if (await blobs.PutAsync(content, cancellationToken, PhotoBytesMax) is not { } blob) return PlansRefusals.FileTooLarge(PhotoBytesMax);
        return await IsPhotoAsync(blob.Sha256, cancellationToken) ? blob.Sha256 : PlansRefusals.NotAPhoto;
    }

    /// <summary>JPEG, PNG or WebP by its first bytes: the name of a file proves nothing, and no other file may be read back through a check.</summary>
    private async Task<bool> IsPhotoAsync(string sha256, CancellationToken cancellationToken)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower) || !File.Exists(blobs.PathOf(sha256))) return false;
        var head = new byte[12];
        await using var file = blobs.Open(sha256);
        if (await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) < head.Length) return false;
        return head is [0xFF, 0xD8, 0xFF, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G', ..]
            or [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P'];
    }
}

/// <param name="Confirmed">Null: not checked yet.</param>
public sealed record SampleLine(TaskId Task, string Content, string LeadName, bool? Confirmed, decimal? MeasuredPercent, string? Finding, DateTimeOffset? CheckedAt);

/// <summary>
/// Five of a hundred done tasks are checked again by another unit (monitoring §9.5). The draw follows from period and seed alone, so that nobody
/// chooses and anybody can repeat it.
/// </summary>
public sealed class DrawSample(IDbContextFactory<PlatformDb> databases, PlansAccess access, TaskQuery query, TimeProvider clock)
{
    public async Task<Result<IReadOnlyList<TaskId>>> HandleAsync(string periodText, int seed, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ReviewProgress) is { } denied) return denied;
        if (!ReportingPeriod.TryParse(periodText, out var period)) return PlansRefusals.PeriodInvalid(periodText);
        var done = await query.ListAsync(TaskFilter.All.With(TaskOverlay.Done) with { DoneFrom = period.From, DoneTo = period.To }, TaskScope.Everything, TaskSort.Document, false, cancellationToken);
        var count = (int)Math.Ceiling(done.Count * query.Index.Parameters.SamplingShare);
        var drawn = Draw([.. done.Select(r => r.Id)], period.ToString(), seed, count);
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        var name = period.ToString();
        var before = await work.Db.SamplingChecks.AsNoTracking().Where(s => s.Period == name).Select(s => s.Task).ToListAsync(cancellationToken);
        if (before.Count > 0) return before;
        foreach (var id in drawn)
        {
            work.Db.SamplingChecks.Add(new SamplingCheck { Id = Guid.CreateVersion7(work.Now), Period = name, Seed = seed, Task = id, DrawnAt = work.Now });
            if (await work.FindTaskAsync(id, cancellationToken) is { } task) work.Happened(task, null, TaskEventKind.Sampled, text: name);
        }

        work.Audit("plans.sample.drawn", "period", name, after: new { seed, of = done.Count, drawn = drawn.Count });
        await work.CommitAsync(cancellationToken);
        return drawn.ToList();
    }

    /// <summary>The draw of a closed period: its seed is the head of the digest of what was frozen, which nobody chose.</summary>
    public async Task<Result<IReadOnlyList<TaskId>>> DrawClosedAsync(string periodText, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ReviewProgress) is { } denied) return denied;
        if (!ReportingPeriod.TryParse(periodText, out var period)) return PlansRefusals.PeriodInvalid(periodText);
        var name = period.ToString();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.PeriodCloses.AsNoTracking().Where(p => p.Period == name).Select(p => p.Digest).FirstOrDefaultAsync(cancellationToken) is not { } digest) return PlansRefusals.PeriodNotClosed(name);
        return await HandleAsync(name, int.Parse(digest[..7], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture), cancellationToken);
    }

    /// <summary>What was drawn for a period, with what was found.</summary>
    public async Task<Result<IReadOnlyList<SampleLine>>> ListAsync(string periodText, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ViewBoard) is { } denied) return denied;
        if (!ReportingPeriod.TryParse(periodText, out var period)) return PlansRefusals.PeriodInvalid(periodText);
        var name = period.ToString();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var drawn = await db.SamplingChecks.AsNoTracking().Where(s => s.Period == name).OrderBy(s => s.Id).Take(2_000).ToListAsync(cancellationToken);
        var ids = drawn.Select(s => s.Task).ToList();
        var tasks = await db.Tasks.AsNoTracking().Where(t => ids.Contains(t.Id)).Select(t => new { t.Id, t.Content, t.LeadName }).ToDictionaryAsync(t => t.Id, cancellationToken);
        return drawn.Select(s => new SampleLine(s.Task, tasks.GetValueOrDefault(s.Task)?.Content ?? "", tasks.GetValueOrDefault(s.Task)?.LeadName ?? "", s.Confirmed, s.MeasuredPercent, s.Finding, s.CheckedAt)).ToList();
    }

    /// <summary>The result of one re-check, by a unit that takes no part in the task.</summary>
    public async Task<Result<Done>> RecordAsync(string period, TaskId id, bool confirmed, decimal? measured, string finding, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.ReviewProgress) is { } denied) return denied;
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.Db.SamplingChecks.FirstOrDefaultAsync(s => s.Period == period && s.Task == id, cancellationToken) is not { } sample) return PlansRefusals.UnknownTask;
        if (sample.CheckedAt is not null) return PlansRefusals.ReportNotPending;
        var task = (await work.FindTaskAsync(id, cancellationToken))!;
        if ((await work.PartsAsync(task, cancellationToken)).Any(p => p.Unit == access.User.Unit && p.Role is AssignmentRole.Lead or AssignmentRole.CoLead)) return PlansRefusals.SameUnitReviews;
        (sample.Confirmed, sample.MeasuredPercent, sample.Finding) = (confirmed, measured, finding);
        (sample.CheckedAt, sample.CheckedBy, sample.CheckedByUnit) = (work.Now, access.User.Id, access.User.Unit);
        if (measured is { } percent) work.Happened(task, null, TaskEventKind.Measured, day: work.Today, percent: percent, subject: sample.Id, text: finding);
        work.Audit("plans.sample.checked", "task", id, after: new { confirmed, measured, finding });
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }

    /// <summary>The tasks whose digest with period and seed is smallest: a draw without a generator, the same on every machine.</summary>
    internal static IReadOnlyList<TaskId> Draw(IReadOnlyList<TaskId> tasks, string period, int seed, int count) =>
        [.. tasks.OrderBy(t => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{period}|{seed}|{t}"))), StringComparer.Ordinal).Take(count)];
}
