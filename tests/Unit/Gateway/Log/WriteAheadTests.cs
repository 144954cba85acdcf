using System.Text;
using LienThong.Gateway.Log;
using Xunit;

namespace LienThong.Unit.Gateway.Log;

/// <summary>The write-ahead file alone: what a crash may leave is taken up, what only damage can explain is refused (R-SHR-09, T05, T39).</summary>
public sealed class WriteAheadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-wal-").FullName;

    [Fact]
    public void Every_entry_comes_back_in_its_order_with_what_was_kept_aside()
    {
        using (var file = Open(0)) Write(file, 0, 3, 4, 1, 700);
        Assert.Equal(Enumerable.Range(0, 708).Select(i => $"{i}: entry {i} / aside {i}"), Replayed(0));
        Assert.Equal(Enumerable.Range(500, 208).Select(i => $"{i}: entry {i} / aside {i}"), Replayed(500));
    }

    [Fact]
    public void The_last_batch_cut_anywhere_is_dropped_for_nobody_was_told_that_it_is_there()
    {
        using (var file = Open(0)) Write(file, 0, 2, 2, 300);   // The last batch takes several pages.
        var segment = Segment();
        var whole = File.ReadAllBytes(segment);
        foreach (var cut in (int[])[2 * Page, (2 * Page) + 1, (2 * Page) + 28, (2 * Page) + 29, (3 * Page) - 1, 3 * Page, (3 * Page) + 100])
        {
            var torn = whole.ToArray();
            torn.AsSpan(cut).Clear();
            File.WriteAllBytes(segment, torn);
            Assert.Equal(4, Replayed(0).Count);
            RemoveAllBut(segment);
        }
    }

    [Fact]
    public void Pages_of_the_last_batch_that_reached_the_disk_out_of_order_are_dropped_too()
    {
        using (var file = Open(0)) Write(file, 0, 2, 400);
        var segment = Segment();
        var torn = File.ReadAllBytes(segment);
        torn.AsSpan(2 * Page, Page).Clear();   // The middle page of the second batch is missing, its others are there.
        File.WriteAllBytes(segment, torn);
        Assert.Equal(2, Replayed(0).Count);
    }

    [Fact]
    public void Any_flipped_bit_of_a_batch_with_another_behind_it_is_damage()
    {
        using (var file = Open(0)) Write(file, 0, 2, 2, 2);
        var segment = Segment();
        var whole = File.ReadAllBytes(segment);
        var used = 28 + (2 * (4 + "entry 2".Length + "aside 2".Length));
        Array.Resize(ref whole, 16 * Page);   // The rest of the segment is zeros.
        for (var bit = 0; bit < used * 8; bit++)
        {
            var damaged = whole.ToArray();
            damaged[Page + (bit / 8)] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(segment, damaged);
            Assert.Equal(LogFault.Gap, Assert.Throws<LogDamagedException>(() => Replayed(0)).Fault);
            RemoveAllBut(segment);
        }
    }

    [Fact]
    public void Entries_missing_before_the_first_segment_are_damage()
    {
        using (var file = Open(0)) Write(file, 0, 5);
        using (var file = Open(0)) Write(file, 5, 5);
        File.Delete(Directory.GetFiles(_folder).Min()!);
        Assert.Equal(LogFault.Gap, Assert.Throws<LogDamagedException>(() => Replayed(0)).Fault);
    }

    [Fact]
    public void After_a_failed_write_the_next_segment_is_right_from_its_first_entry_on()
    {
        using (var file = Open(0))
        {
            Write(file, 0, 3, 2);   // The second batch is on disk, but its flush "failed": nobody was told.
            file.Restart(3);
            var batch = new WriteAheadBatch();
            Assert.True(batch.TryAdd(3, "another"u8, []));
            file.Write(batch);
        }

        Assert.Equal("3: another / ", Replayed(0)[3]);
        Assert.Equal(4, Replayed(0).Count);
    }

    [Fact]
    public void Old_batches_in_a_segment_used_again_are_not_mistaken_for_new_ones()
    {
        using (var file = Open(0))
        {
            var next = 0;
            for (var round = 0; round < 40; round++)   // 80 MB: five segments one after the other.
            {
                var batch = new WriteAheadBatch();
                for (var i = 0; i < 33; i++) Assert.True(batch.TryAdd(next++, new byte[60_000], []));
                file.Write(batch);
                file.Release(next);
            }

            Write(file, next, 1);
            Assert.InRange(Directory.GetFiles(_folder).Length, 1, 4);
        }

        Assert.Single(Replayed(40 * 33));
    }

    private const int Page = WriteAheadBatch.Page;

    private string Segment() => Directory.GetFiles(_folder, "*.wal").Single();

    private void RemoveAllBut(string segment)
    {
        foreach (var other in Directory.GetFiles(_folder).Where(f => f != segment)) File.Delete(other);
    }

    private WriteAheadFile Open(long from) => WriteAheadFile.Open(_folder, from, (_, _, _) => { });

    private List<string> Replayed(long from)
    {
        var seen = new List<string>();
        WriteAheadFile.Open(_folder, from, (index, entry, aside) => seen.Add($"{index}: {Encoding.UTF8.GetString(entry)} / {Encoding.UTF8.GetString(aside)}")).Dispose();
        return seen;
    }

    private static void Write(WriteAheadFile file, int first, params int[] batches)
    {
        foreach (var count in batches)
        {
            var batch = new WriteAheadBatch();
            for (var i = 0; i < count; i++, first++) Assert.True(batch.TryAdd(first, Encoding.UTF8.GetBytes($"entry {first}"), Encoding.UTF8.GetBytes($"aside {first}")));
            file.Write(batch);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
