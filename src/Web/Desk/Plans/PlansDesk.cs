using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Web.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Desk.Plans;

/// <summary>What the pages of plans and tasks need beside themselves: downloads, and the memory of forms already sent.</summary>
public static class PlansDesk
{
    public static IServiceCollection AddPlansDesk(this IServiceCollection services) => services.AddSingleton<SentForms>();

    public static void MapPlansDesk(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/nhiem-vu/xlsx", ExportAsync).Require(Permission.ExportTasks).ExcludeFromDescription();
        routes.MapGet("/nhiem-vu/cap-tren/xlsx", async (string? he, ExternalTasks external, IStringLocalizer<PlansText> text, CancellationToken cancellationToken) =>
        {
            if (!(await external.ExportAsync(he ?? "", cancellationToken)).IsGranted(out var file, out var refusal)) return refusal.AsProblem();
            return Results.File(ExternalSheet.Write(file.Tasks, text, status => status is null ? "" : text["status." + status]), PlainSheet.ContentType, "nhiem-vu-cap-tren.xlsx");
        }).Require(Permission.ExportTasks).ExcludeFromDescription();
        routes.MapGet("/minh-chung/{id}", async (string id, OpenPlanFile files, BlobStore blobs, CancellationToken cancellationToken) =>
            Send(EvidenceId.TryParse(id, out var evidence) ? await files.EvidenceAsync(evidence, cancellationToken) : PlansRefusals.UnknownEvidence, blobs)).Require(Permission.ViewTasks).ExcludeFromDescription();
        routes.MapGet("/kiem-tra/{id:guid}/anh", async (Guid id, OpenPlanFile files, BlobStore blobs, CancellationToken cancellationToken) => Send(await files.PhotoAsync(id, cancellationToken), blobs))
            .Require(Permission.ViewTasks).ExcludeFromDescription();
        routes.MapGet("/nhiem-vu/nhap/{id}/tep", async (string id, OpenPlanFile files, BlobStore blobs, CancellationToken cancellationToken) =>
            Send(ImportId.TryParse(id, out var import) ? await files.ImportAsync(import, cancellationToken) : PlansRefusals.UnknownImport, blobs)).Require(Permission.ImportPlan).ExcludeFromDescription();
        routes.MapGet("/ke-hoach/{id}/tep", async (string id, OpenPlanFile files, BlobStore blobs, CancellationToken cancellationToken) =>
            Send(PlanId.TryParse(id, out var plan) ? await files.PlanAsync(plan, cancellationToken) : PlansRefusals.UnknownPlan, blobs)).Require(Permission.ViewTasks).ExcludeFromDescription();
    }

    /// <summary>
    /// Somebody else's file is never shown inside our pages: always a download, never sniffed, without a type of its own to run as.
    /// </summary>
    private static IResult Send(Result<StoredFile> found, BlobStore blobs) => found.IsGranted(out var file, out var refusal)
        ? Results.File(blobs.Open(file.Sha256), "application/octet-stream", file.FileName, enableRangeProcessing: true, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue("\"" + file.Sha256 + "\""))
        : refusal.AsProblem();

    private static async Task<IResult> ExportAsync(HttpContext http, TaskRegister register, TimeProvider clock, IStringLocalizer<PlansText> text, CancellationToken cancellationToken)
    {
        var at = RegisterAddress.Read(http, clock);
        if (!(await register.AllAsync(at.Filter, cancellationToken)).IsGranted(out var lines, out var refusal)) return refusal.AsProblem();

        // Written to a file first: a workbook is a zip whose directory comes last, and its size should not sit in memory.
        var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 81_920, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        RegisterSheet.Write(file, lines, at.Filter.AsOf ?? WorkCalendar.Today(clock), key => text[key]);
        file.Position = 0;
        return Results.File(file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"nhiem-vu-{TaskWords.Iso(at.Filter.AsOf ?? WorkCalendar.Today(clock))}.xlsx");
    }
}
