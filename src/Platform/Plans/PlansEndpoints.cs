using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Plans;

/// <summary>The module's addresses for programs: English, problem+json, each naming the right that opens it.</summary>
public static partial class PlansModule
{
    public static IEndpointRouteBuilder MapPlans(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithTags("Plans");

        var imports = api.MapGroup("/plans/imports").Require(Permission.ImportPlan);
        imports.MapPost("", async (IFormFile file, UploadPlanFile slice, CancellationToken cancellationToken) =>
        {
            await using var content = file.OpenReadStream();
            return Answer(await slice.HandleAsync(content, file.FileName, cancellationToken), r => TypedResults.Accepted($"/api/plans/imports/{r.Import}", r));
        }).WithName("UploadPlanFile");
        imports.MapGet("", async (PreviewPlanImport slice, CancellationToken cancellationToken) => Answer(await slice.ListAsync(cancellationToken))).WithName("ListPlanImports");
        imports.MapGet("/{import}", async (ImportId import, PreviewPlanImport slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(import, cancellationToken))).WithName("PreviewPlanImport");
        imports.MapPost("/{import}/decisions", async (ImportId import, ResolveImportCell.Request request, ResolveImportCell slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Import = import }, cancellationToken))).WithName("ResolveImportCell");
        imports.MapDelete("/{import}/decisions/last", async (ImportId import, ResolveImportCell slice, CancellationToken cancellationToken) => Answer(await slice.UndoAsync(import, cancellationToken))).WithName("UndoImportDecision");
        imports.MapPost("/{import}/confirmation", async (ImportId import, ConfirmPlanImport.Request request, ConfirmPlanImport slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Import = import }, cancellationToken))).WithName("ConfirmPlanImport");
        imports.MapDelete("/{import}", async (ImportId import, DiscardImport slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(import, cancellationToken))).WithName("DiscardImport");

        var plans = api.MapGroup("/plans").Require(Permission.ViewTasks);
        plans.MapGet("", async (FindPlans slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(cancellationToken))).WithName("FindPlans");
        plans.MapPost("", async (CreatePlan.Request request, CreatePlan slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(request, cancellationToken))).Require(Permission.EditPlan).WithName("CreatePlan");
        plans.MapPut("/{plan}/tasks", async (PlanId plan, EditTask.Request request, EditTask slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Plan = plan }, cancellationToken))).Require(Permission.EditPlan).WithName("EditTask");
        plans.MapPost("/{plan}/issue", async (PlanId plan, IssuePlan.Request request, IssuePlan slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Plan = plan }, cancellationToken))).Require(Permission.IssuePlan).WithName("IssuePlan");
        plans.MapGet("/{plan}/public", async (PlanId plan, PublicProgress slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(plan, cancellationToken))).Require(Permission.Anyone).WithName("PublicProgress");

        var directives = api.MapGroup("/directives").Require(Permission.ViewTasks);
        directives.MapGet("", async (string? q, FindDirectives slice, CancellationToken cancellationToken) => Answer(await slice.SearchAsync(q, cancellationToken))).WithName("FindDirectives");
        directives.MapGet("/graph", async (string? around, FindDirectives slice, CancellationToken cancellationToken) =>
            Answer(await slice.GraphAsync(DirectiveId.TryParse(around, out var id) ? id : null, cancellationToken))).WithName("DirectiveGraph");
        directives.MapPost("", async (FileDirective.Request request, FileDirective slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(request, cancellationToken))).Require(Permission.EditPlan).WithName("FileDirective");

        var tasks = api.MapGroup("/tasks").Require(Permission.ViewTasks);
        tasks.MapGet("", async (HttpRequest http, int? page, TaskSort? sort, bool? descending, TaskRegister slice, CancellationToken cancellationToken) =>
            Answer(await slice.PageAsync(TaskFilter.Read(key => http.Query[key]), page ?? 1, sort ?? TaskSort.Document, descending ?? false, cancellationToken))).WithName("TaskRegister");
        tasks.MapGet("/{task}", async (TaskId task, string? asOf, FindTask slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(task, TaskFilter.ReadDay(asOf), cancellationToken))).WithName("FindTask");
        tasks.MapPost("/{task}/assignments", async (TaskId task, AssignTask.Request request, AssignTask slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Task = task }, cancellationToken))).Require(Permission.AssignTask).WithName("AssignTask");
        tasks.MapPost("/{task}/changes", async (TaskId task, ChangeTask.Request request, ChangeTask slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Task = task }, cancellationToken))).Require(Permission.AssignTask).WithName("ChangeTask");
        tasks.MapPost("/{task}/deadline", async (TaskId task, SettleDeadline.Request request, SettleDeadline slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Task = task }, cancellationToken))).Require(Permission.AssignTask).WithName("SettleDeadline");
        tasks.MapPost("/{task}/measurements", async (TaskId task, RecordMeasuredValue.Request request, RecordMeasuredValue slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Task = task }, cancellationToken))).Require(Permission.ReviewProgress).WithName("RecordMeasuredValue");
        tasks.MapPost("/{task}/follow-ups", async (TaskId task, SendFollowUp.Request request, SendFollowUp slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Task = task }, cancellationToken))).Require(Permission.SendFollowUp).WithName("SendFollowUp");
        tasks.MapPost("/{task}/field-checks", async (TaskId task, RecordFieldCheck.Request request, RecordFieldCheck slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Task = task }, cancellationToken))).Require(Permission.ReviewProgress).WithName("RecordFieldCheck");

        var external = api.MapGroup("/tasks/external").Require(Permission.ExportTasks);
        external.MapGet("/{system}", async (string system, ExternalTasks slice, CancellationToken cancellationToken) => Answer(await slice.ExportAsync(system, cancellationToken))).WithName("ExportExternalTasks");
        external.MapPost("/{system}", async (string system, ExternalTaskFile file, ExternalTasks slice, CancellationToken cancellationToken) =>
            Answer(await slice.ImportAsync(file with { System = system }, cancellationToken))).Require(Permission.ImportPlan).WithName("ImportExternalTasks");

        var reports = api.MapGroup("/reports");
        reports.MapPost("", async (ReportProgress.Request request, ReportProgress slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(request, cancellationToken))).Require(Permission.ReportProgress).WithName("ReportProgress");
        reports.MapPost("/attachments", async (IFormFile file, ReportProgress slice, CancellationToken cancellationToken) =>
        {
            await using var content = file.OpenReadStream();
            return Answer(await slice.AttachAsync(content, file.FileName, cancellationToken));
        }).Require(Permission.ReportProgress).WithName("AttachEvidence");
        reports.MapPost("/{report}/review", async (ReportId report, ReviewReport.Request request, ReviewReport slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Report = report }, cancellationToken))).Require(Permission.ReviewProgress).WithName("ReviewReport");
        api.MapPost("/evidence/{evidence}/versions", async (EvidenceId evidence, ReportProgress.EvidenceItem item, ReportProgress slice, CancellationToken cancellationToken) =>
            Answer(await slice.ReplaceEvidenceAsync(evidence, item, cancellationToken))).Require(Permission.ReportProgress).WithTags("Plans").WithName("ReplaceEvidence");
        api.MapGet("/evidence/{evidence}/file", async (EvidenceId evidence, OpenPlanFile files, BlobStore blobs, CancellationToken cancellationToken) =>

            // As an attachment of no executable type: what somebody uploaded never runs on a page of ours.
            Answer(await files.EvidenceAsync(evidence, cancellationToken), file => TypedResults.Stream(blobs.Open(file.Sha256), "application/octet-stream", file.FileName)))
            .Require(Permission.ViewTasks).WithName("OpenEvidence");

        api.MapPost("/extensions", async (RequestExtension.Request request, RequestExtension slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(request, cancellationToken))).Require(Permission.RequestExtension).WithName("RequestExtension");
        api.MapPost("/extensions/{extension}/decision", async (ExtensionId extension, DecideExtension.Request request, DecideExtension slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Extension = extension }, cancellationToken))).Require(Permission.DecideExtension).WithName("DecideExtension");
        api.MapGet("/obstacles", async (bool? all, FindObstacles slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(all is not true, cancellationToken))).Require(Permission.ViewTasks).WithName("FindObstacles");
        api.MapPost("/obstacles", async (RaiseObstacle.Request request, RaiseObstacle slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(request, cancellationToken))).Require(Permission.RaiseObstacle).WithName("RaiseObstacle");
        api.MapPost("/obstacles/{obstacle}/answer", async (ObstacleId obstacle, AnswerObstacle.Request request, AnswerObstacle slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(request with { Obstacle = obstacle }, cancellationToken))).Require(Permission.AnswerObstacle, Permission.ReportProgress).WithName("AnswerObstacle");

        api.MapGet("/board", async (HttpRequest http, string? comparedWith, ProvinceBoard slice, CancellationToken cancellationToken) =>
        {
            var filter = TaskFilter.Read(key => http.Query[key]);
            return Answer(await slice.HandleAsync(filter.AsOf, TaskFilter.ReadDay(comparedWith), filter, cancellationToken));
        }).Require(Permission.ViewBoard).WithName("ProvinceBoard");
        api.MapGet("/my-work", async (MyWork slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(cancellationToken))).Require(Permission.SignedIn).WithName("MyWork");
        api.MapGet("/units/{unit}/tasks", async (OrgUnitId unit, AssignmentRole? role, StatusGroup? group, int? page, UnitTasks slice, CancellationToken cancellationToken) =>
            Answer(await slice.PageAsync(unit, role ?? AssignmentRole.Lead, group, page ?? 1, cancellationToken))).Require(Permission.ViewTasks).WithName("UnitTasks");
        api.MapGet("/periods", async (FindPeriods slice, CancellationToken cancellationToken) => Answer(await slice.ListAsync(cancellationToken))).Require(Permission.ViewBoard).WithName("FindPeriods");
        api.MapGet("/periods/{period}", async (string period, FindPeriods slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(period, cancellationToken))).Require(Permission.ViewBoard).WithName("FindPeriod");
        api.MapPost("/periods/{period}/close", async (string period, ClosePeriod slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(period, cancellationToken))).Require(Permission.ClosePeriod).WithName("ClosePeriod");
        api.MapGet("/kpis", async (KpiTree slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(null, cancellationToken))).Require(Permission.ViewBoard).WithName("KpiTree");
        api.MapPut("/kpis", async (KpiTree.NodeRequest request, KpiTree slice, CancellationToken cancellationToken) => Answer(await slice.SaveAsync(request, cancellationToken))).Require(Permission.EditPlan).WithName("SaveKpi");
        api.MapPost("/kpis/{node}/actuals", async (Guid node, KpiTree.ActualRequest request, KpiTree slice, CancellationToken cancellationToken) =>
            Answer(await slice.RecordAsync(request with { Node = node }, cancellationToken))).Require(Permission.ReviewProgress).WithName("RecordKpi");
        return routes;
    }

    private static IResult Answer<T>(Result<T> result, Func<T, IResult>? granted = null) =>
        result.IsGranted(out var answer, out var refusal) ? granted?.Invoke(answer) ?? (answer is Done ? TypedResults.NoContent() : TypedResults.Ok(answer)) : refusal.AsProblem();
}

