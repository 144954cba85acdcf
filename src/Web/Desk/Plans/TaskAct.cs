using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Shared;
using LienThong.Web.Resources;
using LienThong.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Desk.Plans;

/// <summary>A page on which somebody does one thing to one task: it finds the task, tells who may not why, and leads back when it is done.</summary>
public abstract class TaskAct : ComponentBase
{
    [Parameter] public Guid? TaskText { get; set; }
    [CascadingParameter] public required HttpContext Http { get; set; }
    [Inject] public required IStringLocalizer<PlansText> Text { get; set; }
    [Inject] public required IStringLocalizer<ShellText> Shell { get; set; }
    [Inject] public required FindTask Find { get; set; }
    [Inject] public required NavigationManager Go { get; set; }
    [Inject] public required SentForms Sent { get; set; }

    protected TaskView? View { get; private set; }
    protected Refusal? Refusal { get; set; }
    protected FieldErrors Errors { get; } = new();
    protected bool IsAllowed { get; private set; }

    protected string Back => "/nhiem-vu/" + View!.Task.Id;

    /// <summary>The viewer's own parts, the one asked for first.</summary>
    protected IReadOnlyList<PartLine> OwnParts => [.. View!.Parts.Where(p => View.Rights.OwnParts.Contains(p.Id))];

    protected abstract bool May(TaskRights rights);

    protected string Said(string field) => Http.Said(field);

    protected string? Bad(string field) => Errors.Has(field) ? "true" : null;

    protected override async Task OnInitializedAsync()
    {
        var id = TaskId.From(TaskText ?? default);
        if (!(await Find.HandleAsync(id, null, Http.RequestAborted)).IsGranted(out var view, out var refusal))
        {
            Refusal = refusal;
            Http.Response.StatusCode = Problems.StatusOf(refusal.Kind);
            return;
        }

        View = view;
        IsAllowed = May(view.Rights);
        if (!IsAllowed) Http.Response.StatusCode = StatusCodes.Status403Forbidden;
    }

    /// <summary>Errors stop it; a form already sent leads where it led; otherwise the deed, and back to the task with one word.</summary>
    protected async Task DoAsync<T>(Func<Task<Result<T>>> deed, string done)
    {
        if (!IsAllowed || View is null) return;
        if (Sent.Where(Said("lan")) is { } already) { Go.NavigateTo(already); return; }
        if (Errors.Count > 0) { Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity; return; }
        var result = await deed();
        if (result.Refusal is { } refusal)
        {
            Refusal = refusal;
            Http.Response.StatusCode = Problems.StatusOf(refusal.Kind);
            return;
        }

        var next = Notice.Add(Back, done);
        Sent.Remember(Said("lan"), next);
        Go.NavigateTo(next);
    }

    protected void Need(string field)
    {
        if (Said(field).Length == 0) Errors.Add(field, Text["error.missing"]);
    }

    protected DateOnly? NeedDay(string field)
    {
        var day = Typed.Day(Said(field));
        if (day is null) Errors.Add(field, Text["error.date"]);
        return day;
    }
}
