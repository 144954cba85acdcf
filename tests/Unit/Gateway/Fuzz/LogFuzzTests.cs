using System.Security.Cryptography;
using System.Text;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Gateway.Fuzz;

/// <summary>What auditors are handed, bent by chance (T39, T40): a proof or a log that still passes says what the true one says.</summary>
public sealed class LogFuzzTests : IAsyncLifetime
{
    private const int Entries = 600;
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-fuzz-").FullName;
    private readonly NoteSigner _signer = new("log.example/node-1", ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private Checkpoint _true = null!;

    private string Public => Path.Combine(_folder, "public");

    [Fact]
    public async Task A_bent_proof_that_still_holds_shows_the_same_entry_at_the_same_place()
    {
        var note = await File.ReadAllTextAsync(Path.Combine(Public, PublicFiles.Checkpoint));
        var proofs = new List<string>();
        foreach (var index in (long[])[0, 255, 256, Entries - 1]) proofs.Add((await ProofFile.CreateAsync(new TileFolder(Public), note, index, default)).ToString());
        await Fuzzing.RunAsync("proof", proofs, ["\n", "\n\n", "extra ", "index ", "0", "—", " ", "=", "log.example/node-1", "+", "\r"], 4_000, input =>
        {
            if (!ProofFile.TryParse(Encoding.UTF8.GetString(input), out var proof)) return Task.FromResult("no proof");
            try
            {
                var (checkpoint, _) = proof.Check([_signer.Key]);
                Assert.Equal(_true, checkpoint);
                Assert.Equal($"entry {proof.Index}", Encoding.UTF8.GetString(proof.Entry.Span));
                return Task.FromResult("holds");
            }
            catch (LogDamagedException damage)
            {
                return Task.FromResult($"{damage.Where.Split(' ')[0]} {damage.Fault}");
            }
        });
    }

    [Fact]
    public async Task A_bent_log_that_still_passes_has_the_same_entries()
    {
        var files = Directory.GetFiles(Public, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where(f => Path.GetFileName(f) != PublicFiles.Key).ToList();
        // Each input is a list of deeds: which file, what is done to it, where, with which byte.
        await Fuzzing.RunAsync("log", ["\u0000\u0000\u0000\u0001", "\u0001\u0003\u0010\u0000", "\u0002\u0004\u0001\u0000"], ["\u0001", "\u0005", "\u007f", "\u0000\u0000"], 300, async input =>
        {
            var before = new Dictionary<string, byte[]>();
            for (var at = 0; at + 3 < input.Length && before.Count < 3; at += 4)
            {
                var file = files[input[at] % files.Count];
                if (!File.Exists(file)) continue;
                var bytes = await File.ReadAllBytesAsync(file);
                before.TryAdd(file, [.. bytes]);
                var place = bytes.Length == 0 ? 0 : (input[at + 2] * 257 + input[at + 3]) % bytes.Length;
                switch (input[at + 1] % 6)
                {
                    case 0 when bytes.Length > 0: bytes[place] ^= (byte)(1 << (input[at + 3] % 8)); await File.WriteAllBytesAsync(file, bytes); break;
                    case 1: await File.WriteAllBytesAsync(file, bytes[..place]); break;
                    case 2: await File.WriteAllBytesAsync(file, [.. bytes, input[at + 3]]); break;
                    case 3: File.Delete(file); break;
                    case 4: await File.WriteAllBytesAsync(file, await File.ReadAllBytesAsync(files[(input[at] + 1 + input[at + 3]) % files.Count] is { } other && File.Exists(other) ? other : file)); break;
                    default: await File.WriteAllBytesAsync(file, [.. bytes[..place], input[at + 3], .. bytes[place..]]); break;
                }
            }

            try
            {
                var found = await LogCheck.RunAsync(new TileFolder(Public), [_signer.Key], null, null, default);
                Assert.Equal(_true, found.Checkpoint);
                var reader = new TileReader(new TileFolder(Public), Entries);
                for (long bundle = 0; bundle * Tile.Full < Entries; bundle++)
                {
                    var index = bundle * Tile.Full;
                    foreach (var entry in await reader.EntriesAsync(bundle, default)) Assert.Equal($"entry {index++}", Encoding.UTF8.GetString(entry.Span));
                }

                return "passes";
            }
            catch (LogDamagedException damage)
            {
                return $"{damage.Where.Split('/')[0].Split(' ')[0]} {damage.Fault}";
            }
            finally
            {
                foreach (var (file, bytes) in before) await File.WriteAllBytesAsync(file, bytes);
            }
        });
        Assert.Equal(_true, (await LogCheck.RunAsync(new TileFolder(Public), [_signer.Key], null, null, default)).Checkpoint);
    }

    public async ValueTask InitializeAsync()
    {
        await using (var log = SealedLog.Open(new SealedLogOptions { Folder = _folder, Origin = "log.example/node-1", Signer = _signer }, TimeProvider.System, NullLogger.Instance))
        {
            await Task.WhenAll(Enumerable.Range(0, Entries).Select(i => log.Append(Encoding.UTF8.GetBytes($"entry {i}"), []).OnDisk).ToList());
        }

        (_true, _) = await LogCheck.ReadCheckpointAsync(new TileFolder(Public), [_signer.Key], default);
    }

    public ValueTask DisposeAsync()
    {
        _signer.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
