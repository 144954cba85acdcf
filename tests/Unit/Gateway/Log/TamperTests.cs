using System.Security.Cryptography;
using System.Text;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Gateway.Log;

/// <summary>
/// Whoever can write the log's files and does not hold its key changes nothing unseen (T39): bits, entries, tiles, files put in, taken away,
/// changed about, older copies. The check also says where.
/// </summary>
public sealed class TamperTests : IAsyncLifetime
{
    private const int Entries = 1_300;
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-tamper-").FullName;
    private readonly NoteSigner _signer = new("log.example/node-1", ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private Checkpoint _early = null!;

    private string Public => Path.Combine(_folder, "public");

    [Fact]
    public async Task An_untouched_log_passes_and_continues_what_was_seen_before()
    {
        Assert.Equal(Entries, (await CheckAsync(_early)).Checkpoint.Size);
        Assert.Equal(600, _early.Size);
    }

    [Fact]
    public async Task Every_one_of_a_thousand_random_flips_is_found()
    {
        var files = Directory.GetFiles(Public, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != PublicFiles.Key).ToList();
        var dice = new Random(20_261_122);
        for (var i = 0; i < 1_000; i++)
        {
            var file = files[dice.Next(files.Count)];
            var whole = await File.ReadAllBytesAsync(file);
            var bit = dice.Next(whole.Length * 8);
            var flipped = whole.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(file, flipped);
            var name = Path.GetRelativePath(Public, file);
            var damage = await Assert.ThrowsAsync<LogDamagedException>(() => CheckAsync());
            var number = name.StartsWith("tile/entries/", StringComparison.Ordinal) ? int.Parse(name.AsSpan("tile/entries/".Length, 3), System.Globalization.CultureInfo.InvariantCulture) : -1;
            Assert.True(damage.Where == name || (number >= 0 && damage.Where.StartsWith("entry ", StringComparison.Ordinal) && int.Parse(damage.Where.AsSpan(6), System.Globalization.CultureInfo.InvariantCulture) / 256 == number),
                $"bit {bit} of {name} was blamed on {damage.Where}");
            await File.WriteAllBytesAsync(file, whole);
        }
    }

    [Fact]
    public async Task An_entry_changed_is_named_by_its_number()
    {
        var path = Path.Combine(Public, new Tile(Tile.Entries, 3, Tile.Full).Path);
        var bytes = await File.ReadAllBytesAsync(path);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("entry 777"));
        bytes[at + 8] = (byte)'8';
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Equal("entry 777", (await Assert.ThrowsAsync<LogDamagedException>(() => CheckAsync())).Where);
    }

    [Fact]
    public async Task Entries_taken_out_put_in_or_changed_about_are_found_also_when_every_hash_below_is_made_anew()
    {
        foreach (var change in (Action<List<byte[]>>[])
        [
            entries => entries.RemoveAt(700),
            entries => entries.Insert(700, "entry that never was"u8.ToArray()),
            entries => (entries[700], entries[701]) = (entries[701], entries[700]),
            entries => entries.RemoveRange(1_200, 100),
            entries => entries[0] = "another beginning"u8.ToArray(),
        ])
        {
            var forged = Directory.CreateTempSubdirectory("lienthong-forged-").FullName;
            var entries = new List<byte[]>(Enumerable.Range(0, Entries).Select(i => Encoding.UTF8.GetBytes($"entry {i}")));
            change(entries);

            // The forger has the program and every file, only not the key: all tiles are consistent, the old signature is put on top.
            using (var other = new NoteSigner("log.example/node-1", ECDsa.Create(ECCurve.NamedCurves.nistP256)))
            await using (var log = SealedLog.Open(new SealedLogOptions { Folder = forged, Origin = "log.example/node-1", Signer = other }, TimeProvider.System, NullLogger.Instance))
                await Task.WhenAll(entries.Select(e => log.Append(e, []).OnDisk).ToList());
            await Assert.ThrowsAsync<LogDamagedException>(() => CheckAsync(folder: Path.Combine(forged, "public")));
            File.Copy(Path.Combine(Public, PublicFiles.Checkpoint), Path.Combine(forged, "public", PublicFiles.Checkpoint), overwrite: true);
            await Assert.ThrowsAsync<LogDamagedException>(() => CheckAsync(folder: Path.Combine(forged, "public")));
            Directory.Delete(forged, recursive: true);
        }
    }

