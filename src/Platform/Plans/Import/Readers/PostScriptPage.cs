using System.Globalization;
using System.Text;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// Reads the drawn lines, and which fonts stand where, out of the PostScript that poppler makes of a PDF. Only the few operators that poppler itself writes
/// are known, one to a line; nothing is executed. Images are passed over.
/// </summary>
internal sealed class PostScriptPage(int pageLimit)
{
    private const int RulesPerPage = 20_000;
    private const double ThinnestCell = 3.5;

    private readonly record struct Matrix(double A, double B, double C, double D, double E, double F)
    {
        public static Matrix Identity { get; } = new(1, 0, 0, 1, 0, 0);

        public (double X, double Y) Apply(double x, double y) => ((A * x) + (C * y) + E, (B * x) + (D * y) + F);

        /// <summary>This matrix first, then the outer one.</summary>
        public Matrix Within(Matrix outer) => new(
            (A * outer.A) + (B * outer.C), (A * outer.B) + (B * outer.D), (C * outer.A) + (D * outer.C), (C * outer.B) + (D * outer.D),
            (E * outer.A) + (F * outer.C) + outer.E, (E * outer.B) + (F * outer.D) + outer.F);
    }

    private readonly record struct State(Matrix Matrix, bool WhiteFill, bool WhiteStroke);

    /// <summary>Where a piece of text begins, and the font it is set in.</summary>
    public readonly record struct TextStart(double X, double Y, string Font);

    public sealed class Drawing
    {
        public double Height { get; set; }

        public double Width { get; set; }

        public List<Rule> Horizontals { get; } = [];

        public List<Rule> Verticals { get; } = [];

        public List<TextStart> Texts { get; } = [];
    }

    private readonly Dictionary<string, string> _fonts = new(StringComparer.Ordinal);
    private readonly Stack<State> _saved = new();
    private readonly List<(double X, double Y, bool Starts)> _path = [];
    private readonly double[] _numbers = new double[8];

    public Dictionary<int, Drawing> Pages { get; } = [];

    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new LineReader(stream);
        var state = new State(Matrix.Identity, false, false);
        Drawing? page = null;
        var (font, textMatrix, started) = ("", Matrix.Identity, false);
        var (lineX, lineY) = (0d, 0d);
        while (await reader.NextAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0) continue;
            if (line[0] == '%')
            {
                if (line.StartsWith("%%Page: ", StringComparison.Ordinal) && int.TryParse(line.AsSpan(8).TrimEnd().ToString().Split(' ')[^1], CultureInfo.InvariantCulture, out var number) && number <= pageLimit)
                {
                    Pages[number] = page = new Drawing();
                    _saved.Clear();
                    _path.Clear();
                    state = new State(Matrix.Identity, false, false);
                }

                continue;
            }

            if (page is null)
            {
                // Before the pages come the fonts: /F5_0 /ABCDEF+Name-Bold 1 1
                if (line[0] == '/' && line.Split(' ') is { Length: >= 2 } words && words[1].StartsWith('/') && _fonts.Count < 10_000) _fonts[words[0][1..]] = words[1][1..];
                continue;
            }

            if (line[0] == '/' && line.EndsWith(" Tf", StringComparison.Ordinal))
            {
                var name = line[1..line.IndexOf(' ', StringComparison.Ordinal)];
                font = _fonts.GetValueOrDefault(name, name);
                continue;
            }

            if (line[0] == '/' && line.Split(' ') is { Length: >= 3 } made && made[1].StartsWith('/') && _fonts.Count < 10_000)
            {
                _fonts[made[0][1..]] = made[1][1..];
                continue;
            }

