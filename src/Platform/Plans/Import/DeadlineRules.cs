using System.Collections.Frozen;

namespace LienThong.Platform.Plans.Import;

/// <summary>The written names of rules and cycles, as the extracted document and the interface of programs use them.</summary>
public static class DeadlineRules
{
    private static readonly FrozenDictionary<DeadlineRule, string> s_names = new Dictionary<DeadlineRule, string>
    {
        [DeadlineRule.None] = "none",
        [DeadlineRule.On] = "on",
        [DeadlineRule.Before] = "before",
        [DeadlineRule.InMonth] = "in-month",
        [DeadlineRule.InQuarter] = "in-quarter",
        [DeadlineRule.InYear] = "in-year",
        [DeadlineRule.BeforeMonth] = "before-month",
        [DeadlineRule.Continuous] = "continuous",
        [DeadlineRule.Annual] = "annual",
        [DeadlineRule.AnnualBefore] = "annual-before",
        [DeadlineRule.Periodic] = "periodic",
        [DeadlineRule.FromIssueDate] = "from-issue-date",
        [DeadlineRule.AfterEvent] = "after-event",
        [DeadlineRule.Duration] = "duration",
        [DeadlineRule.ByOtherPlan] = "by-other-plan",
    }.ToFrozenDictionary();

    public static string Name(DeadlineRule rule) => s_names[rule];

    public static string Name(RecurrenceCycle cycle) => cycle switch
    {
        RecurrenceCycle.Continuous => "continuous",
        RecurrenceCycle.Daily => "daily",
        RecurrenceCycle.Weekly => "weekly",
        RecurrenceCycle.Fortnightly => "fortnightly",
        RecurrenceCycle.Monthly => "monthly",
        RecurrenceCycle.Quarterly => "quarterly",
        RecurrenceCycle.HalfYearly => "half-yearly",
        RecurrenceCycle.NineMonthly => "nine-monthly",
        _ => "annual",
    };

    public static string Name(TargetComparator comparator) => comparator switch
    {
        TargetComparator.AtLeast => "≥",
        TargetComparator.AtMost => "≤",
        TargetComparator.MoreThan => ">",
        TargetComparator.LessThan => "<",
        _ => "=",
    };
}
