namespace LienThong.Web.Resources;

/// <summary>Words of the frame every page stands in. <c>ShellText.resx</c> is Vietnamese, <c>ShellText.en.resx</c> English.</summary>
public sealed class ShellText;
