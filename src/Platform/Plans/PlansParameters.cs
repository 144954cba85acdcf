using System.Globalization;
using LienThong.Platform.Shared.Parameters;

namespace LienThong.Platform.Plans;

/// <summary>
/// Parameters of task monitoring as they hold on one day (requirements §6): effective-dated values of the parameter book, each with its basis,
/// which a province sets on the page of parameters without a build. The keys stand beside the properties.
/// </summary>
public sealed record PlansParameters
{
    public static PlansParameters Default { get; } = new();

    /// <summary>task.due.soon.days. "Sắp đến hạn": the list an officer can still act on within a week.</summary>
    public int DueSoonDays { get; init; } = 7;

    /// <summary>task.update.cadence.days, for continuous tasks.</summary>
    public int UpdateCadenceDays { get; init; } = 31;

    /// <summary>task.remind.offsets: days relative to the deadline; negative = before.</summary>
    public IReadOnlyList<int> RemindOffsets { get; init; } = [-7, -3, -1, 1];

    /// <summary>task.review.days and task.obstacle.answer.days: working days to decide on a report, to answer an obstacle.</summary>
    public int ReviewWorkingDays { get; init; } = 3;
    public int ObstacleAnswerWorkingDays { get; init; } = 5;

    /// <summary>task.gap.points. Declared above measured by more than these points is shown as a gap (R-N57-06).</summary>
    public decimal GapPoints { get; init; } = 5;

    /// <summary>task.sampling.percent, as a share. Done tasks drawn for re-checking by another unit (monitoring §9.5).</summary>
    public decimal SamplingShare { get; init; } = 0.05m;

    public static PlansParameters Of(ParameterSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return new PlansParameters
        {
            DueSoonDays = sheet.Number("task.due.soon.days"),
            UpdateCadenceDays = sheet.Number("task.update.cadence.days"),
            RemindOffsets = [.. sheet.List("task.remind.offsets").Select(o => int.Parse(o, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))],
            ReviewWorkingDays = sheet.Number("task.review.days"),
            ObstacleAnswerWorkingDays = sheet.Number("task.obstacle.answer.days"),
            GapPoints = sheet.Number("task.gap.points"),
            SamplingShare = sheet.Number("task.sampling.percent") / 100m,
        };
    }
}
