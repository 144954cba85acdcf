using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Registry.Import;
using Microsoft.AspNetCore.Http;

namespace LienThong.Web.Desk.Registry;

/// <summary>Fields of a posted form as the slices want them. Days are typed as people write them, 31/12/2025, or as a browser's date field sends them.</summary>
internal static class FormReading
{
    public static string Text(this HttpContext http, string name) => http.Request.HasFormContentType ? VietnameseText.Clean(http.Request.Form[name].FirstOrDefault()) : "";

    public static DateOnly Day(this HttpContext http, string name) => UnitColumns.TryDay(http.Text(name), out var day) ? day : default;

    public static DateOnly? OptionalDay(this HttpContext http, string name) => UnitColumns.TryDay(http.Text(name), out var day) ? day : null;

    public static int Number(this HttpContext http, string name) => int.TryParse(http.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static T Choice<T>(this HttpContext http, string name) where T : struct, Enum => Enum.TryParse<T>(http.Text(name), out var choice) ? choice : default;

    public static IReadOnlyList<string> All(this HttpContext http, string name) =>
        http.Request.HasFormContentType ? [.. http.Request.Form[name].Select(VietnameseText.Clean)] : [];
}
