using System.CommandLine;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Log;
using LienThong.Kernel;

namespace LienThong.Cli;

/// <summary><c>lienthong proof create --call ID --out FILE</c> and <c>proof verify FILE</c>: one call's evidence in one small file, checked without any server.</summary>
internal static class ProofVerb
{
    private const int Wrong = 1, NotFound = 2, CannotTell = 3;

    public static Command Build() => new("proof", "Bằng chứng của một lần gọi.") { Create(), Verify() };

    private static Command Create()
    {
        var call = new Option<Guid>("--call") { Description = "Mã lần gọi.", Required = true };
        var to = new Option<FileInfo>("--out") { Description = "Tệp bằng chứng sẽ ghi.", Required = true };
        var log = new Option<DirectoryInfo?>("--log") { Description = "Thư mục công khai của nhật ký; không nêu thì tìm trong mọi nhật ký của thư mục dữ liệu." };
        var create = new Command("create", "Lập tệp bằng chứng của một lần gọi.") { call, to, log };
        create.SetAction(async (result, cancellationToken) =>
        {
            var error = result.InvocationConfiguration.Error;
            var folders = result.GetValue(log) is { } named ? [named.FullName] : Logs(CommonOptions.Storage(result).DataFolder);
            try
            {
                foreach (var folder in folders)
                {
                    if (await FindAsync(folder, result.GetValue(call), cancellationToken) is not { } found) continue;
                    var proof = await ProofFile.CreateAsync(new TileFolder(folder), found.Note, found.Index, cancellationToken);
                    var path = result.GetValue(to)!.FullName;
                    await File.WriteAllTextAsync(path, proof.ToString(), cancellationToken);
                    if (File.Exists(Path.Combine(folder, PublicFiles.Key))) File.Copy(Path.Combine(folder, PublicFiles.Key), path + KeyBeside, overwrite: true);
                    await result.InvocationConfiguration.Output.WriteLineAsync($"Đã ghi {path} (bản ghi {found.Index}).");
                    return 0;
                }
            }
            catch (LogDamagedException damage)
            {
                await error.WriteLineAsync($"Không lập được bằng chứng. {LogVerb.Place(damage.Where)}: {LogVerb.Words(damage.Fault)}");
                return Wrong;
            }

            await error.WriteLineAsync(folders.Count == 0 ? "Không có nhật ký nào trong thư mục dữ liệu." : $"Không có lần gọi {result.GetValue(call)} trong nhật ký đã niêm phong; nếu vừa gọi, hãy thử lại sau vài giây.");
            return NotFound;
        });
        return create;
    }

