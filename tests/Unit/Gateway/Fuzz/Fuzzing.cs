using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace LienThong.Unit.Gateway.Fuzz;

/// <summary>
/// Inputs bent by chance from a kept corpus. A target answers with a word for what it did with an input; an input that brings a new word is kept and bent further, so that
/// the search goes where the code has not been. <c>./test</c> runs a fixed number of rounds from a fixed seed; <c>./bench fuzz</c> sets LIENTHONG_FUZZ_SECONDS (for all targets
/// together) and LIENTHONG_FUZZ_KEEP (a folder for what was found) and begins elsewhere each time.
/// </summary>
internal sealed class Fuzzing
{
    /// <summary>Targets among which the seconds are shared.</summary>
    private const int Targets = 10;

    /// <summary>More would bend the same things again; the oldest go.</summary>
    private const int KeptMax = 400;

    private const int InputBytesMax = 8_192;

    private readonly string _target;
    private readonly string[] _words;
    private readonly Random _dice;
    private readonly List<byte[]> _corpus = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    private Fuzzing(string target, string[] words, int seed) => (_target, _words, _dice) = (target, words, new Random(seed));

    /// <summary>Bends inputs and gives them to a target, which throws when its promise is broken.</summary>
    /// <param name="target">Names the corpus.</param>
    /// <param name="seeds">Good inputs to begin with, beside the kept ones.</param>
    /// <param name="words">Pieces that mean something to the reader under test.</param>
    /// <param name="rounds">How often in <c>./test</c>.</param>
    /// <param name="run">What is done with an input; the word for what came of it.</param>
    public static async Task<int> RunAsync(string target, IEnumerable<string> seeds, string[] words, int rounds, Func<byte[], Task<string>> run)
    {
        var seconds = double.TryParse(Environment.GetEnvironmentVariable("LIENTHONG_FUZZ_SECONDS"), out var set) ? set / Targets : 0;
        var keep = Environment.GetEnvironmentVariable("LIENTHONG_FUZZ_KEEP");
        var seed = seconds > 0 ? RandomNumberGenerator.GetInt32(int.MaxValue) : 20_261_122;
        var fuzzing = new Fuzzing(target, words, seed);
        var kept = Path.Combine(AppContext.BaseDirectory, "Gateway", "Fuzz", "corpus", target);
        foreach (var file in (Directory.Exists(kept) ? Directory.GetFiles(kept) : []).Order(StringComparer.Ordinal)) fuzzing._corpus.Add(await File.ReadAllBytesAsync(file));
        fuzzing._corpus.AddRange(seeds.Select(Encoding.UTF8.GetBytes));
        foreach (var input in fuzzing._corpus.ToList()) fuzzing._seen.Add(await fuzzing.OneAsync(input, run, seed, 0));
        var until = TimeProvider.System.GetTimestamp() + (long)(seconds * TimeProvider.System.TimestampFrequency);
        var done = 0;
        for (; seconds > 0 ? TimeProvider.System.GetTimestamp() < until : done < rounds; done++)
        {
            var input = fuzzing.Bend();
            var word = await fuzzing.OneAsync(input, run, seed, done);
            if (!fuzzing._seen.Add(word)) continue;
            fuzzing._corpus.Add(input);
            if (fuzzing._corpus.Count > KeptMax) fuzzing._corpus.RemoveAt(0);
            if (keep is null) continue;
            Directory.CreateDirectory(Path.Combine(keep, target));
            await File.WriteAllBytesAsync(Path.Combine(keep, target, Convert.ToHexStringLower(SHA256.HashData(input))[..16]), input);
        }

        TestContext.Current.SendDiagnosticMessage($"{target}: {done} inputs, {fuzzing._seen.Count} kinds of outcome, seed {seed}");
        return fuzzing._seen.Count;
    }

    private async Task<string> OneAsync(byte[] input, Func<byte[], Task<string>> run, int seed, int round)
    {
        var running = Task.Run(() => run(input));
        try
        {
            // A reader that does not come back is broken too; what it was given must be told before the run is given up.
            return await running.WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (Exception broken)
        {
            if (Environment.GetEnvironmentVariable("LIENTHONG_FUZZ_KEEP") is { } keep)
            {
                Directory.CreateDirectory(Path.Combine(keep, "broken"));
                await File.WriteAllBytesAsync(Path.Combine(keep, "broken", $"{_target}-{Convert.ToHexStringLower(SHA256.HashData(input))[..16]}"), input);
            }

            Assert.Fail($"{_target}, seed {seed}, round {round}, input {Convert.ToBase64String(input)}\n{Encoding.Latin1.GetString(input)}\n{broken}");
            throw;
        }
    }

    private byte[] Bend()
    {
        var bytes = new List<byte>(_corpus[_dice.Next(_corpus.Count)]);
        for (var times = 1 + _dice.Next(4); times > 0; times--)
        {
            var at = _dice.Next(bytes.Count + 1);
            var length = Math.Min(bytes.Count - at, 1 + _dice.Next(_dice.Next(8) == 0 ? 64 : 6));
            switch (_dice.Next(9))
            {
                case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << _dice.Next(8)); break;
                case 1 when at < bytes.Count: bytes[at] = (byte)_dice.Next(256); break;
                case 2: bytes.Insert(at, (byte)_dice.Next(256)); break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(_dice.Next(bytes.Count + 1), bytes.GetRange(at, length)); break;
                case 5 or 6: bytes.InsertRange(at, Encoding.Latin1.GetBytes(_words[_dice.Next(_words.Length)])); break;
                case 7:
                    var other = _corpus[_dice.Next(_corpus.Count)];
                    var from = _dice.Next(other.Length + 1);
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other[from..]);
                    break;
                default:
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(at, Encoding.Latin1.GetBytes(_words[_dice.Next(_words.Length)]));
                    break;
            }
        }

        return bytes.Count > InputBytesMax ? [.. bytes[..InputBytesMax]] : [.. bytes];
    }
}
