using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using LienThong.Gateway.Log;
using LienThong.Kernel;
using LienThong.Platform.Storage;

namespace LienThong.Cli;

/// <summary><c>lienthong log verify DIR|URL</c>: checks a whole log from its public files, trusting only the keys it is given.</summary>
internal static class LogVerb
{
    private const int Damaged = 1, CannotTell = 3;

    public static Option<string[]> Keys { get; } = new("--key")
    {
        Description = "Khóa tin cậy (dòng chữ hoặc tệp chứa dòng ấy); có thể nêu nhiều lần. Không nêu thì dùng khóa đi kèm và nói rõ điều đó.",
        DefaultValueFactory = _ => [],
    };

    public static Command Build()
    {
        var place = new Argument<string>("DIR|URL") { Description = "Thư mục hoặc địa chỉ có tệp checkpoint và thư mục tile/." };
        var since = new Option<FileInfo?>("--since") { Description = "Tệp checkpoint đã thấy trước đây; nhật ký phải nối tiếp nó." };
        var authorities = new Option<string[]>("--tsa-ca") { Description = "Tệp PEM chứng thư gốc của bên cấp dấu thời gian.", DefaultValueFactory = _ => [] };
        var json = new Option<bool>("--json") { Description = "In kết quả dạng JSON." };
        var verify = new Command("verify", "Kiểm toàn bộ nhật ký: chữ ký, từng bản ghi, từng tệp băm. Mã thoát 0 chỉ khi mọi thứ đều đúng.") { place, Keys, since, authorities, json };
        verify.SetAction(async (result, cancellationToken) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var (where, asJson) = (result.GetValue(place)!, result.GetValue(json));
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
            var remote = Uri.TryCreate(where, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
            if (!remote && !Directory.Exists(where)) return await CannotTellAsync(asJson, output, error, $"Không có thư mục {where}.");
            ITileSource source = remote ? new TileSite(http, address!) : new TileFolder(where);
            try
            {
                var (keys, ownKey) = await TrustedAsync(result.GetValue(Keys)!, source, cancellationToken);
                if (keys.Count == 0) return await CannotTellAsync(asJson, output, error, "Không có khóa nào để kiểm chữ ký: nhật ký không kèm khóa và chưa nêu --key.");
                var before = result.GetValue(since) is { } earlier ? LogCheck.ReadCheckpoint(await File.ReadAllBytesAsync(earlier.FullName, cancellationToken), keys).Checkpoint : null;
                var found = await LogCheck.RunAsync(source, keys, before, null, cancellationToken);
                IReadOnlyList<VerifiedTimeStamp> stamps = [];
                if (!remote)
                {
                    await LogCheck.LookForStrangersAsync(where, found.Checkpoint.Size, cancellationToken);
                    var roots = new X509Certificate2Collection();
                    foreach (var file in result.GetValue(authorities)!) roots.ImportFromPemFile(file);
                    var reader = new TileReader(source, found.Checkpoint.Size);
                    stamps = await TimeStamp.CheckAsync(where, keys, [.. roots], async stamped => stamped.Origin == found.Checkpoint.Origin && stamped.Size <= found.Checkpoint.Size
                        && stamped.Root == await reader.RootAsync(0, stamped.Size, cancellationToken), cancellationToken);
                }

                if (asJson) await output.WriteLineAsync(JsonSerializer.Serialize(new LogVerdict("passed", found.Checkpoint.Origin, found.Checkpoint.Size, found.Checkpoint.Root.ToString(), null, null, null), VerdictJson.Default.LogVerdict));
                else
                {
                    await output.WriteLineAsync($"Đúng: {Vietnamese.Number(found.Checkpoint.Size)} bản ghi của {found.Checkpoint.Origin}, gốc {found.Checkpoint.Root}.");
                    if (before is not null) await output.WriteLineAsync($"Nối tiếp lần trước ({Vietnamese.Number(before.Size)} bản ghi).");
                    if (found.Witnessed is { } witnessed && found.Cosignatures.Count > 0) await output.WriteLineAsync($"Đến bản ghi {Vietnamese.Number(witnessed.Size)} đã có nhân chứng cùng ký:");
                    foreach (var witness in found.Cosignatures) await output.WriteLineAsync($"  {witness.Key.Name}, lúc {Vietnamese.Instant(witness.At!.Value)}.");
                    if (stamps.Count > 0) await output.WriteLineAsync($"Dấu thời gian: {stamps.Count}, mới nhất lúc {Vietnamese.Instant(stamps.MaxBy(s => s.Size)!.At)} đến bản ghi {Vietnamese.Number(stamps.Max(s => s.Size))}{(result.GetValue(authorities)!.Length == 0 ? " (chưa kiểm chứng thư của bên cấp: nêu --tsa-ca)" : "")}.");
                    if (ownKey) await output.WriteLineAsync("Lưu ý: khóa lấy từ chính nhật ký. Hãy đối chiếu với khóa nhận qua đường khác: " + keys[0]);
                }

                return 0;
            }
            catch (LogDamagedException damage)
            {
                var what = $"{Place(damage.Where)}: {Words(damage.Fault)}";
                if (asJson) await output.WriteLineAsync(JsonSerializer.Serialize(new LogVerdict("failed", null, null, null, damage.Where, damage.Fault.ToString(), what), VerdictJson.Default.LogVerdict));
                await error.WriteLineAsync("SAI. " + what);
                return Damaged;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or TaskCanceledException or InvalidDataException or CryptographicException)
            {
                return await CannotTellAsync(asJson, output, error, "Không đọc được nhật ký: " + e.Message);
            }
        });
        return new Command("log", "Nhật ký niêm phong.") { verify, Audit() };
    }

