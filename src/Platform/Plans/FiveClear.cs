using LienThong.Platform.Plans.Import;

namespace LienThong.Platform.Plans;

/// <summary>
/// The five "rõ" of the plan (R-TSK-03): rõ người, rõ việc, rõ tiến độ, rõ kết quả, rõ trách nhiệm. Each gap is a letter, so that a task's gaps
/// are one short word in its row.
/// </summary>
public static class FiveClear
{
    /// <summary>Rõ người: nobody leads, or the name is unknown to the registry.</summary>
    public const char Who = 'N';

    /// <summary>Rõ việc: no content, or a text cut off.</summary>
    public const char What = 'V';

    /// <summary>Rõ tiến độ: neither a date, a cycle, nor "thường xuyên".</summary>
    public const char When = 'T';

    /// <summary>Rõ kết quả: neither a product nor a number to reach.</summary>
    public const char Result = 'K';

    /// <summary>Rõ trách nhiệm: more than one body leads, so nobody answers alone.</summary>
    public const char Duty = 'R';

    public const string All = "NVTKR";

    public static string GapsOf(GovernanceTask task, IReadOnlyCollection<Assignment> parts, int targets)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(parts);
        var leads = parts.Where(p => p.Role is AssignmentRole.Lead && p.EndedOn is null).ToList();
        var gaps = "";
        if (leads.Count == 0 || leads.Any(p => p.Unit is null && p.Class is null)) gaps += Who;
        if (task.Content.Trim().Length < 10) gaps += What;
        if (task.OriginalDue is null && task.DeadlineRule is DeadlineRule.None or DeadlineRule.Duration) gaps += When;
        if (string.IsNullOrWhiteSpace(task.Product) && targets == 0) gaps += Result;
        if (leads.Count == 0 || leads.Select(p => p.AsWritten).Distinct(StringComparer.Ordinal).Count() > 1) gaps += Duty;
        return gaps;
    }
}