/// <summary>What citizens may see of a published plan: words of the plan and standings, no person, no evidence.</summary>
public sealed record PublicTask(string? Number, string Content, string Lead, string? DeadlineText, DateOnly? Due, StatusGroup Status, decimal? Percent, DateOnly? DoneOn);

public sealed record PublicPlan(string Name, string Subject, string? Issuer, DateOnly? IssuedOn, DateOnly AsOf, int Tasks, IReadOnlyDictionary<StatusGroup, int> ByStatus, IReadOnlyList<PublicTask> Lines);

public sealed class PublicProgress(TaskQuery query, TaskRegister register)
{
    /// <summary>A plan has tens of tasks; the limit keeps a public answer small.</summary>
    private const int LinesMax = 500;

    public async Task<Result<PublicPlan>> HandleAsync(PlanId id, CancellationToken cancellationToken)
    {
        var filter = new TaskFilter { Plan = id };
        var (snapshot, predicate, _) = await query.PrepareAsync(filter, TaskScope.Everything, cancellationToken);
        if (!snapshot.Plans.TryGetValue(id, out var plan) || !plan.IsPublished) return PlansRefusals.UnknownPlan;
        var rows = snapshot.Rows.Where(r => r.IsPublished && predicate.Matches(r, predicate.StandingOf(r))).ToList();
        var lines = await register.LinesAsync([.. rows.Take(LinesMax)], snapshot, predicate, cancellationToken);

        // The counts are of all published tasks, also of those beyond the limit of the list.
        var byStatus = rows.CountBy(r => predicate.StandingOf(r).Group).ToDictionary();
        var counts = Enum.GetValues<StatusGroup>().ToDictionary(g => g, g => byStatus.GetValueOrDefault(g));
        return new PublicPlan(plan.Name, plan.Subject, plan.Issuer, plan.IssuedOn, predicate.AsOf, rows.Count, counts,
            [.. lines.Select(l => new PublicTask(l.Number, l.Content, l.LeadName, l.DeadlineText, l.RevisedDue ?? l.OriginalDue, l.Standing.Group, l.Percent, l.DoneOn))]);
    }
}
