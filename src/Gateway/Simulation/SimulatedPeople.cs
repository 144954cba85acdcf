using System.Globalization;

namespace LienThong.Gateway.Simulation;

/// <summary>
/// Made-up residents, each computed from a number, so that every start has the same ones and nothing is stored. The first three digits of an identity number
/// name a province; 999 names none, so no number here can be a living person's.
/// </summary>
public static class SimulatedPeople
{
    public const int Count = 20_000;
    public const int Communes = 96;

    private static readonly string[] Families = ["Nguyễn", "Trần", "Lê", "Phạm", "Võ", "Đặng", "Bùi", "Hồ", "Phan", "Đinh", "Huỳnh", "Trương"];
    private static readonly string[] Middles = ["Thị", "Văn", "Minh", "Ngọc", "Đức", "Thanh", "Hữu", "Quang", "Kim"];
    private static readonly string[] Givens = ["An", "Bình", "Cường", "Dung", "Giang", "Hải", "Hương", "Khoa", "Linh", "Nhàn", "Phúc", "Quyên", "Sang", "Tâm", "Uyên", "Việt", "Yến"];

    public sealed record Person(string Id, string Name, string Commune);

    public static Person Of(int number)
    {
        var mixed = Mix(number);
        var year = 1940 + (int)(mixed % 70);
        var century = year >= 2000 ? 2 : 0;
        var sex = (int)((mixed >> 8) % 2);
        return new Person(
            string.Create(CultureInfo.InvariantCulture, $"999{century + sex}{year % 100:00}{number:000000}"),
            $"{Families[(mixed >> 12) % (ulong)Families.Length]} {Middles[(mixed >> 20) % (ulong)Middles.Length]} {Givens[(mixed >> 28) % (ulong)Givens.Length]}",
            CommuneCode((int)((mixed >> 36) % Communes)));
    }

    /// <summary>The person with that number, if it is one of ours to the last digit.</summary>
    public static Person? Find(string id) =>
        id is { Length: 12 } && id.StartsWith("999", StringComparison.Ordinal) && int.TryParse(id.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Count && Of(number) is var person && person.Id == id
            ? person
            : null;

    public static string CommuneCode(int number) => string.Create(CultureInfo.InvariantCulture, $"MP{number + 1:000}");

    /// <summary>Spreads neighbouring numbers over the whole range (SplitMix64).</summary>
    internal static ulong Mix(long number)
    {
        var z = (ulong)number + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
