using LienThong.Kernel;

namespace LienThong.Platform.Exchange;

/// <summary>Checks every form of the module makes; each returns the refusal, so that a slice lists what it needs and reads on.</summary>
internal static class Typing
{
    public const int NameMax = 300, WordsMax = 4_000, ShortMax = 500;

    /// <summary>More fields or operations than a person could have chosen one by one; all of a service is said with an empty list.</summary>
    public const int LinesMax = 500;

    public static Refusal? Need(string field, string? text, int max = WordsMax) =>
        string.IsNullOrWhiteSpace(text) ? ExchangeRefusals.TextMissing(field) : text.Length > max ? ExchangeRefusals.TextTooLong(field, max) : null;

    public static Refusal? Fits(string field, string? text, int max = WordsMax) => text is { } said && said.Length > max ? ExchangeRefusals.TextTooLong(field, max) : null;

    /// <summary>A legal basis names its instrument by number ("278/2025/NĐ-CP"): without one nobody can look it up.</summary>
    public static Refusal? NeedBasis(string? text) =>
        Need("LegalBasis", text, ShortMax) is { } missing ? missing : DocumentNumber.TryRead(text) is null ? ExchangeRefusals.BasisWithoutNumber(text!.Trim()) : null;

    public static Refusal? First(params ReadOnlySpan<Refusal?> all)
    {
        foreach (var refusal in all)
        {
            if (refusal is not null) return refusal;
        }

        return null;
    }

    public static string? Or(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Lines of a text field, trimmed, without empty ones and repetitions.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<string>? lines) => [.. (lines ?? []).SelectMany(l => (l ?? "").Split('\n')).Select(l => l.Trim()).Where(l => l.Length > 0).Distinct(StringComparer.Ordinal)];
}
