using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LienThong.Load;

/// <summary>One figure: what was measured, what the issue allows, and the same for a peer in this very run.</summary>
/// <param name="Ratio">Ours divided by the peer's.</param>
/// <param name="IsMet">Null where nothing was promised.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Limit = null, string? Peer = null, double? PeerValue = null)
{
    public double? Ratio => PeerValue is > 0 ? Math.Round(Value / PeerValue.Value, 2) : null;

    public bool? IsMet => Limit is null ? null : Value <= Limit;
}

/// <summary>Where it was measured.</summary>
internal sealed record Machine(string Processor, int Cores, int MemoryMb, string System, string Runtime)
{
    public static Machine This()
    {
        var cpu = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        return new Machine(cpu ?? "?", Environment.ProcessorCount, (int)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024)),
            global::System.Runtime.InteropServices.RuntimeInformation.OSDescription, Environment.Version.ToString());
    }
}

/// <summary>What one run of one benchmark found; printed as text or, with --json, in exactly this shape (benches/README.md).</summary>
internal sealed record Report(string Bench, bool IsQuick, string Scale, Machine Machine, string Commit, double Seconds, IReadOnlyList<Figure> Figures, IReadOnlyList<string> Notes)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Figures whose name is one word are also members of the report itself, so that a script needs no search.</summary>
    [JsonExtensionData]
    public Dictionary<string, object> Headlines => Figures.Where(f => f.Name.Contains('_', StringComparison.Ordinal) && !f.Name.Contains(' ', StringComparison.Ordinal)).ToDictionary(f => f.Name, f => (object)f.Value);

    public string AsJson() => JsonSerializer.Serialize(this, Json);

    public string AsText()
    {
        var text = new System.Text.StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Bench}{(IsQuick ? " (quick: smaller data, shorter run; not the figure of record)" : "")}: {Scale}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Processor}, {Machine.Cores} cores, {Machine.MemoryMb} MB, {Machine.System}, .NET {Machine.Runtime}; commit {Commit}");
        var width = Figures.Max(f => f.Name.Length);
        foreach (var figure in Figures)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {figure.Name.PadRight(width)}  {Shown(figure.Value),10} {figure.Unit,-4}");
            if (figure.Limit is { } limit) text.Append(CultureInfo.InvariantCulture, $"  {(figure.IsMet is true ? "✓" : "✗")} ≤ {Shown(limit)}");
            if (figure.Ratio is { } ratio) text.Append(CultureInfo.InvariantCulture, $"  = {ratio} × {figure.Peer} ({Shown(figure.PeerValue!.Value)} {figure.Unit})");
            text.AppendLine();
        }

        foreach (var note in Notes) text.AppendLine("  " + note);
        text.Append(CultureInfo.InvariantCulture, $"  took {Seconds:0} s");
        return text.ToString();
    }

    private static string Shown(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
