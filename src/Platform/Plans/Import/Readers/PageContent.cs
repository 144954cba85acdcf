namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>A word with its box; y grows downwards.</summary>
internal sealed record PageWord(double X0, double Y0, double X1, double Y1, string Text, bool Bold = false, bool Italic = false)
{
    public double Height => Y1 - Y0;

    public double Width => X1 - X0;

    public double MiddleX => (X0 + X1) / 2;

    public double MiddleY => (Y0 + Y1) / 2;
}

/// <summary>A drawn line: <paramref name="At"/> is its y when horizontal and its x when vertical; it runs from <paramref name="From"/> to <paramref name="To"/>.</summary>
internal readonly record struct Rule(double At, double From, double To)
{
    public double Length => To - From;
}

/// <summary>What stands on one page: words and drawn lines, whoever found them (poppler, OCR).</summary>
internal sealed class PageContent(int number)
{
    public int Number { get; } = number;

    public double Width { get; set; } = 595;

    public double Height { get; set; } = 842;

    public List<PageWord> Words { get; set; } = [];

    public List<Rule> Horizontals { get; set; } = [];

    public List<Rule> Verticals { get; set; } = [];

    /// <summary>The grids among the lines; found once, when first asked for.</summary>
    public List<RuledTable> Tables => _tables ??= RuledTables.Find(this);

    private List<RuledTable>? _tables;

    /// <summary>A page whose writing runs up or down is turned, so that its lines lie flat.</summary>
    public void Straighten()
    {
        var telling = Words.Where(word => word.Text.Length >= 3).ToList();
        if (telling.Count < 4 || telling.Count(word => word.Height > word.Width * 1.2) < telling.Count * 0.7) return;
        var down = 0;
        for (var i = 1; i < telling.Count; i++)
        {
            if (Math.Abs(telling[i].MiddleX - telling[i - 1].MiddleX) < 2) down += Math.Sign(telling[i].MiddleY - telling[i - 1].MiddleY);
        }

        var (wide, high) = (Width, Height);
        Words = [.. Words.Select(word => down >= 0
            ? word with { X0 = word.Y0, X1 = word.Y1, Y0 = wide - word.X1, Y1 = wide - word.X0 }
            : word with { X0 = high - word.Y1, X1 = high - word.Y0, Y0 = word.X0, Y1 = word.X1 })];
        var horizontals = Horizontals;
        Horizontals = [.. Verticals.Select(line => down >= 0 ? new Rule(wide - line.At, line.From, line.To) : new Rule(line.At, high - line.To, high - line.From))];
        Verticals = [.. horizontals.Select(line => down >= 0 ? new Rule(line.At, wide - line.To, wide - line.From) : new Rule(high - line.At, line.From, line.To))];
        (Width, Height) = (high, wide);
    }
}
