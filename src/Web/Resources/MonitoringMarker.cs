namespace LienThong.Web.Resources;

/// <summary>Words of connections, calls, their proof, nodes and alerts. <c>MonitoringText.resx</c> is Vietnamese, <c>MonitoringText.en.resx</c> English.</summary>
public sealed class MonitoringText;
