using System.Security.Cryptography;
using System.Text;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Unit.Gateway.Log;

/// <summary>The log on a real disk: what was acknowledged is there after any end, and nothing damaged is taken for whole (R-SHR-09, T39).</summary>
public sealed class SealedLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-log-").FullName;
    private readonly NoteSigner _signer = new("log.example/node-1", ECDsa.Create(ECCurve.NamedCurves.nistP256));

    [Fact]
    public async Task What_was_appended_is_in_the_tree_in_its_order_and_every_entry_has_its_proof()
    {
        await using (var log = Open())
        {
            await AppendAsync(log, 0, 1_000);
            await log.SealAsync();
            Assert.Equal(1_000, log.SealedSize);
        }

        var checkpoint = ReadCheckpoint();
        var reader = new TileReader(new TileFolder(Public), checkpoint.Size);
        Assert.Equal(1_000, checkpoint.Size);
        Assert.Equal(checkpoint.Root, await reader.RootAsync(0, 1_000, default));
        foreach (var index in (long[])[0, 255, 256, 999])
        {
            var entry = (await reader.EntriesAsync(index / 256, default))[(int)(index % 256)];
            Assert.Equal($"entry {index}", Encoding.UTF8.GetString(entry.Span));
            Assert.True(MerkleProof.Includes(index, 1_000, MerkleHash.Leaf(entry.Span), [.. await reader.InclusionAsync(index, default)], checkpoint.Root));
        }
    }

    [Fact]
    public async Task A_log_goes_on_where_it_stopped_and_begins_with_what_it_was()
    {
        var seen = new List<Checkpoint>();
        for (var run = 0; run < 5; run++)
        {
            await using (var log = Open()) await AppendAsync(log, run * 300, 300);
            seen.Add(ReadCheckpoint());
        }

        Assert.Equal([300, 600, 900, 1_200, 1_500], seen.Select(c => c.Size));
        var last = seen[^1];
        foreach (var before in seen)
        {
            var path = await new TileReader(new TileFolder(Public), last.Size).ConsistencyAsync(before.Size, default);
            Assert.True(MerkleProof.Extends(before.Size, before.Root, last.Size, last.Root, [.. path]));
        }
    }

    [Fact]
    public async Task What_only_reached_the_write_ahead_file_is_in_the_log_after_a_crash()
    {
        await using (var log = Open()) await AppendAsync(log, 0, 10);
        var crashed = _folder + "-crashed";
        await using (var log = Open())
        {
            await AppendAsync(log, 10, 500);

            // The state of the disk as a crash leaves it: the files as they are this moment, in any stage of sealing.
            Copy(_folder, crashed);
        }

        await using (var log = Open(crashed))
        {
            await log.SealAsync();
            Assert.Equal(510, log.SealedSize);
        }

        var reader = new TileReader(new TileFolder(Path.Combine(crashed, "public")), 510);
        Assert.Equal("entry 509", Encoding.UTF8.GetString((await reader.EntriesAsync(1, default))[253].Span));
        Directory.Delete(crashed, recursive: true);
    }

    [Fact]
    public async Task A_log_whose_checkpoint_tiles_or_write_ahead_file_were_put_back_or_taken_away_does_not_go_on()
    {
        await using (var log = Open()) await AppendAsync(log, 0, 300);
        Copy(Public, _folder + "-old");
        await using (var log = Open()) await AppendAsync(log, 300, 300);
        await using (var log = Open()) await AppendAsync(log, 600, 10);

        var now = _folder + "-now";
        foreach (var (harm, fault) in new (Action Harm, LogFault Fault)[]
        {
            (() => { Directory.Delete(Path.Combine(now, "public"), true); Copy(_folder + "-old", Path.Combine(now, "public")); }, LogFault.Gap),
            (() => Directory.Delete(Path.Combine(now, "private", "wal"), true), LogFault.Missing),
            (() => Flip(Path.Combine(now, "public", "tile", "0", "002.p", "98"), 77), LogFault.Root),
            (() => Flip(Path.Combine(now, "public", "checkpoint"), 30), LogFault.Signature),
            (() => File.Delete(Path.Combine(now, "public", "tile", "1", "000.p", "2")), LogFault.Missing),
        })
        {
            Copy(_folder, now);
            harm();
            Assert.Equal(fault, Assert.Throws<LogDamagedException>(() => Open(now)).Fault);
            Directory.Delete(now, recursive: true);
        }

        Directory.Delete(_folder + "-old", recursive: true);
    }

    [Fact]
    public async Task Two_processes_never_write_one_log()
    {
        await using var log = Open();
        Assert.ThrowsAny<IOException>(() => Open());
    }

    [Fact]
    public async Task Many_who_append_at_once_each_get_a_place_of_their_own_and_all_are_kept()
    {
        var places = new System.Collections.Concurrent.ConcurrentDictionary<long, string>();
        await using (var log = Open())
        {
            await Parallel.ForAsync(0, 64, async (worker, cancellation) =>
            {
                for (var i = 0; i < 100; i++)
                {
                    var text = $"{worker}/{i}";
                    var appended = log.Append(Encoding.UTF8.GetBytes(text), []);
                    await appended.OnDisk;
                    Assert.True(places.TryAdd(appended.Index, text));
                }
            });
        }

        var reader = new TileReader(new TileFolder(Public), 6_400);
        for (var bundle = 0; bundle < 25; bundle++)
        {
            var entries = await reader.EntriesAsync(bundle, default);
            for (var i = 0; i < 256; i++) Assert.Equal(places[(bundle * 256) + i], Encoding.UTF8.GetString(entries[i].Span));
        }
    }

    [Fact]
    public async Task What_is_kept_aside_can_be_erased_and_every_proof_still_holds()
    {
        await using (var log = Open()) await AppendAsync(log, 0, 400);
        var before = ReadCheckpoint();
        Assert.Equal("salt 7", Encoding.UTF8.GetString(Asides.Read(Path.Combine(_folder, "private"), 0, 256)[7].Span));
        Asides.Erase(Path.Combine(_folder, "private"), 7);
        Assert.Equal(0, Asides.Read(Path.Combine(_folder, "private"), 0, 256)[7].Length);
        Assert.Equal("salt 8", Encoding.UTF8.GetString(Asides.Read(Path.Combine(_folder, "private"), 0, 256)[8].Span));

        await using (var log = Open()) await AppendAsync(log, 400, 200);
        Assert.Equal("salt 399", Encoding.UTF8.GetString(Asides.Read(Path.Combine(_folder, "private"), 1, 256)[143].Span));
        var reader = new TileReader(new TileFolder(Public), before.Size);
        Assert.Equal(before.Root, await reader.RootAsync(0, before.Size, default));
    }

    [Fact]
    public async Task An_entry_too_large_for_its_length_field_is_refused_before_it_has_a_place()
    {
        await using var log = Open();
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Append(new byte[65_536], []));
        await log.Append(new byte[65_535], []).OnDisk;
        await log.SealAsync();
        Assert.Equal(1, log.SealedSize);
    }

    [Fact]
    public async Task Segments_are_used_again_and_do_not_pile_up()
    {
        await using (var log = Open())
        {
            for (var i = 0; i < 20; i++)
            {
                var waits = Enumerable.Range(0, 32).Select(_ => log.Append(new byte[60_000], []).OnDisk).ToList();   // 38 MB in all.
                await Task.WhenAll(waits);
                await log.SealAsync();
            }
        }

        Assert.InRange(Directory.GetFiles(Path.Combine(_folder, "private", "wal")).Length, 1, 6);
        await using (var log = Open()) await AppendAsync(log, 0, 5);
        Assert.Equal((20 * 32) + 5, ReadCheckpoint().Size);
    }

    private string Public => Path.Combine(_folder, "public");

    private SealedLog Open(string? folder = null) => SealedLog.Open(
        new SealedLogOptions { Folder = folder ?? _folder, Origin = "log.example/node-1", Signer = _signer }, TimeProvider.System, NullLogger.Instance);

    private static async Task AppendAsync(SealedLog log, int from, int count)
    {
        var waits = new List<Task>(count);
        for (var i = from; i < from + count; i++) waits.Add(log.Append(Encoding.UTF8.GetBytes($"entry {i}"), Encoding.UTF8.GetBytes($"salt {i}")).OnDisk);
        await Task.WhenAll(waits);
    }

    private Checkpoint ReadCheckpoint()
    {
        Assert.True(SignedNote.TryParse(File.ReadAllText(Path.Combine(Public, "checkpoint")), out var note));
        Assert.Single(note.Verify([_signer.Key])!);
        Assert.True(Checkpoint.TryParse(note.Text, out var checkpoint));
        return checkpoint;
    }

    private static void Flip(string file, int at)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at] ^= 4;
        File.WriteAllBytes(file, bytes);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try { File.Copy(file, target, overwrite: true); }
            catch (FileNotFoundException) { }   // It was renamed meanwhile; a crash would not have left it either.
            catch (IOException) when (Path.GetFileName(file) == "lock") { }
        }
    }

    public void Dispose()
    {
        _signer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
