namespace LienThong.Web.Shell;

/// <summary>
/// How a page is dressed: <c>@attribute [PageLook(Public = true)]</c>. A public page loads no Tabler and no script; a landscape page prints
/// on A4 lying (register, board); <see cref="Section"/> marks its place in the main menu.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PageLookAttribute : Attribute
{
    public bool Public { get; init; }
    public bool Landscape { get; init; }

    /// <summary>The page draws a chart: load ECharts, deferred.</summary>
    public bool Charts { get; init; }
    public string? Section { get; init; }
}
