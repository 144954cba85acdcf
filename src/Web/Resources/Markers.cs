namespace LienThong.Web.Resources;

/// <summary>Words of the frame every page stands in. <c>ShellText.resx</c> is Vietnamese, <c>ShellText.en.resx</c> English.</summary>
public sealed class ShellText;

/// <summary>Words of the board, of "my work", of periods and of the plan graph.</summary>
public sealed class BoardText;

/// <summary>Words of plans, tasks, import, reports and reviews.</summary>
public sealed class PlansText;
