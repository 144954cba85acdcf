using LienThong.Kernel;
using LienThong.Platform.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LienThong.Web.Shell;

/// <summary>State lives in the address: filter, sort and page are query parameters, so back, copy, print and saved views work.</summary>
public static class Address
{
    /// <summary>This page's address with one query parameter set, or removed when the value is null. A change of anything but the page starts at page one.</summary>
    public static string With(this HttpContext http, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(http);
        var query = http.Request.Query.Where(q => q.Key != name && (name == "trang" || q.Key != "trang"))
            .SelectMany(q => q.Value, (q, v) => KeyValuePair.Create(q.Key, v));
        if (value is not null) query = query.Append(KeyValuePair.Create(name, (string?)value));
        return QueryHelpers.AddQueryString(http.Request.PathBase + http.Request.Path, query);
    }

    /// <summary>A page that shows a refusal also answers with its status, so that programs and caches are not told that all is well.</summary>
    public static void Answer(this HttpContext http, Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (refusal is not null && !http.Response.HasStarted) http.Response.StatusCode = Problems.StatusOf(refusal.Kind);
    }

    /// <summary>What was typed into a field, lines kept, so that a refused form comes back as it was sent; empty when nothing was posted.</summary>
    public static string Said(this HttpContext http, string field)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Request.HasFormContentType ? http.Request.Form[field].ToString().Trim() : "";
    }

    /// <summary>This address, for a form that must come back here. Local by construction.</summary>
    public static string Here(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Request.PathBase + http.Request.Path + http.Request.QueryString;
    }
}
