namespace LienThong.Web.Shell;

/// <summary>
/// Whose site this is. <paramref name="Place"/> is shown under the mark ("Tỉnh Quảng Ngãi"), <paramref name="Owner"/> in the strip of the state,
/// <paramref name="Domain"/> is what a visitor checks the address bar against. <paramref name="IsSimulated"/> puts the banner on every page.
/// </summary>
public sealed record SiteIdentity(string Place, string Owner, string Domain, bool IsSimulated);
