namespace LienThong.Web.Resources;

/// <summary>Words of the exchange: systems, services, requests, agreements, letters. <c>ExchangeText.resx</c> is Vietnamese, <c>ExchangeText.en.resx</c> English.</summary>
public sealed class ExchangeText;
