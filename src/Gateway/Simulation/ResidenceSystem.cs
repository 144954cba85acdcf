using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LienThong.Gateway.Simulation;

/// <summary>
/// Residence at commune level, as verification only: it answers whether what the caller already holds is so, never what is so instead. An unknown person and a
/// wrong commune get the same answer, so that asking teaches nobody who exists.
/// </summary>
public sealed class ResidenceSystem(TimeProvider clock) : ISimulatedSystem
{
    private const int RequestBytesMax = 8 * 1024;

    public string Name => "dan-cu";

    public async Task AnswerAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Request.Path != "/xac-nhan") { await SimulatedServer.ProblemAsync(http, 404, "not_found", "Không có tài nguyên này."); return; }
        if (!HttpMethods.IsPost(http.Request.Method)) { http.Response.Headers.Allow = "POST"; await SimulatedServer.ProblemAsync(http, 405, "method", "Chỉ nhận POST."); return; }
        if (await SimulatedJson.ReadAsync(http, RequestBytesMax) is not { } question) return;
        using (question)
        {
            if (SimulatedJson.Text(question, "soDinhDanh") is not { Length: 12 } id || SimulatedJson.Text(question, "maXa") is not { Length: > 0 } commune)
            {
                await SimulatedServer.ProblemAsync(http, 400, "fields", "Cần soDinhDanh gồm 12 chữ số và maXa.");
                return;
            }

            var name = SimulatedJson.Text(question, "hoTen");
            var person = SimulatedPeople.Find(id);
            var matches = person is not null && person.Commune == commune && (name is null || string.Equals(name.Normalize(NormalizationForm.FormC).Trim(), person.Name, StringComparison.OrdinalIgnoreCase));
            await http.Response.WriteAsJsonAsync(new { khop = matches, thoiDiem = clock.GetUtcNow() }, http.RequestAborted);
        }
    }
}

internal static class SimulatedJson
{
    /// <summary>The body as one JSON object; null when it was none and the caller has been told.</summary>
    public static async Task<JsonDocument?> ReadAsync(HttpContext http, int bytesMax)
    {
        if (http.Request.ContentLength > bytesMax) { await SimulatedServer.ProblemAsync(http, 413, "too_large", "Thân yêu cầu quá lớn."); return null; }
        using var body = new MemoryStream();
        var piece = new byte[4_096];
        for (int count; (count = await http.Request.Body.ReadAsync(piece, http.RequestAborted)) > 0;)
        {
            body.Write(piece, 0, count);
            if (body.Length > bytesMax) { await SimulatedServer.ProblemAsync(http, 413, "too_large", "Thân yêu cầu quá lớn."); return null; }
        }

        try
        {
            var document = JsonDocument.Parse(body.ToArray(), new JsonDocumentOptions { MaxDepth = 16 });
            if (document.RootElement.ValueKind is JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException) { /* Told below. */ }

        await SimulatedServer.ProblemAsync(http, 400, "json", "Thân yêu cầu phải là một đối tượng JSON.");
        return null;
    }

    public static string? Text(JsonDocument document, string name) => document.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
