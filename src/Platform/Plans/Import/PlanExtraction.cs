using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

/// <summary>From a file to a read plan: a reader that knows formats, then the interpreter that knows plans. Writes nothing.</summary>
public sealed class PlanExtraction(ISourceReader reader, IWorkDays? workDays = null)
{
    public async Task<Result<ExtractedPlan>> ExtractAsync(string path, CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(path, cancellationToken);
        return read.IsGranted(out var document, out var refusal)
            ? PlanInterpreter.Interpret(document, new InterpretOptions { WorkDays = workDays ?? WeekDays.Instance })
            : refusal;
    }
}
