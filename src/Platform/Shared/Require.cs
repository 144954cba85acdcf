using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LienThong.Platform.Shared;

/// <summary>
/// Which right opens an endpoint: on a page <c>@attribute [Require(Permission.ViewTasks)]</c>, on a route <c>.Require(Permission.ViewTasks)</c>.
/// Several mean any of them. An endpoint that names none is closed to everybody (deny by default), and the access matrix of the journeys
/// fails. This opens the door only; whose things one sees behind it is asked by the slice (<see cref="CurrentUser.ScopeOf"/>).
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false, Inherited = false)]
public sealed class RequireAttribute(params Permission[] anyOf) : Attribute
{
    public IReadOnlyList<Permission> AnyOf { get; } = anyOf;

    public bool IsMetBy(CurrentUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return AnyOf.Any(user.May);
    }
}

/// <summary>
/// The caller of this endpoint proves itself within each request (a signature, a code) and never by a cookie: no other site can make a browser say it, so it needs no
/// token against that.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProvesItselfAttribute : Attribute;

public static class RequireExtensions
{
    /// <summary>See <see cref="ProvesItselfAttribute"/>.</summary>
    public static TBuilder ProvesItself<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new ProvesItselfAttribute()));
        return builder;
    }

    /// <summary>Names the right that opens this route (or every route of this group). The last one named wins, so a route may narrow its group.</summary>
    public static TBuilder Require<TBuilder>(this TBuilder builder, params Permission[] anyOf) where TBuilder : IEndpointConventionBuilder
    {
        var required = new RequireAttribute(anyOf);
        builder.Add(endpoint => endpoint.Metadata.Add(required));
        return builder;
    }

    /// <summary>The right that endpoint names, or null when it forgot to: then nobody may enter.</summary>
    public static RequireAttribute? Required(this Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.Metadata.GetMetadata<RequireAttribute>();
    }
}