    private static Command Verify()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Tệp bằng chứng." };
        var json = new Option<bool>("--json") { Description = "In kết quả dạng JSON." };
        var verify = new Command("verify", "Kiểm một tệp bằng chứng; không cần máy chủ, không cần nội dung đã trao đổi.") { file, LogVerb.Keys, json };
        verify.SetAction(async (result, cancellationToken) =>
        {
            var (output, error, asJson) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, result.GetValue(json));
            var path = result.GetValue(file)!.FullName;
            LogVerdict verdict;
            try
            {
                var beside = path + KeyBeside;
                var named = result.GetValue(LogVerb.Keys)!;
                var own = named.Length == 0;
                if (own) named = [.. Logs(CommonOptions.Storage(result).DataFolder).Select(f => Path.Combine(f, PublicFiles.Key)).Append(beside).Where(File.Exists).Distinct()];
                var (keys, _) = await LogVerb.TrustedAsync(named, null, cancellationToken);
                if (keys.Count == 0)
                {
                    verdict = new("indeterminate", null, null, null, null, null, "Không có khóa nào để kiểm chữ ký; hãy nêu --key.");
                }
                else if (!ProofFile.TryParse(await ReadAsync(path, cancellationToken), out var proof))
                {
                    verdict = new("failed", null, null, null, "proof", LogFault.Unreadable.ToString(), "Tệp không đúng dạng bằng chứng.");
                }
                else
                {
                    var (checkpoint, signatures) = proof.Check(keys);
                    verdict = new("passed", checkpoint.Origin, checkpoint.Size, checkpoint.Root.ToString(), $"entry {proof.Index}", null, null);
                    if (!asJson)
                    {
                        await output.WriteLineAsync($"Đúng: bản ghi {Vietnamese.Number(proof.Index)} nằm trong {Vietnamese.Number(checkpoint.Size)} bản ghi đã ký của {checkpoint.Origin}.");
                        await output.WriteLineAsync(Encoding.UTF8.GetString(proof.Entry.Span));
                        foreach (var witness in signatures.Where(s => s.At is not null)) await output.WriteLineAsync($"Nhân chứng {witness.Key.Name} đã thấy lúc {Vietnamese.Instant(witness.At!.Value)}.");
                        if (own) await output.WriteLineAsync("Lưu ý: khóa lấy từ máy này hoặc từ tệp đi kèm. Hãy đối chiếu với khóa nhận qua đường khác: " + keys.First(k => signatures.Any(s => s.Key == k)));
                    }
                }
            }
            catch (LogDamagedException damage)
            {
                verdict = new("failed", null, null, null, damage.Where, damage.Fault.ToString(), $"{LogVerb.Place(damage.Where)}: {LogVerb.Words(damage.Fault)}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                verdict = new("indeterminate", null, null, null, null, null, "Không đọc được: " + e.Message);
            }

            if (asJson) await output.WriteLineAsync(JsonSerializer.Serialize(verdict, VerdictJson.Default.LogVerdict));
            if (verdict.Verdict == "failed") await error.WriteLineAsync("SAI. " + verdict.Message);
            if (verdict.Verdict == "indeterminate") await error.WriteLineAsync("Chưa kết luận được. " + verdict.Message);
            return verdict.Verdict switch { "passed" => 0, "failed" => Wrong, _ => CannotTell };
        });
        return verify;
    }

    /// <summary>The public key of the log travels beside the proof, to be compared with one that came another way.</summary>
    private const string KeyBeside = ".key";

    /// <summary>Public folders of the logs in a data folder: <c>log/NODE/public</c>.</summary>
    private static List<string> Logs(string data)
    {
        var root = Path.Combine(data, "log");
        return Directory.Exists(root) ? [.. Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).Select(d => Path.Combine(d, "public")).Where(d => File.Exists(Path.Combine(d, PublicFiles.Checkpoint)))] : [];
    }

    /// <summary>Where the last entry about a call stands: its closing if there is one. Looks from the end, since people ask about what just happened.</summary>
    private static async Task<(string Note, long Index)?> FindAsync(string folder, Guid call, CancellationToken cancellationToken)
    {
        var note = await File.ReadAllTextAsync(Path.Combine(folder, PublicFiles.Checkpoint), cancellationToken);
        if (!SignedNote.TryParse(note, out var signed) || !Checkpoint.TryParse(signed.Text, out var checkpoint)) throw new LogDamagedException(PublicFiles.Checkpoint, LogFault.Unreadable);
        var reader = new TileReader(new TileFolder(folder), checkpoint.Size);
        var wanted = Encoding.UTF8.GetBytes($"\"call\":\"{call}\"");
        for (var bundle = (checkpoint.Size - 1) / Tile.Full; bundle >= 0; bundle--)
        {
            var entries = await reader.EntriesAsync(bundle, cancellationToken);
            for (var i = entries.Count - 1; i >= 0; i--)
            {
                if (entries[i].Span.IndexOf(wanted) >= 0) return (note, (bundle * Tile.Full) + i);
            }
        }

        return null;
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken) =>
        new FileInfo(path).Length > ProofFile.CharactersMax * 3L ? "" : await File.ReadAllTextAsync(path, cancellationToken);
}
