namespace LienThong.Web.Resources;

/// <summary>Words of signing in, accounts, roles and the audit. <c>AccountsText.resx</c> is Vietnamese, <c>AccountsText.en.resx</c> English.</summary>
public sealed class AccountsText;
