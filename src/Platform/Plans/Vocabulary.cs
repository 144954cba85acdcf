using System.Buffers;

namespace LienThong.Platform.Plans;

/// <summary>
/// Every word of the search texts once, with a number; a task holds the numbers of its words. A text of 150 letters takes some 40 bytes, and a
/// search looks for its letters in some thousands of words instead of in every text. One writes at a time (the index has a gate); many read.
/// </summary>
internal sealed class Vocabulary
{
    /// <summary>A number in bytes of seven bits: five hold any.</summary>
    private const int BytesMax = 5;

    /// <summary>Searches kept ready: what a board and its lists ask for again and again.</summary>
    private const int SetsMax = 100;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<int> _found = [];
    private readonly Recent<string, WordSet> _sets = new(SetsMax);
    private volatile Words _words = new([], 0);

    /// <summary>The words of a folded text: their numbers from low to high, each as the step from the one before.</summary>
    public byte[] Write(string text)
    {
        _found.Clear();
        var find = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = text.AsSpan();
        foreach (var range in words.Split(' '))
        {
            var word = words[range];
            if (word.IsEmpty) continue;
            if (!find.TryGetValue(word, out var number)) number = Add(word.ToString());
            _found.Add(number);
        }

        _found.Sort();

        var bytes = ArrayPool<byte>.Shared.Rent((_found.Count * BytesMax) + 1);
        var (length, last) = (0, 0);
        for (var i = 0; i < _found.Count; i++)
        {
            if (i > 0 && _found[i] == last) continue;   // A word said twice.
            var (number, step) = (_found[i], (uint)(_found[i] - last));
            for (last = number; step >= 0x80; step >>= 7) bytes[length++] = (byte)(step | 0x80);
            bytes[length++] = (byte)step;
        }

        var written = bytes.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(bytes);
        return written;
    }

    /// <summary>The words known by now that hold these letters; a text written later may have others.</summary>
    public WordSet Holding(string letters)
    {
        var (all, count) = _words;
        if (_sets.Find(letters) is { } known && known.Count == count) return known;
        var bits = new ulong[(count + 63) / 64];
        for (var number = 0; number < count; number++)
        {
            if (all[number].Contains(letters, StringComparison.Ordinal)) bits[number >> 6] |= 1UL << (number & 63);
        }

        return _sets.Keep(letters, new WordSet(bits, count));
    }

    private int Add(string word)
    {
        var (all, count) = _words;
        if (count == all.Length) Array.Resize(ref all, Math.Max(1024, count * 2));
        all[count] = word;   // Readers look no further than the count they took, which says this word only after it is in place.
        _words = new Words(all, count + 1);
        return _numbers[word] = count;
    }

    private sealed record Words(string[] All, int Count);
}

/// <summary>Some words of a vocabulary, by their numbers.</summary>
internal sealed class WordSet(ulong[] bits, int count)
{
    /// <summary>How many words the vocabulary had.</summary>
    public int Count => count;

    /// <summary>Whether one of them is among the words of a text (<see cref="Vocabulary.Write"/>).</summary>
    public bool IsIn(ReadOnlySpan<byte> words)
    {
        uint number = 0;
        for (var at = 0; at < words.Length;)
        {
            uint step = words[at++];
            if (step >= 0x80)
            {
                step &= 0x7f;
                for (var shift = 7; ; shift += 7)
                {
                    var more = words[at++];
                    step |= (uint)(more & 0x7f) << shift;
                    if (more < 0x80) break;
                }
            }

            number += step;
            if (number < (uint)count && (bits[number >> 6] & (1UL << (int)(number & 63))) != 0) return true;
        }

        return false;
    }
}
