using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

public sealed record InterpretOptions
{
    public IWorkDays WorkDays { get; init; } = WeekDays.Instance;
}

/// <summary>
/// Reads a source document into a plan: header, tasks, and every defect it can name (R-TSK-01, R-TSK-02). Pure: the same document gives the
/// same plan. Refuses only what may not be processed at all: a document with a secrecy mark (requirements §1 finding 10).
/// </summary>
public static partial class PlanInterpreter
{
    public static Result<ExtractedPlan> Interpret(SourceDocument source, InterpretOptions? options = null)
    {
        options ??= new InterpretOptions();
        throw new NotSupportedException(options.ToString());
    }
}
