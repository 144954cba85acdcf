namespace LienThong.Platform.Plans;

/// <summary>
/// Parameters of task monitoring (requirements §6), each a product choice unless it says a basis. Bound from the section "Plans" of the
/// settings, so that a province changes them without a build.
/// </summary>
public sealed record PlansParameters
{
    public static PlansParameters Default { get; } = new();

    /// <summary>"Sắp đến hạn": the list an officer can still act on within a week.</summary>
    public int DueSoonDays { get; init; } = 7;

    /// <summary>task.update.cadence for continuous tasks: monthly (choice).</summary>
    public int UpdateCadenceDays { get; init; } = 31;

    /// <summary>task.remind.offsets: days relative to the deadline; negative = before (choice).</summary>
    public IReadOnlyList<int> RemindOffsets { get; init; } = [-7, -3, -1, 1];

    /// <summary>Working days to decide on a report, an obstacle: three working days (choice, shown to the reviewer as such).</summary>
    public int ReviewWorkingDays { get; init; } = 3;
    public int ObstacleAnswerWorkingDays { get; init; } = 5;

    /// <summary>Declared above measured by more than these points is shown as a gap (R-N57-06).</summary>
    public decimal GapPoints { get; init; } = 5;

    /// <summary>Share of done tasks drawn for re-checking by another unit (monitoring §9.5).</summary>
    public decimal SamplingShare { get; init; } = 0.05m;
}