            switch (Operator(line))
            {
                case "pdfSetupPaper" when Numbers(line) >= 2: (page.Width, page.Height) = (_numbers[0], _numbers[1]); break;
                case "rotate" when Numbers(line) >= 1:
                    var (sin, cos) = Math.SinCos(_numbers[0] * Math.PI / 180);
                    state = state with { Matrix = new Matrix(cos, sin, -sin, cos, 0, 0).Within(state.Matrix) };
                    break;
                case "translate" when Numbers(line) >= 2: state = state with { Matrix = new Matrix(1, 0, 0, 1, _numbers[0], _numbers[1]).Within(state.Matrix) }; break;
                case "scale" when Numbers(line) >= 2: state = state with { Matrix = new Matrix(_numbers[0], 0, 0, _numbers[1], 0, 0).Within(state.Matrix) }; break;
                case "cm" when Numbers(line) >= 6:
                    state = state with { Matrix = new Matrix(_numbers[0], _numbers[1], _numbers[2], _numbers[3], _numbers[4], _numbers[5]).Within(state.Matrix) };
                    break;
                case "q" when _saved.Count < 10_000: _saved.Push(state); break;
                case "Q" when _saved.Count > 0: state = _saved.Pop(); break;
                case "sc": state = state with { WhiteFill = IsWhite(line) }; break;
                case "SC": state = state with { WhiteStroke = IsWhite(line) }; break;
                case "m" when Numbers(line) >= 2: To(state, _numbers[0], _numbers[1], starts: true); break;
                case "l" when Numbers(line) >= 2: To(state, _numbers[0], _numbers[1], starts: false); break;
                case "c" when Numbers(line) >= 6: To(state, _numbers[4], _numbers[5], starts: true); break;
                case "re" when Numbers(line) >= 4:
                    var (x, y, w, h) = (_numbers[0], _numbers[1], _numbers[2], _numbers[3]);
                    To(state, x, y, starts: true);
                    To(state, x + w, y, starts: false);
                    To(state, x + w, y + h, starts: false);
                    To(state, x, y + h, starts: false);
                    To(state, x, y, starts: false);
                    break;
                case "h": Close(); break;
                case "S" or "s":
                    if (!state.WhiteStroke) Stroke(page);
                    _path.Clear();
                    break;
                case "f" or "f*" or "B" or "B*" or "b":
                    if (!state.WhiteFill) Fill(page);
                    _path.Clear();
                    break;
                case "W" or "W*" or "n": _path.Clear(); break;
                case "Tm" when Numbers(line) >= 6:
                    textMatrix = new Matrix(_numbers[0], _numbers[1], _numbers[2], _numbers[3], _numbers[4], _numbers[5]);
                    (lineX, lineY, started) = (0, 0, false);
                    break;
                case "Td" when Numbers(line) >= 2:
                    (lineX, lineY, started) = (lineX + _numbers[0], lineY + _numbers[1], false);
                    break;
                default:
                    if (line[0] == '(' && !started && page.Texts.Count < 50_000)
                    {
                        started = true;
                        var (tx, ty) = textMatrix.Apply(lineX, lineY);
                        (tx, ty) = state.Matrix.Apply(tx, ty);
                        page.Texts.Add(new TextStart(tx, page.Height - ty, font));
                    }

                    break;
            }
        }
    }

    private static string Operator(string line)
    {
        var space = line.LastIndexOf(' ');
        return line.Length - space > 15 ? "" : line[(space + 1)..];
    }

    private int Numbers(string line)
    {
        var count = 0;
        var rest = line.AsSpan();
        while (rest.Length > 0 && count < _numbers.Length)
        {
            rest = rest.TrimStart(" []");
            var length = rest.IndexOfAny(' ', ']');
            if (length < 0) break;
            if (!double.TryParse(rest[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)) break;
            _numbers[count++] = value;
            rest = rest[length..];
        }

        return count;
    }

    private bool IsWhite(string line)
    {
        var count = Numbers(line);
        if (count is 1 or 3)
        {
            for (var i = 0; i < count; i++)
            {
                if (_numbers[i] < 0.97) return false;
            }

            return true;
        }

        return count == 4 && _numbers[0] + _numbers[1] + _numbers[2] + _numbers[3] < 0.03;
    }

    private void To(State state, double x, double y, bool starts)
    {
        if (_path.Count >= 20_000) return;
        var (px, py) = state.Matrix.Apply(x, y);
        _path.Add((px, py, starts));
    }

    private void Close()
    {
        for (var i = _path.Count - 1; i >= 0; i--)
        {
            if (!_path[i].Starts) continue;
            _path.Add((_path[i].X, _path[i].Y, false));
            return;
        }
    }

    private void Stroke(Drawing page)
    {
        for (var i = 1; i < _path.Count; i++)
        {
            if (_path[i].Starts) continue;
            Keep(page, _path[i - 1].X, _path[i - 1].Y, _path[i].X, _path[i].Y);
        }
    }

    /// <summary>A filled shape is a line when it is long and thin; shading behind a cell is not.</summary>
    private void Fill(Drawing page)
    {
        var start = 0;
        for (var i = 1; i <= _path.Count; i++)
        {
            if (i < _path.Count && !_path[i].Starts) continue;
            var (x0, y0, x1, y1) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
            for (var at = start; at < i; at++)
            {
                (x0, x1) = (Math.Min(x0, _path[at].X), Math.Max(x1, _path[at].X));
                (y0, y1) = (Math.Min(y0, _path[at].Y), Math.Max(y1, _path[at].Y));
            }

            start = i;
            if (x1 - x0 <= ThinnestCell && y1 - y0 > ThinnestCell) Keep(page, (x0 + x1) / 2, y0, (x0 + x1) / 2, y1);
            else if (y1 - y0 <= ThinnestCell && x1 - x0 > ThinnestCell) Keep(page, x0, (y0 + y1) / 2, x1, (y0 + y1) / 2);
        }
    }

    private static void Keep(Drawing page, double x0, double y0, double x1, double y1)
    {
        (y0, y1) = (page.Height - y0, page.Height - y1);
        if (Math.Abs(y1 - y0) < 0.8 && Math.Abs(x1 - x0) > 3)
        {
            if (page.Horizontals.Count < RulesPerPage) page.Horizontals.Add(new Rule((y0 + y1) / 2, Math.Min(x0, x1), Math.Max(x0, x1)));
        }
        else if (Math.Abs(x1 - x0) < 0.8 && Math.Abs(y1 - y0) > 3 && page.Verticals.Count < RulesPerPage)
        {
            page.Verticals.Add(new Rule((x0 + x1) / 2, Math.Min(y0, y1), Math.Max(y0, y1)));
        }
    }

    /// <summary>Lines of at most a few hundred characters; what is longer is data and is passed over without being kept.</summary>
    private sealed class LineReader(Stream stream) : IDisposable
    {
        private const int Longest = 400;

        private readonly byte[] _buffer = new byte[65536];
        private readonly StringBuilder _line = new(Longest);
        private int _at;
        private int _end;

        public async ValueTask<string?> NextAsync(CancellationToken cancellationToken)
        {
            _line.Clear();
            while (true)
            {
                if (_at == _end)
                {
                    _end = await stream.ReadAsync(_buffer, cancellationToken);
                    _at = 0;
                    if (_end == 0) return _line.Length == 0 ? null : _line.ToString();
                }

                var rest = _buffer.AsSpan(_at, _end - _at);
                var length = rest.IndexOf((byte)'\n');
                var piece = length < 0 ? rest : rest[..length];
                if (_line.Length + piece.Length <= Longest) _line.Append(Encoding.Latin1.GetString(piece));
                else _line.Clear().Append('(').Append(' ', Longest);
                _at += length < 0 ? rest.Length : length + 1;
                if (length >= 0) return _line.Length > Longest ? "(" : _line.ToString();
            }
        }

        public void Dispose() => stream.Dispose();
    }
}
