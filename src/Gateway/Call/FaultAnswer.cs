using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;

namespace LienThong.Gateway.Call;

/// <summary>Writes a refusal on the face on which the call came.</summary>
internal static class FaultAnswer
{
    public static Task WriteAsync(HttpContext http, CallRefusal refusal, Guid callId, bool isRoad, ErrorDialect dialect)
    {
        var response = http.Response;
        response.Headers.CacheControl = "no-store";
        if (refusal.RetryAfterSeconds > 0) response.Headers.RetryAfter = refusal.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        if (refusal.Fault.Status == 401 && !isRoad) response.Headers.WWWAuthenticate = refusal.Reason is "invalid_token" ? "Bearer error=\"invalid_token\"" : "Bearer";
        var body = isRoad ? Road(response, refusal, callId, dialect, http.Request.Headers.Accept.ToString()) : Problem(response, refusal, callId);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    private static ReadOnlyMemory<byte> Problem(HttpResponse response, CallRefusal refusal, Guid callId)
    {
        var fault = refusal.Fault;
        response.StatusCode = fault.Status;
        response.ContentType = "application/problem+json";
        var output = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("type", "urn:lienthong:fault:" + fault.Code);
        json.WriteString("title", fault.Title);
        json.WriteNumber("status", fault.Status);
        json.WriteString("detail", refusal.Detail);
        json.WriteString("instance", "urn:uuid:" + callId.ToString());
        json.WriteString("code", fault.Code);
        json.WriteString("fault", fault.SideName);
        if (refusal.Reason is { } reason) json.WriteString("reason", reason);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Road(HttpResponse response, CallRefusal refusal, Guid callId, ErrorDialect dialect, string accept)
    {
        var code = dialect is ErrorDialect.Road77 ? CallFault.OldDialect(refusal.Fault.RoadCode) : refusal.Fault.RoadCode;
        response.StatusCode = refusal.Fault.RoadStatus;
        response.Headers["X-Road-Error"] = code;
        var message = refusal.Detail.Length > 0 ? refusal.Detail : refusal.Fault.Title;
        if (XmlType(accept) is { } xml)
        {
            response.ContentType = xml + ";charset=utf-8";
            return Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><error><type>{Escaped(code)}</type><message>{Escaped(message)}</message><detail>{callId}</detail></error>");
        }

        response.ContentType = "application/json";
        var output = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("type", code);
        json.WriteString("message", message);
        json.WriteString("detail", callId.ToString());
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    /// <summary>The first of the known types in Accept decides; parameters such as q are ignored (PR-REST). Null means JSON.</summary>
    internal static string? XmlType(string accept)
    {
        foreach (var range in accept.AsSpan().Split(','))
        {
            var type = accept.AsSpan()[range].Trim();
            var semicolon = type.IndexOf(';');
            if (semicolon >= 0) type = type[..semicolon].TrimEnd();
            if (type.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return null;
            if (type.Equals("application/xml", StringComparison.OrdinalIgnoreCase)) return "application/xml";
            if (type.Equals("text/xml", StringComparison.OrdinalIgnoreCase) || type.Equals("text/*", StringComparison.OrdinalIgnoreCase)) return "text/xml";
        }

        return null;
    }

    private static string Escaped(string text) => System.Security.SecurityElement.Escape(text);
}
