using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import.Readers;

namespace LienThong.Platform.Plans.Import;

/// <summary>From a file to a read plan: a reader that knows formats, then the interpreter that knows plans. Writes nothing.</summary>
public sealed class PlanExtraction(ISourceReader reader, IWorkDays? workDays = null)
{
    /// <summary>
    /// The patterns stop by the clock, and a busy machine may hold a thread longer than any of them needs: what ran out of time is read once more.
    /// A file on which they run out of time twice was made to do so, and is refused.
    /// </summary>
    public async Task<Result<ExtractedPlan>> ExtractAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await OnceAsync(path, cancellationToken);
        }
        catch (RegexMatchTimeoutException)
        {
            try
            {
                return await OnceAsync(path, cancellationToken);
            }
            catch (RegexMatchTimeoutException timeout)
            {
                return ReaderRefusals.TookTooLong((int)Math.Ceiling(timeout.MatchTimeout.TotalSeconds));
            }
        }
    }

    private async Task<Result<ExtractedPlan>> OnceAsync(string path, CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(path, cancellationToken);
        return read.IsGranted(out var document, out var refusal)
            ? PlanInterpreter.Interpret(document, new InterpretOptions { WorkDays = workDays ?? WeekDays.Instance })
            : refusal;
    }
}