    [Fact]
    public async Task Any_missing_or_strange_file_is_named()
    {
        foreach (var file in Directory.GetFiles(Public, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != PublicFiles.Key))
        {
            var name = Path.GetRelativePath(Public, file);
            if (name.Contains(".p/", StringComparison.Ordinal) && !Tile.AllAt(Entries).Concat(Tile.OfLevel(Tile.Entries, Entries)).Any(t => t.Path == name)) continue;   // Of an older checkpoint.
            File.Move(file, _folder + "-away");
            Assert.Equal(name, (await Assert.ThrowsAsync<LogDamagedException>(() => CheckAsync())).Where);
            File.Move(_folder + "-away", file);
        }

        var strange = Path.Combine(Public, "tile", "0", "009");
        await File.WriteAllBytesAsync(strange, new byte[8_192]);
        Assert.Equal("tile/0/009", (await Assert.ThrowsAsync<LogDamagedException>(() => CheckAsync())).Where);
    }

    [Fact]
    public async Task An_older_copy_put_back_or_a_log_that_went_another_way_does_not_continue_what_was_seen()
    {
        var (now, _) = await LogCheck.ReadCheckpointAsync(new TileFolder(Public), [_signer.Key], default);
        var fork = Directory.CreateTempSubdirectory("lienthong-fork-").FullName;
        await using (var log = SealedLog.Open(new SealedLogOptions { Folder = fork, Origin = "log.example/node-1", Signer = _signer }, TimeProvider.System, NullLogger.Instance))
        {
            // The same key, the same beginning, one entry that differs.
            await Task.WhenAll(Enumerable.Range(0, Entries + 5).Select(i => log.Append(Encoding.UTF8.GetBytes(i == 900 ? "rewritten" : $"entry {i}"), []).OnDisk).ToList());
        }

        var rewritten = Path.Combine(fork, "public");
        Assert.Equal(Entries + 5, (await CheckAsync(folder: rewritten)).Checkpoint.Size);   // In itself it is whole: only memory tells.
        Assert.Equal(LogFault.Inconsistent, (await Assert.ThrowsAsync<LogDamagedException>(() => CheckAsync(now, rewritten))).Fault);
        Assert.Equal(Entries + 5, (await CheckAsync(_early, rewritten)).Checkpoint.Size);   // What was seen at 600 entries is still its beginning.
        Assert.Equal(LogFault.Inconsistent, (await Assert.ThrowsAsync<LogDamagedException>(() => CheckAsync(now with { Size = Entries + 100 }))).Fault);
        Directory.Delete(fork, recursive: true);
    }

    [Fact]
    public async Task A_proof_travels_without_the_log_and_no_flipped_bit_of_it_passes()
    {
        var note = await File.ReadAllTextAsync(Path.Combine(Public, PublicFiles.Checkpoint));
        foreach (var index in (long[])[0, 700, Entries - 1])
        {
            var text = (await ProofFile.CreateAsync(new TileFolder(Public), note, index, default)).ToString();
            Assert.True(text.Length < 10_240);
            Assert.True(ProofFile.TryParse(text, out var proof));
            Assert.Equal($"entry {index}", Encoding.UTF8.GetString(proof.Entry.Span));
            Assert.Equal(Entries, proof.Check([_signer.Key]).Checkpoint.Size);

            var bytes = Encoding.UTF8.GetBytes(text);
            for (var bit = 0; bit < bytes.Length * 8; bit += 3)
            {
                var flipped = bytes.ToArray();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                if (!ProofFile.TryParse(Encoding.UTF8.GetString(flipped), out var altered)) continue;
                Assert.Throws<LogDamagedException>(() => altered.Check([_signer.Key]));
            }
        }
    }

    [Fact]
    public async Task A_proof_by_another_key_of_the_same_name_proves_nothing()
    {
        using var other = new NoteSigner("log.example/node-1", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var note = await File.ReadAllTextAsync(Path.Combine(Public, PublicFiles.Checkpoint));
        var proof = await ProofFile.CreateAsync(new TileFolder(Public), note, 5, default);
        Assert.Equal(LogFault.Signature, Assert.Throws<LogDamagedException>(() => proof.Check([other.Key])).Fault);
    }

    private async Task<CheckedLog> CheckAsync(Checkpoint? before = null, string? folder = null)
    {
        folder ??= Public;
        var found = await LogCheck.RunAsync(new TileFolder(folder), [_signer.Key], before, null, default);
        await LogCheck.LookForStrangersAsync(folder, found.Checkpoint.Size, default);
        return found;
    }

    public async ValueTask InitializeAsync()
    {
        foreach (var (from, to) in ((int, int)[])[(0, 600), (600, 1_290), (1_290, Entries)])
        {
            await using (var log = SealedLog.Open(new SealedLogOptions { Folder = _folder, Origin = "log.example/node-1", Signer = _signer }, TimeProvider.System, NullLogger.Instance))
                await Task.WhenAll(Enumerable.Range(from, to - from).Select(i => log.Append(Encoding.UTF8.GetBytes($"entry {i}"), []).OnDisk).ToList());
            if (to == 600) (_early, _) = await LogCheck.ReadCheckpointAsync(new TileFolder(Public), [_signer.Key], default);
        }
    }

    public ValueTask DisposeAsync()
    {
        _signer.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
