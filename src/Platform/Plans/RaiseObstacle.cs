using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Plans.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>A unit says what stands in its way, to whom, and gets a date by which it is answered.</summary>
public sealed class RaiseObstacle(IDbContextFactory<PlatformDb> databases, PlansAccess access, TaskIndex index, TimeProvider clock)
{
    public sealed record Request
    {
        public AssignmentId Assignment { get; set; }
        public ObstacleKind Kind { get; set; } = ObstacleKind.Other;
        public ObstacleLevel Level { get; set; } = ObstacleLevel.StandingBody;
        public OrgUnitId? ToUnit { get; set; }
        [StringLength(4_000)] public string Text { get; set; } = "";
    }

    public sealed record Receipt(ObstacleId Obstacle, int Number, DateOnly AnswerDue);

    public async Task<Result<Receipt>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrWhiteSpace(request.Text)) return PlansRefusals.TextMissing(nameof(request.Text));
        if (request.Text.Length > 4_000) return PlansRefusals.TextTooLong(nameof(request.Text), 4_000);
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.Db.Assignments.AsNoTracking().FirstOrDefaultAsync(a => a.Id == request.Assignment, cancellationToken) is not { Unit: { } unit } found) return PlansRefusals.UnknownPart;
        if (await access.DenyAsync(Permission.RaiseObstacle, unit, cancellationToken) is { } denied) return denied;
        var task = (await work.FindTaskAsync(found.Task, cancellationToken))!;
        if (!task.IsIssued || task.CancelledOn is not null || found.EndedOn is not null) return PlansRefusals.TaskOver;
        var obstacle = new Obstacle
        {
            Id = StrongId.New<ObstacleId>(clock),
            Task = task.Id,
            Number = work.NextObstacleNumber(),
            Kind = request.Kind,
            Level = request.Level,
            Text = request.Text.Trim(),
            RaisedAt = work.Now,
            RaisedBy = access.User.Id,
            RaisedByUnit = unit,
            ToUnit = request.ToUnit,
            AnswerDue = WorkCalendar.Vietnam.AddWorkingDays(work.Today, (await index.ParametersAsync(cancellationToken)).ObstacleAnswerWorkingDays),
        };
        work.Db.Obstacles.Add(obstacle);
        work.Happened(task, null, TaskEventKind.ObstacleRaised, day: obstacle.AnswerDue, subject: obstacle.Id.Value, text: obstacle.Text);
        work.Audit("plans.obstacle.raised", "task", task.Id, after: new { obstacle.Number, obstacle.Kind, obstacle.Level }, note: access.Delegation(Permission.RaiseObstacle));
        work.Publish(new TaskMoved(task.Id, "obstacle-raised"));
        await work.CommitAsync(cancellationToken);
        return new Receipt(obstacle.Id, obstacle.Number, obstacle.AnswerDue);
    }
}

/// <summary>Whoever it was addressed to answers; with <see cref="Request.Close"/> it no longer stands in the way. Without, it climbs a level.</summary>
public sealed class AnswerObstacle(IDbContextFactory<PlatformDb> databases, PlansAccess access, TimeProvider clock)
{
    public sealed record Request
    {
        public ObstacleId Obstacle { get; set; }
        [StringLength(4_000)] public string Answer { get; set; } = "";
        public bool Close { get; set; } = true;
        public int? Version { get; set; }
    }

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrWhiteSpace(request.Answer)) return PlansRefusals.TextMissing(nameof(request.Answer));
        if (request.Answer.Length > 4_000) return PlansRefusals.TextTooLong(nameof(request.Answer), 4_000);
        await using var work = await PlansWork.BeginAsync(databases, access.User, clock, cancellationToken);
        if (await work.Db.Obstacles.FirstOrDefaultAsync(o => o.Id == request.Obstacle, cancellationToken) is not { } obstacle) return PlansRefusals.UnknownObstacle;

        // The unit asked may answer for itself; anybody else needs the right over the province.
        var isAsked = obstacle.ToUnit is { } to && to == access.User.Unit && access.User.IsSignedIn;
        if (!isAsked && access.Deny(Permission.AnswerObstacle) is { } denied) return denied;
        if (obstacle.ClosedAt is not null) return PlansRefusals.ObstacleClosed;
        if (request.Version is { } seen && seen != obstacle.Version) return PlansRefusals.Stale(seen, obstacle.Version, request.Answer, obstacle.Answer ?? "");
        var task = (await work.FindTaskAsync(obstacle.Task, cancellationToken))!;
        (obstacle.Answer, obstacle.AnsweredAt, obstacle.AnsweredBy) = (request.Answer.Trim(), work.Now, access.User.Id);
        work.Happened(task, null, TaskEventKind.ObstacleAnswered, subject: obstacle.Id.Value, text: obstacle.Answer);
        if (request.Close)
        {
            obstacle.ClosedAt = work.Now;
            work.Happened(task, null, TaskEventKind.ObstacleClosed, subject: obstacle.Id.Value);
        }
        else if (obstacle.Level < ObstacleLevel.ProvinceLeader)
        {
            obstacle.Level++;
            obstacle.AnsweredAt = null;
        }

        work.Audit("plans.obstacle.answered", "task", task.Id, after: new { obstacle.Number, request.Close, obstacle.Level }, note: access.Delegation(Permission.AnswerObstacle));
        work.Publish(new TaskMoved(task.Id, "obstacle-answered"));
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }
}

/// <summary>Open and closed obstacles of the viewer's scope.</summary>
public sealed class FindObstacles(IDbContextFactory<PlatformDb> databases, PlansAccess access, TaskQuery query, FindTask names)
{
    /// <summary>A page of a meeting's agenda.</summary>
    public const int ListMax = 200;

    public async Task<Result<IReadOnlyList<ObstacleLine>>> HandleAsync(bool openOnly, CancellationToken cancellationToken)
    {
        var scope = await access.ScopeAsync(Permission.ViewTasks, cancellationToken);
        if (!scope.All && scope.Units.Count == 0) return PlansRefusals.NotAllowed(nameof(Permission.ViewTasks));
        var visible = scope.All ? null : (await query.ListAsync(TaskFilter.All, scope, TaskSort.Document, false, cancellationToken)).Select(r => r.Id).ToHashSet();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.Obstacles.AsNoTracking().Where(o => !openOnly || o.ClosedAt == null).OrderBy(o => o.ClosedAt != null).ThenBy(o => o.AnswerDue).Take(1000).ToListAsync(cancellationToken);
        var shown = found.Where(o => visible is null || visible.Contains(o.Task)).Take(ListMax).ToList();
        var unitNames = await names.NamesAsync([.. shown.Select(o => (OrgUnitId?)o.RaisedByUnit), .. shown.Select(o => o.ToUnit)], cancellationToken);
        return shown.Select(o => new ObstacleLine(
            o.Id, o.Number, o.Task, o.Kind, o.Level, o.Text, o.RaisedAt, unitNames.GetValueOrDefault(o.RaisedByUnit, ""), o.ToUnit, o.ToUnit is { } to ? unitNames.GetValueOrDefault(to) : null, o.AnswerDue, o.Answer,
            o.AnsweredAt, o.ClosedAt, o.Version)).ToList();
    }
}
