using System.Diagnostics;
using System.Text.Json;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;

namespace LienThong.Corpus;

/// <summary>The importer by its public door, without starting a process: what the command would print, in the same names.</summary>
public static class InProcess
{
    public static async Task<Answer> AskAsync(string file)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var result = await new PlanExtraction(new SourceReader()).ExtractAsync(file, CancellationToken.None);
            return result.IsGranted(out var plan, out var refusal) ? new(Translate(plan), null, watch.Elapsed) : new(null, $"refused: {refusal.Code}", watch.Elapsed);
        }
        catch (Exception fault)
        {
            // An examiner writes down a fault as the answer and goes on with the next document.
            return new(null, "fault: " + fault, watch.Elapsed);
        }
    }

    private static Reading Translate(ExtractedPlan plan) => new(
        new(plan.Document.Number, plan.Document.Kind, plan.Document.Issuer, plan.Document.IssuedOn, plan.Document.Subject),
        [.. plan.Tasks.Select(task => new ReadTask(
            task.Number, task.Group, task.Parent, task.Content, task.Leads, task.Coordinators,
            new(task.Deadline.Text, DeadlineRules.Name(task.Deadline.Rule), task.Deadline.Date,
                task.Deadline.Recurrence is { } again ? JsonSerializer.SerializeToElement(DeadlineRules.Name(again.Cycle)) : null, task.Deadline.CompletedAndContinuing),
            task.Product, [.. task.Targets.Select(target => new ReadTarget(target.Text, JsonSerializer.SerializeToElement(target.Value), target.Unit, null, null))],
            [.. task.Warnings.Select(Translate)], task.Code))],
        [.. plan.Warnings.Select(Translate)]);

    private static ReadWarning Translate(ImportWarning warning) => new(warning.Code, warning.Message);
}