    /// <summary>Compares the audit trail in the database with its sealed log: also the owner of the database changes nothing unseen.</summary>
    private static Command Audit()
    {
        var audit = new Command("audit", "Đối chiếu vết kiểm toán trong cơ sở dữ liệu với nhật ký niêm phong của nó.") { Keys };
        audit.SetAction(async (result, cancellationToken) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var storage = CommonOptions.Storage(result);
            var folder = Path.Combine(SealAudit.FolderIn(storage), "public");
            if (!File.Exists(Path.Combine(folder, PublicFiles.Checkpoint))) return await CannotTellAsync(false, output, error, "Chưa có nhật ký niêm phong của vết kiểm toán trong thư mục dữ liệu.");
            try
            {
                var source = new TileFolder(folder);
                var (keys, _) = await TrustedAsync(result.GetValue(Keys)!, source, cancellationToken);
                var found = await LogCheck.RunAsync(source, keys, null, null, cancellationToken);
                await using var services = MigrateVerb.Storage(storage);
                var compared = await services.GetRequiredService<CheckAudit>().HandleAsync(found.Checkpoint, cancellationToken);
                await output.WriteLineAsync($"{Vietnamese.Number(compared.Sealed)} vết đúng như khi niêm phong; {Vietnamese.Number(compared.Waiting)} vết chờ niêm phong.");
                foreach (var problem in compared.Problems)
                {
                    await error.WriteLineAsync($"SAI. Vết {problem.Record} (bản ghi {problem.EntryIndex}): " + problem.Fault switch
                    {
                        AuditFault.Altered => "nội dung khác lúc niêm phong",
                        AuditFault.Removed => "đã niêm phong nhưng không còn trong cơ sở dữ liệu",
                        _ => "ghi là đã niêm phong nhưng không có trong nhật ký",
                    });
                }

                return compared.Problems.Count == 0 ? 0 : Damaged;
            }
            catch (LogDamagedException damage)
            {
                await error.WriteLineAsync($"SAI. {Place(damage.Where)}: {Words(damage.Fault)}");
                return Damaged;
            }
        });
        return audit;
    }

    /// <summary>The keys somebody named; else the one that lies with the log.</summary>
    internal static async Task<(IReadOnlyList<NoteKey> Keys, bool Own)> TrustedAsync(string[] named, ITileSource? source, CancellationToken cancellationToken)
    {
        var keys = new List<NoteKey>();
        foreach (var name in named)
        {
            var lines = File.Exists(name) ? await File.ReadAllLinesAsync(name, cancellationToken) : [name];
            foreach (var line in lines.Where(l => l.Trim().Length > 0))
            {
                if (!NoteKey.TryParse(line, out var key)) throw new InvalidDataException($"không phải khóa: {(line.Length > 60 ? line[..60] + "…" : line)}");
                keys.Add(key);
            }
        }

        if (named.Length > 0 || source is null) return (keys, false);
        var own = await source.ReadAsync(PublicFiles.Key, cancellationToken);
        if (own is null) return ([], true);
        if (!NoteKey.TryParse(System.Text.Encoding.UTF8.GetString(own), out var found)) throw new LogDamagedException(PublicFiles.Key, LogFault.Unreadable);
        keys.Add(found);
        foreach (var line in System.Text.Encoding.UTF8.GetString(await source.ReadAsync(PublicFiles.Witnesses, cancellationToken) ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            keys.Add(NoteKey.TryParse(line, out var witness) ? witness : throw new LogDamagedException(PublicFiles.Witnesses, LogFault.Unreadable));
        }

        return (keys, true);
    }

    internal static string Place(string where) => where.StartsWith("entry ", StringComparison.Ordinal) ? "bản ghi " + where["entry ".Length..] : where;

    internal static string Words(LogFault fault) => fault switch
    {
        LogFault.Missing => "không có",
        LogFault.Length => "dài hoặc ngắn hơn phải có",
        LogFault.Unreadable => "không đúng dạng",
        LogFault.Hash => "nội dung không khớp giá trị băm, đã bị sửa",
        LogFault.Root => "không khớp gốc đã ký",
        LogFault.Signature => "không có chữ ký đúng của nhật ký",
        LogFault.Origin => "là của nhật ký khác",
        LogFault.Inconsistent => "không nối tiếp những gì đã thấy trước đây: nhật ký bị thay hoặc bị lùi",
        LogFault.Gap => "thiếu những bản ghi đã xác nhận",
        _ => "là tệp lạ, không thuộc nhật ký này",
    };

    private static async Task<int> CannotTellAsync(bool asJson, TextWriter output, TextWriter error, string why)
    {
        if (asJson) await output.WriteLineAsync(JsonSerializer.Serialize(new LogVerdict("indeterminate", null, null, null, null, null, why), VerdictJson.Default.LogVerdict));
        await error.WriteLineAsync("Chưa kết luận được. " + why);
        return CannotTell;
    }
}

/// <summary>The answer of a check for machines: passed, failed or indeterminate, and where the first fault lies.</summary>
internal sealed record LogVerdict(string Verdict, string? Origin, long? Size, string? Root, string? Where, string? Fault, string? Message);

[System.Text.Json.Serialization.JsonSerializable(typeof(LogVerdict))]
[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class VerdictJson : System.Text.Json.Serialization.JsonSerializerContext;
