using System.CommandLine;
using System.Text;
using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;

namespace LienThong.Cli;

/// <summary><c>lienthong plan extract FILE [--json]</c>: the reading of a plan alone, without storing anything.</summary>
internal static class PlanVerb
{
    private const int Refused = 2;

    public static Command Build()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Tệp kế hoạch: DOCX, XLSX, PDF hoặc TXT." };
        var json = new Option<bool>("--json") { Description = "In kết quả dạng JSON." };
        var extract = new Command("extract", "Đọc một kế hoạch thành các nhiệm vụ và nêu mọi khiếm khuyết; không lưu gì.") { file, json };
        extract.SetAction(async (result, cancellationToken) =>
        {
            var read = await new PlanExtraction(new SourceReader()).ExtractAsync(result.GetValue(file)!.FullName, cancellationToken);
            var output = result.InvocationConfiguration.Output;
            if (!read.IsGranted(out var plan, out var refusal))
            {
                var reason = ImportText.Of(refusal.Code, refusal.Arguments);
                if (result.GetValue(json)) await output.WriteLineAsync(Problem(refusal, reason));
                await result.InvocationConfiguration.Error.WriteLineAsync("Từ chối: " + reason);
                return Refused;
            }

            await output.WriteLineAsync(result.GetValue(json) ? ExtractedPlanJson.Write(plan) : Readable(plan));
            return 0;
        });
        return new Command("plan", "Kế hoạch và nhiệm vụ.") { extract };
    }

    private static string Problem(Refusal refusal, string reason) =>
        JsonSerializer.Serialize(new Dictionary<string, object> { ["type"] = "urn:lienthong:problem:" + refusal.Code, ["title"] = reason, ["code"] = refusal.Code },
            ProblemJson.Default.DictionaryStringObject);

    private static string Readable(ExtractedPlan plan)
    {
        var text = new StringBuilder();
        text.AppendLine(Vietnamese.Culture, $"{plan.Document.Kind ?? "Văn bản"} {plan.Document.Number ?? "(chưa có số)"}, {plan.Document.Issuer ?? "chưa rõ cơ quan ban hành"}, {(plan.Document.IssuedOn is { } day ? Vietnamese.Day(day) : "chưa rõ ngày ban hành")}");
        if (plan.Document.Subject is { } subject) text.AppendLine(subject);
        text.AppendLine().AppendLine(Vietnamese.Culture, $"{plan.Tasks.Count} nhiệm vụ");
        string? group = null;
        foreach (var task in plan.Tasks)
        {
            if (task.Group is { } name && name != group) text.AppendLine().AppendLine(name);
            group = task.Group;
            text.AppendLine(Vietnamese.Culture, $"{task.Code ?? "–",5}  {Short(task.Content, 90)}");
            text.AppendLine(Vietnamese.Culture, $"       Chủ trì: {(task.Leads.Count == 0 ? "chưa giao" : string.Join("; ", task.Leads))}{(task.Coordinators.Count == 0 ? "" : " · Phối hợp: " + Short(string.Join("; ", task.Coordinators), 80))}");
            text.AppendLine(Vietnamese.Culture, $"       Hạn: {task.Deadline.Text ?? "chưa có"}{(task.Deadline.Date is { } due ? " → " + Vietnamese.Day(due) : "")}");
            foreach (var warning in task.Warnings) text.AppendLine("       ! " + warning.Message);
        }

        if (plan.Warnings.Count > 0) text.AppendLine().AppendLine("Về cả văn bản:");
        foreach (var warning in plan.Warnings) text.AppendLine("  ! " + warning.Message);
        return text.ToString().TrimEnd();
    }

    private static string Short(string text, int length) => text.Length <= length ? text.Replace('\n', ' ') : text[..(length - 1)].Replace('\n', ' ') + "…";
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, object>))]
[System.Text.Json.Serialization.JsonSourceGenerationOptions(WriteIndented = true)]
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class ProblemJson : System.Text.Json.Serialization.JsonSerializerContext;
