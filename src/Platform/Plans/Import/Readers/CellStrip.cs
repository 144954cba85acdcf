namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// The cells of the tables of a scanned page, cut out, laid straight and pasted one below the other. OCR then sees plain lines of one column, and every
/// word is known to be of its cell by its height on the strip.
/// </summary>
internal sealed class CellStrip
{
    private const int Margin = 16;
    private const int Inset = 3;
    private const int TallestStrip = 14_000;

    private readonly record struct Piece(int Top, int Bottom, double PageX, double PageY, double CellX1, double CellY1);

    private readonly List<Piece> _pieces;

    private CellStrip(Bitmap bitmap, List<Piece> pieces) => (Bitmap, _pieces) = (bitmap, pieces);

    public Bitmap Bitmap { get; }

    public static IEnumerable<CellStrip> Cut(Bitmap page, List<RuledTable> tables, double scale, double slope)
    {
        var open = new List<(byte[] Dots, int Width, int Height, double X, double Y, double X1, double Y1)>();
        var tall = 0;
        foreach (var cell in tables.SelectMany(table => table.Cells))
        {
            var (x0, y0) = ((int)Math.Round(cell.X0 / scale) + Inset, (int)Math.Round(cell.Y0 / scale) + Inset);
            var (wide, high) = ((int)Math.Round(cell.X1 / scale) - Inset - x0, (int)Math.Round(cell.Y1 / scale) - Inset - y0);
            if (wide < 8 || high < 8 || high > TallestStrip || !Lift(page, x0, y0, wide, high, slope, out var dots, out var from, out var to)) continue;
            var height = to - from + 1;
            if (open.Count > 0 && tall + height + (2 * Margin) > TallestStrip)
            {
                yield return Paste(open, page.DotsPerInch);
                open.Clear();
                tall = 0;
            }

            open.Add((dots[(from * wide)..((to + 1) * wide)], wide, height, x0, y0 + from, x0 + wide, y0 + high));
            tall += height + (2 * Margin);
        }

        if (open.Count > 0) yield return Paste(open, page.DotsPerInch);
    }

    /// <summary>A word of the strip where it stands on the page, laid straight; null for what OCR saw between cells.</summary>
    public PageWord? Back(PageWord word)
    {
        foreach (var piece in _pieces)
        {
            if (word.MiddleY < piece.Top || word.MiddleY > piece.Bottom) continue;
            var (dx, dy) = (piece.PageX - Margin, piece.PageY - piece.Top - Margin);
            return word with
            {
                X0 = word.X0 + dx,
                Y0 = Math.Min(word.Y0 + dy, piece.CellY1),
                X1 = Math.Min(word.X1 + dx, piece.CellX1),
                Y1 = Math.Min(word.Y1 + dy, piece.CellY1),
            };
        }

        return null;
    }

    /// <summary>Takes the tables off the page, so that what is left is text.</summary>
    public static void Whiten(Bitmap page, List<RuledTable> tables, double scale, double slope)
    {
        foreach (var table in tables)
        {
            for (var y = (int)(table.Y0 / scale) - 2; y <= (int)(table.Y1 / scale) + 2; y++)
            {
                for (var x = (int)(table.X0 / scale) - 2; x <= (int)(table.X1 / scale) + 2; x++)
                {
                    var (px, py) = Source(x, y, slope);
                    if (px >= 0 && px < page.Width && py >= 0 && py < page.Height) page.Dots[(py * page.Width) + px] = 255;
                }
            }
        }
    }

    private static (int X, int Y) Source(int x, int y, double slope) => ((int)Math.Round(x - (slope * y)), (int)Math.Round(y + (slope * x)));

    private static bool Lift(Bitmap page, int x0, int y0, int wide, int high, double slope, out byte[] dots, out int from, out int to)
    {
        dots = new byte[wide * high];
        (from, to) = (-1, -1);
        for (var y = 0; y < high; y++)
        {
            var dark = 0;
            for (var x = 0; x < wide; x++)
            {
                var (px, py) = Source(x0 + x, y0 + y, slope);
                var dot = px >= 0 && px < page.Width && py >= 0 && py < page.Height ? page.Dots[(py * page.Width) + px] : (byte)255;
                dots[(y * wide) + x] = dot;
                if (dot < 140) dark++;
            }

            if (dark < 1) continue;
            if (from < 0) from = y;
            to = y;
        }

        return to - from >= 4;
    }

    private static CellStrip Paste(List<(byte[] Dots, int Width, int Height, double X, double Y, double X1, double Y1)> cells, int dotsPerInch)
    {
        var width = cells.Max(cell => cell.Width) + (2 * Margin);
        var height = cells.Sum(cell => cell.Height + (2 * Margin));
        var dots = new byte[width * height];
        Array.Fill(dots, (byte)255);
        var pieces = new List<Piece>();
        var top = 0;
        foreach (var cell in cells)
        {
            for (var y = 0; y < cell.Height; y++) cell.Dots.AsSpan(y * cell.Width, cell.Width).CopyTo(dots.AsSpan(((top + Margin + y) * width) + Margin));
            var bottom = top + cell.Height + (2 * Margin);
            pieces.Add(new Piece(top, bottom, cell.X, cell.Y, cell.X1, cell.Y1));
            top = bottom;
        }

        return new CellStrip(new Bitmap(width, height, dots) { DotsPerInch = dotsPerInch }, pieces);
    }
}
