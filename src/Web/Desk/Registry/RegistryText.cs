namespace LienThong.Web.Resources;

/// <summary>Words of the organisation registry: units, identifiers, officers, delegations, imports.</summary>
public sealed class RegistryText;
