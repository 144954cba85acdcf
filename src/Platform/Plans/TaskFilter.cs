using System.Globalization;
using LienThong.Kernel;

namespace LienThong.Platform.Plans;

/// <summary>Conditions that lie across the status groups.</summary>
public enum TaskOverlay
{
    /// <summary>Not done, and the deadline in force has passed: the number every board begins with.</summary>
    Overdue,
    DueSoon, Open, Done, DoneOnTimeOriginal, DoneOnTimeRevised, DoneLate, AwaitsReview, HasObstacle, IsReturned, UpdateLate, Continuing, LateByOriginal, HasExtension,
    PendingExtension, FiveClear, FiveClearGap, Gap, NoDeadline, ClaimedOnTime, ClaimedDone, DoneWithEvidence,
}

/// <summary>
/// One set of conditions over tasks. A figure on a board and the list it opens are made from the same instance, which also writes the
/// address; so the number is the length of the list by construction (R-N57-04).
/// </summary>
public sealed record TaskFilter
{
    public static TaskFilter All { get; } = new();

    /// <summary>Null = today.</summary>
    public DateOnly? AsOf { get; init; }
    public string? Text { get; init; }
    public PlanId? Plan { get; init; }
    public OrgUnitId? Lead { get; init; }
    public UnitClassId? LeadClass { get; init; }

    /// <summary>Takes part in any role.</summary>
    public OrgUnitId? Unit { get; init; }
    public IReadOnlyList<StatusGroup> Groups { get; init; } = [];
    public IReadOnlyList<TaskOverlay> Overlays { get; init; } = [];
    public DateOnly? DueFrom { get; init; }
    public DateOnly? DueTo { get; init; }
    public DateOnly? DoneFrom { get; init; }
    public DateOnly? DoneTo { get; init; }
    public DateOnly? ClaimedTo { get; init; }

    /// <summary>Exact group path of the plan.</summary>
    public string? GroupPath { get; init; }

    /// <summary>Drafts instead of tasks in force.</summary>
    public bool Drafts { get; init; }

    public TaskFilter With(params IReadOnlyList<TaskOverlay> overlays) => this with { Overlays = [.. Overlays.Concat(overlays).Distinct()] };

    public bool Equals(TaskFilter? other) => other is not null && ToQuery() == other.ToQuery();

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToQuery());

    /// <summary>The query string without "?": asOf=2026-11-10&amp;overlay=overdue … It is also the key of cached results.</summary>
    public string ToQuery()
    {
        var parts = new List<string>();
        void Say(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value)) parts.Add(key + "=" + Uri.EscapeDataString(value));
        }

        Say("asOf", Day(AsOf));
        Say("q", Text);
        Say("plan", Plan?.ToString());
        Say("lead", Lead?.ToString());
        Say("leadClass", LeadClass?.ToString());
        Say("unit", Unit?.ToString());
        foreach (var group in Groups.Distinct().Order()) Say("status", group.ToString());
        foreach (var overlay in Overlays.Distinct().Order()) Say("is", overlay.ToString());
        Say("dueFrom", Day(DueFrom));
        Say("dueTo", Day(DueTo));
        Say("doneFrom", Day(DoneFrom));
        Say("doneTo", Day(DoneTo));
        Say("claimedTo", Day(ClaimedTo));
        Say("group", GroupPath);
        if (Drafts) Say("drafts", "1");
        return string.Join('&', parts);
    }

    /// <summary>Reads what <see cref="ToQuery"/> writes and what a form sends; what cannot be read is left out.</summary>
    public static TaskFilter Read(Func<string, IEnumerable<string?>> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        string? One(string key) => query(key).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v))?.Trim();
        IReadOnlyList<T> Many<T>(string key) where T : struct, Enum =>
            [.. query(key).SelectMany(v => (v ?? "").Split(',')).Where(v => v.Length > 0 && !char.IsDigit(v[0]))
                .Select(v => Enum.TryParse<T>(v, ignoreCase: true, out var read) ? read : (T?)null).OfType<T>().Distinct()];
        return new TaskFilter
        {
            AsOf = ReadDay(One("asOf")),
            Text = One("q") is { } text ? text[..Math.Min(text.Length, TextMax)] : null,
            Plan = PlanId.TryParse(One("plan"), out var plan) ? plan : null,
            Lead = OrgUnitId.TryParse(One("lead"), out var lead) ? lead : null,
            LeadClass = UnitClassId.TryParse(One("leadClass"), out var leadClass) ? leadClass : null,
            Unit = OrgUnitId.TryParse(One("unit"), out var unit) ? unit : null,
            Groups = Many<StatusGroup>("status"),
            Overlays = Many<TaskOverlay>("is"),
            DueFrom = ReadDay(One("dueFrom")),
            DueTo = ReadDay(One("dueTo")),
            DoneFrom = ReadDay(One("doneFrom")),
            DoneTo = ReadDay(One("doneTo")),
            ClaimedTo = ReadDay(One("claimedTo")),
            GroupPath = One("group"),
            Drafts = One("drafts") == "1",
        };
    }

    /// <summary>Longer than any title people search for; bounds the key of the cache.</summary>
    public const int TextMax = 200;

    /// <summary>yyyy-MM-dd as forms of browsers send it, or dd/MM/yyyy as people type it.</summary>
    public static DateOnly? ReadDay(string? text) =>
        DateOnly.TryParseExact(text, ["yyyy-MM-dd", "d/M/yyyy", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

public enum TaskSort { Document, Due, Lead, Status, Updated }
