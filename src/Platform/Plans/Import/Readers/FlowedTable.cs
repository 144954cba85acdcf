using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import.Readers;

/// <summary>
/// A table whose grid is lost: its cells follow one another as lines, in the order of the columns, each over as many lines as it needed; a viewer may
/// even run the cells of a row together. Every way to cut the text of a row into the columns is weighed by what the columns are for, and the best is
/// taken; where another is nearly as good, or the best is poor, the row says so.
/// </summary>
internal static partial class FlowedTable
{
    private const int TimeLimit = 500;
    private const int LabelLinesMax = 36;

    /// <summary>A row longer than that is no row: its rest is kept in its last column and the row is doubtful.</summary>
    private const int UnitsMax = 48;

    /// <param name="Next">The first line after the table.</param>
    /// <param name="IsRunTogether">Cells stood side by side on one line with nothing between them.</param>
    /// <param name="IsByColumns">The columns were printed one below the other; nothing says which cell belongs to which row, and no row is given.</param>
    public sealed record Found(IReadOnlyList<string> Labels, IReadOnlyList<Row> Rows, int Next, bool IsRunTogether, bool IsByColumns = false);

    /// <param name="Page">Pages begun before the row, counted by form feeds from the header on.</param>
    /// <param name="Cells">Null for a title over the whole width, which is <paramref name="Title"/>.</param>
    public sealed record Row(int Page, IReadOnlyList<string>? Cells, string? Title, bool IsDoubtful);

    private enum Cut { Space, Line, Blank }

    /// <param name="Before">What parts it from the text before it.</param>
    private sealed record Piece(string Text, int Page, Cut Before, int At);

    private sealed record Header(IReadOnlyList<string> Labels, IReadOnlyList<ColumnRole> Roles, string Folded, int Next, bool IsRunTogether);

    public static Found? Read(string[] lines, int at)
    {
        if (ReadHeader(lines, at) is not { } header) return null;
        var pieces = Body(lines, header, out var next);
        if (RunsByColumns(pieces, header)) return new Found(header.Labels, [], next, false, IsByColumns: true);
        var isLed = header.IsRunTogether || Sequence(pieces, led: true) > Math.Max(1, 2 * Sequence(pieces, led: false));
        if (isLed) pieces = [.. pieces.SelectMany(Divide)];
        var raw = Split(pieces);
        if (!raw.Exists(row => row.Count > 0 && Number(row[0].Text) is not null)) return null;

        var weigher = new Weigher(header.Roles, isLed, pieces);
        var cuts = raw.ConvertAll(row => weigher.Weigh(row));
        if (weigher.Learn(raw, cuts)) cuts = raw.ConvertAll(row => weigher.Weigh(row));
        var rows = new List<Row>();
        for (var r = 0; r < raw.Count; r++) rows.Add(weigher.Say(raw[r], cuts[r]));
        return new Found(header.Labels, rows, next, isLed);
    }

    // ---- header -------------------------------------------------------------------------------------------------------------

    private static Header? ReadHeader(string[] lines, int at)
    {
        var first = VietnameseText.Clean(lines[at]);
        if (first.Length is 0 or > 220 || lines[at].AsSpan().IndexOfAny('\t', '|', '│') >= 0) return null;
        if (first.Length <= 12 && (IsNumberLabel(first) || first.Length <= 4 && at + 1 < lines.Length && lines[at + 1].Trim().Length is > 0 and <= 8 && IsNumberLabel(first + " " + lines[at + 1].Trim()))) return Stacked(lines, at);

        // All labels on a line or two, with a space between them and no more.
        for (var count = 1; count <= 3 && at + count <= lines.Length; count++)
        {
            var text = VietnameseText.Clean(string.Join(' ', lines.Skip(at).Take(count)));
            if (text.Length > 260 || lines[at + count - 1].Trim().Length == 0 || count > 1 && LeadsRow(lines[at + count - 1])) break;
            if (Labels(text) is not { Count: >= 4 } labels) continue;
            while (at + count < lines.Length && char.IsLower(lines[at + count].Trim().FirstOrDefault('A')) && Labels(text + " " + lines[at + count].Trim()) is { } longer && longer.Count >= labels.Count)
            {
                text += " " + lines[at + count].Trim();
                labels = longer;
                count++;
            }

            return new Header(labels, labels.ConvertAll(label => TableMapping.RoleOf(label).Role), Squeeze(text), AfterIndex(lines, at + count, labels.Count), true);
        }

        return null;
    }

    private static bool IsNumberLabel(string text) => TableMapping.RoleOf(text).Role is ColumnRole.Number;

    private static Header? Stacked(string[] lines, int at)
    {
        var parts = new List<(string Text, bool Blank, int At)>();
        var (blank, blanks) = (false, 0);
        var numbered = false;
        for (var i = at; i < Math.Min(lines.Length, at + LabelLinesMax); i++)
        {
            var text = VietnameseText.Clean(lines[i]);
            if (text.Length == 0) { blank = true; continue; }
            if (i > at && (Number(text) is not null || ColumnIndex().IsMatch(text) || LeadsRow(text) && text.Length > 20)) { numbered = true; break; }
            if (text.Length > 60 || text.Contains('|', StringComparison.Ordinal) || text.Contains('\t', StringComparison.Ordinal)) break;
            if (parts.Count == 1 && text.Length <= 8 && IsNumberLabel(parts[0].Text + " " + text))
            {
                // "Số" over "TT".
                parts[0] = (parts[0].Text + " " + text, false, i);
                continue;
            }

            if (i > at && IsNumberLabel(text)) break;
            if (blank && parts.Count > 0) blanks++;
            parts.Add((text, blank, i));
            blank = false;
        }

        var inBlocks = parts.Count > 2 && blanks * 2 >= parts.Count - 1;
        var labels = new List<(string Text, int End)>();
        foreach (var (text, hasBlank, line) in parts)
        {
            // A narrow column breaks its label: the rest begins small, or follows a stroke, or without a blank line where labels have one.
            var goesOn = labels.Count > 0 && (char.IsLower(text[0]) && !hasBlank || labels[^1].Text[^1] is '/' or ',' or '-' || text[0] is '(' or '/' || inBlocks && !hasBlank);
            if (goesOn) labels[^1] = (labels[^1].Text + " " + text, line);
            else labels.Add((text, line));
        }

        // What follows the labels in the place of one is the first title of the body, unless a number says where the body begins.
        while (labels.Count > 0 && TableMapping.RoleOf(labels[^1].Text).Role is ColumnRole.Unknown && (!numbered || labels[^1].Text.Length > 40 || IsCapitals(labels[^1].Text) && !IsCapitals(labels[0].Text))) labels.RemoveAt(labels.Count - 1);
        var unknown = labels.FindIndex(label => TableMapping.RoleOf(label.Text).Role is ColumnRole.Unknown && label.Text.Length > 30);
        if (unknown >= 0) labels.RemoveRange(unknown, labels.Count - unknown);
        var end = labels.Count == 0 ? at : labels[^1].End;
        SecondRow(labels);
        var roles = labels.ConvertAll(label => TableMapping.RoleOf(label.Text).Role);
        var known = roles.Count(role => role is not ColumnRole.Unknown);
        if (known < 3 || !roles.Contains(ColumnRole.Content) || known * 3 < roles.Count * 2) return null;
        return new Header([.. labels.Select(label => label.Text)], roles, Squeeze(string.Concat(lines[at..(end + 1)])), AfterIndex(lines, end + 1, labels.Count), false);
    }

    /// <summary>"Cơ quan thực hiện" over "Chủ trì" and "Phối hợp": the second row of the header follows the whole first one; its labels stand for the one above them.</summary>
    private static void SecondRow(List<(string Text, int End)> labels)
    {
        var below = labels.FindIndex(label => UnderLabel().IsMatch(label.Text));
        if (below < 3 || labels.Count - below is < 2 or > 3 || !labels.Skip(below).All(label => UnderLabel().IsMatch(label.Text))) return;
        var over = labels.FindIndex(label => !UnderLabel().IsMatch(label.Text) && TableMapping.RoleOf(label.Text).Role is ColumnRole.Lead or ColumnRole.LeadAndCoordinator);
        if (over < 0) return;
        var moved = labels.GetRange(below, labels.Count - below);
        labels.RemoveRange(below, moved.Count);
        labels.RemoveAt(over);
        labels.InsertRange(over, moved);
    }

    [GeneratedRegex(@"^(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì|phối hợp|theo dõi|giám sát)$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex UnderLabel();

    /// <summary>Labels run together: each begins with a capital, the first numbers the rows, and nearly all must mean a column.</summary>
    private static List<string>? Labels(string text)
    {
        if (text.Length is < 20 or > 260 || text[^1] is '.' or ';' or ':' || !RunHeader().IsMatch(text)) return null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is < 5 or > 50) return null;
        var best = new (double Points, int From)[words.Length + 1];
        for (var to = 1; to <= words.Length; to++)
        {
            best[to] = (double.NegativeInfinity, 0);
            for (var from = Math.Max(0, to - 12); from < to; from++)
            {
                if (double.IsNegativeInfinity(best[from].Points) || from > 0 && !char.IsUpper(words[from][0])) continue;
                var label = string.Join(' ', words[from..to]);
                var (role, confidence) = TableMapping.RoleOf(label);
                if (label.Length > 60 || from == 0 && role is not ColumnRole.Number || from > 0 && role is ColumnRole.Number) continue;
                var points = best[from].Points + (role is ColumnRole.Unknown ? -0.6 : confidence) - (0.002 * label.Length);
                if (points > best[to].Points) best[to] = (points, from);
            }
        }

        if (double.IsNegativeInfinity(best[^1].Points)) return null;
        var labels = new List<string>();
        for (var to = words.Length; to > 0; to = best[to].From) labels.Insert(0, string.Join(' ', words[best[to].From..to]));
        var roles = labels.ConvertAll(label => TableMapping.RoleOf(label).Role);
        var who = roles.Exists(role => role is ColumnRole.Lead or ColumnRole.LeadAndCoordinator);
        return roles.Count(role => role is ColumnRole.Unknown) * 4 <= labels.Count && roles.Contains(ColumnRole.Content) && (who || roles.Contains(ColumnRole.Deadline)) && roles.Where(role => role is not ColumnRole.Unknown).Distinct().Count() >= 4 ? labels : null;
    }

    /// <summary>"(1) (2) (3) …" below the labels, a line each or all on one.</summary>
    private static int AfterIndex(string[] lines, int at, int columns)
    {
        var (expected, i) = (0, at);
        for (; i < lines.Length && expected < columns; i++)
        {
            foreach (var mark in lines[i].Split([' ', '\t', '\u00A0', '\f'], StringSplitOptions.RemoveEmptyEntries))
            {
                var bare = mark.Trim('(', ')', '[', ']');
                var isNext = bare == (expected + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) || bare.Length == 1 && bare[0] == 'A' + expected || int.TryParse(bare, out _) && expected is 1 or 2;
                if (!isNext) return at;
                expected++;
            }
        }

        return expected >= columns - 1 && columns >= 3 ? i : at;
    }

    // ---- body ---------------------------------------------------------------------------------------------------------------

    private static List<Piece> Body(string[] lines, Header header, out int next)
    {
        var pieces = new List<Piece>();
        var runningHeads = new List<string>();
        var page = 0;
        var cut = Cut.Line;
        var i = header.Next;
        for (; i < lines.Length; i++)
        {
            if (lines[i].Contains('\f', StringComparison.Ordinal))
            {
                DropPageMark(pieces);
                page += lines[i].Count(c => c == '\f');
                cut = Cut.Blank;
            }

            var text = VietnameseText.Clean(lines[i].Replace("\f", "", StringComparison.Ordinal));
            if (text.Length == 0) { cut = Cut.Blank; continue; }
            if (End().IsMatch(text) || text.EndsWith("./.", StringComparison.Ordinal)) break;
            if (Again(lines, i, header) is { } after)
            {
                // What stands right above the labels of a new page is its number, and perhaps a running head that stood above them before.
                DropPageMark(pieces);
                if (pieces.Count > 0 && pieces[^1].Before is Cut.Blank && pieces[^1].Text.Length < 90 && Squeeze(pieces[^1].Text) is var head)
                {
                    if (runningHeads.Contains(head)) pieces.RemoveAll(piece => piece.Before is Cut.Blank && Squeeze(piece.Text) == head);
                    else runningHeads.Add(head);
                    DropPageMark(pieces);
                }

                i = after - 1;
                cut = Cut.Blank;
                continue;
            }

            // Another table begins, or the number of a page stands at the head of it.
            if (ReadHeader(lines, i) is not null) break;
            if (lines[i].Contains('\f', StringComparison.Ordinal) && PageMark().IsMatch(text) && int.TryParse(text.Trim('-', '–', ' '), out var number) && (number == page + 1 || pieces.Count > 0 && number != Last(pieces) + 1)) continue;
            pieces.Add(new Piece(text, page, cut, i));
            cut = Cut.Line;
        }

        next = i;

        // Where hardly a blank line stands in the table, a number between two that does not count on is that of a page.
        if (pieces.Count(piece => piece.Before is Cut.Blank) * 5 < pieces.Count)
        {
            for (var k = pieces.Count - 2; k > 0; k--)
            {
                if (pieces[k].Before is Cut.Blank && pieces[k + 1].Before is Cut.Blank && PageMark().IsMatch(pieces[k].Text) && int.TryParse(pieces[k].Text, out var number) && number != Last(pieces[..k]) + 1) pieces.RemoveAt(k);
            }
        }

        return pieces;
    }

    private static int Last(List<Piece> pieces) => pieces.Select(piece => Number(piece.Text)).LastOrDefault(number => number is { Kind: NumberKind.Decimal, Parts.Count: 1 }) is { } last ? last.Parts[0] : 0;

    private static void DropPageMark(List<Piece> pieces)
    {
        if (pieces.Count > 0 && PageMark().IsMatch(pieces[^1].Text)) pieces.RemoveAt(pieces.Count - 1);
    }

    /// <summary>The line after the labels when they are printed again here, however they are broken this time.</summary>
    private static int? Again(string[] lines, int at, Header header)
    {
        var said = "";
        for (var i = at; i < Math.Min(lines.Length, at + (2 * LabelLinesMax)); i++)
        {
            said += Squeeze(lines[i]);
            if (said == header.Folded) return AfterIndex(lines, i + 1, header.Labels.Count);
            if (!header.Folded.StartsWith(said, StringComparison.Ordinal)) return null;
        }

        return null;
    }

    // ---- rows ---------------------------------------------------------------------------------------------------------------

    private static RowNumber? Number(string text) => text.Length <= 8 && NumberCell().IsMatch(text) && RowNumber.TryRead(text, out var number) && number.Kind is not NumberKind.Bullet ? number : null;

    /// <summary>Numbers of several rows with nothing between them, or two of them and the label of a column the header lacks: a page printed column after column.</summary>
    private static bool RunsByColumns(List<Piece> pieces, Header header)
    {
        var (run, longest) = (1, 1);
        for (var i = 1; i < pieces.Count; i++)
        {
            run = Plain(pieces[i - 1]) is { } before && Plain(pieces[i]) == before + 1 ? run + 1 : 1;
            longest = Math.Max(longest, run);
        }

        return longest >= 4 || longest >= 2 && Enumerable.Range(0, pieces.Count).Any(LacksLabel);

        static int? Plain(Piece piece) => piece.Before is not Cut.Space && Number(piece.Text) is { Kind: NumberKind.Decimal, Parts: [var n] } ? n : null;

        bool LacksLabel(int i)
        {
            if (pieces[i].Before is not Cut.Blank || pieces[i].Text.Length > 30) return false;
            var two = i + 1 < pieces.Count && pieces[i + 1].Before is Cut.Line && pieces[i + 1].Text.Length <= 12 && char.IsLower(pieces[i + 1].Text[0]) ? pieces[i].Text + " " + pieces[i + 1].Text : pieces[i].Text;
            var (role, confidence) = TableMapping.RoleOf(two);
            return confidence >= 0.9 && role is ColumnRole.Lead or ColumnRole.Coordinator or ColumnRole.Deadline or ColumnRole.Product && !header.Roles.Contains(role)
                && two.Split(' ').Length <= 5 && !DeadlineGrammar.Recognises(two);
        }
    }

    private static bool LeadsRow(string text) => LedRow().IsMatch(text.Trim());

    /// <summary>How many lines count the rows on, one by one: with the number alone, or with text behind it.</summary>
    private static int Sequence(List<Piece> pieces, bool led)
    {
        var (expected, count) = (1, 0);
        foreach (var piece in pieces)
        {
            var match = led ? LedRow().Match(piece.Text) : NumberCell().Match(piece.Text);
            if (!match.Success || !int.TryParse(led ? match.Groups["n"].Value.TrimEnd('.', ')') : piece.Text.Trim().TrimEnd('.', ')'), out var number) || number != expected) continue;
            expected++;
            count++;
        }

        return count;
    }

    /// <summary>A line of cells run together: its number first, then a piece wherever a cell could begin.</summary>
    private static IEnumerable<Piece> Divide(Piece piece)
    {
        var rest = piece.Text;
        var before = piece.Before;
        if (LedRow().Match(rest) is { Success: true } led && (IsCapitals(led.Groups["n"].Value) || rest.Length > led.Groups["n"].Length))
        {
            yield return piece with { Text = led.Groups["n"].Value };
            (rest, before) = (rest[led.Groups["n"].Length..].Trim(), Cut.Space);
        }

        var from = 0;
        foreach (Match start in CellStart().Matches(rest))
        {
            if (start.Index == 0) continue;
            yield return piece with { Text = rest[from..start.Index].Trim(), Before = before };
            (from, before) = (start.Index, Cut.Space);
        }

        if (from < rest.Length) yield return piece with { Text = rest[from..].Trim(), Before = before };
    }

    /// <summary>Where rows begin: a number that counts on from the one before, or, once a row has what a row needs, another number.</summary>
    private static List<List<Piece>> Split(List<Piece> pieces)
    {
        var rows = new List<List<Piece>>();
        var last = 0;
        var inGroup = false;
        for (var i = 0; i < pieces.Count; i++)
        {
            var held = rows.Count == 0 ? 0 : rows[^1].Count;
            var number = pieces[i].Before is Cut.Space ? null : Number(pieces[i].Text);
            if (held > 0 && Number(rows[^1][0].Text) is null) held = int.MaxValue;   // A title without a number of its own needs nothing more.
            var after = i + 1 < pieces.Count ? pieces[i + 1].Text : "";
            var opens = after.Length > 0 && !char.IsLower(after[0]);
            var starts = number switch
            {
                null => false,
                { Kind: NumberKind.Decimal, Parts: [var n] } => opens && (held == 0 || n == last + 1 && held >= 2 || n == 1 && inGroup && held >= 2 || n > last && n <= last + 3 && held is >= 4 and < int.MaxValue || held is >= 5 and < int.MaxValue && Math.Abs(n - last) <= 30),
                { Kind: NumberKind.Decimal } => opens && held != 1,
                _ => opens && (held == 0 || held >= 2),
            };
            if (starts)
            {
                if (number is { Kind: NumberKind.Decimal, Parts: [var n] }) last = n;
                inGroup = number is { Kind: NumberKind.Roman or NumberKind.Letter };
                rows.Add([pieces[i]]);
                continue;
            }

            var isTitle = GroupLine().IsMatch(pieces[i].Text) && held is >= 3 and < int.MaxValue;
            if (rows.Count == 0 || isTitle) rows.Add([]);
            inGroup |= isTitle;
            rows[^1].Add(pieces[i]);
        }

        return [.. rows.SelectMany(TitleApart)];
    }

    /// <summary>A title in capitals that stands after the last cell of a row is none of its cells.</summary>
    private static IEnumerable<List<Piece>> TitleApart(List<Piece> row)
    {
        var from = row.Count;
        while (from > 2 && IsTitle(row[from - 1].Text)) from--;
        if (from == row.Count || row.Count > 0 && Number(row[0].Text) is { Kind: NumberKind.Roman or NumberKind.Letter } || row.Take(from).Any(piece => IsTitle(piece.Text)))
        {
            yield return row;
            yield break;
        }

        yield return row[..from];
        yield return row[from..];

        static bool IsTitle(string text) => text.Length > 8 && text.Contains(' ', StringComparison.Ordinal) && IsCapitals(text) && !AgencyNames.LooksLikeAgency(text);
    }

    private static bool IsCapitals(string text) => text.Any(char.IsLetter) && !text.Any(char.IsLower);

    private static string Squeeze(string text) => new([.. VietnameseText.Fold(text).Where(char.IsLetterOrDigit)]);

    /// <param name="Ends">For each column, the piece after its last one.</param>
    /// <param name="Margin">How much better it is than the next best way that differs in more than where the product ends.</param>
    private sealed record Way(int[] Ends, double Points, double Margin);

    /// <summary>Weighs the ways to give the pieces of a row to the columns.</summary>
    private sealed class Weigher(IReadOnlyList<ColumnRole> roles, bool isLed, List<Piece> pieces)
    {
        private readonly Dictionary<string, bool> _agencies = new(StringComparer.Ordinal);
        private readonly Dictionary<string, bool> _deadlines = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (int All, int Good)> _names = new(StringComparer.Ordinal);
        private readonly double[] _widths = new double[roles.Count];

        /// <summary>Of the row being weighed: before which pieces the text is still open, and the texts of its runs of pieces.</summary>
        private bool[] _open = [];
        private (string? Joined, string? Said)[,] _runs = new (string?, string?)[0, 0];

        /// <summary>Blank lines part the cells, not every line from the next.</summary>
        private readonly bool _inBlocks = pieces.Count > 4 && pieces.Count(piece => piece.Before is Cut.Blank) * 10 >= pieces.Count * 3 && pieces.Exists(piece => piece.Before is Cut.Line);

        private readonly bool _blanksSayNothing = pieces.Count > 4 && pieces.Count(piece => piece.Before is Cut.Blank) * 20 >= pieces.Count * 19;

        /// <summary>Where cells follow line on line, a blank line inside a row is a cell with nothing in it.</summary>
        private readonly bool _blankIsEmpty = pieces.Count > 20 && pieces.Count(piece => piece.Before is Cut.Blank && Number(piece.Text) is null) * 12 < pieces.Count;

        public Way? Weigh(List<Piece> row)
        {
            if (row.Count == 0 || Number(row[0].Text) is not { } number) return null;
            var count = Math.Min(row.Count, UnitsMax);
            if (number.Kind is NumberKind.Roman or NumberKind.Letter or NumberKind.Decimal && IsTitleRow(row, number)) return null;

            _open = [.. Enumerable.Range(0, row.Count).Select(i => i > 0 && Continues(row[i - 1].Text, row[i].Text))];
            _runs = new (string?, string?)[count + 1, count + 1];

            // best[c, i]: columns before c hold the pieces before i; the two best ways are kept.
            var n = roles.Count;
            var best = new List<(double Points, int From, int Rank)>[n + 1, count + 1];
            for (var c = 0; c <= n; c++) for (var i = 0; i <= count; i++) best[c, i] = [];
            best[0, 0].Add((0, 0, 0));
            for (var c = 0; c < n; c++)
            {
                for (var from = 0; from <= count; from++)
                {
                    if (best[c, from].Count == 0) continue;
                    var most = roles[c] is ColumnRole.Number ? Math.Min(count, from + 1) : count;
                    for (var to = roles[c] is ColumnRole.Number ? most : from; to <= most; to++)
                    {
                        var points = Cell(row, c, from, to) + (to == from || from == 0 ? 0 : Parts(row, from));
                        for (var rank = 0; rank < best[c, from].Count; rank++) Keep(best[c + 1, to], (best[c, from][rank].Points + points, from, rank));
                    }
                }
            }

            if (best[n, count].Count == 0) return null;
            var ways = best[n, count].Select((_, rank) => Ends(best, n, count, rank)).ToList();
            return new Way(ways[0], best[n, count][0].Points, ways.Count == 1 ? double.MaxValue : best[n, count][0].Points - best[n, count][1].Points);

            static void Keep(List<(double Points, int From, int Rank)> held, (double Points, int From, int Rank) way)
            {
                var at = held.FindIndex(one => one.Points < way.Points);
                held.Insert(at < 0 ? held.Count : at, way);
                if (held.Count > 2) held.RemoveAt(2);
            }
        }

        private static int[] Ends(List<(double Points, int From, int Rank)>[,] best, int columns, int count, int rank)
        {
            var ends = new int[columns];
            var at = count;
            for (var c = columns; c > 0; c--)
            {
                ends[c - 1] = at;
                (_, at, rank) = best[c, at][rank];
            }

            return ends;
        }

        /// <summary>A number and a title over the whole width: nobody is named, no day is set.</summary>
        private bool IsTitleRow(List<Piece> row, RowNumber number)
        {
            if (row.Count == 1) return true;
            var rest = row.Skip(1).Select(piece => piece.Text).ToList();
            if (rest.TrueForAll(IsCapitals)) return true;
            if (rest.Exists(text => IsDeadline(text)) || rest.Skip(1).Any(IsAgency)) return false;
            return number.Kind is not NumberKind.Decimal ? rest.Count <= 4 || isLed : rest.Count == 1 || isLed && rest.Count <= 3 && !row.Skip(2).Any(piece => piece.Before is not Cut.Space);
        }

        /// <summary>How wide a column is shows in the lines that were broken in it: the next word did not fit.</summary>
        public bool Learn(List<List<Piece>> rows, List<Way?> ways)
        {
            if (isLed) return false;
            for (var c = 0; c < roles.Count; c++)
            {
                var widths = new List<double>();
                for (var r = 0; r < rows.Count; r++)
                {
                    if (ways[r] is not { Margin: > 0.5 } way) continue;
                    var from = c == 0 ? 0 : way.Ends[c - 1];
                    if (way.Ends[c] - from >= 2) widths.Add(rows[r].Skip(from).Take(way.Ends[c] - from).Max(piece => piece.Text.Length));
                }

                if (widths.Count < 3) continue;
                widths.Sort();
                _widths[c] = widths[(int)(widths.Count * 0.8)];
            }

            return _widths.Any(width => width > 0);
        }

        /// <summary>What a cut before this piece is worth: cells begin with a capital, and nothing is left open before them.</summary>
        private double Parts(List<Piece> row, int at)
        {
            var (before, here) = (row[at - 1].Text, row[at].Text);
            var points = row[at].Before switch { Cut.Space => -0.3, Cut.Blank => 0.3, _ => _inBlocks ? -2.5 : 0 };
            if (char.IsLower(here[0])) points -= 4;
            if (here[0] is ',' or ';' or ')' or '.') points -= 4;
            if (_open[at]) points -= 3;
            if (here[0] is '(') points -= 1.2;
            if (before[^1] is ';' && IsAgency(before)) points -= 2.5;
            if (before[^1] is '.') points += 0.6;
            return points;
        }

        /// <summary>Whether the text cannot end a cell: a comma, a word that joins, an open bracket, the word before a date, the kind of a body without its name.</summary>
        private static bool Continues(string text, string next) =>
            DateOpens().IsMatch(text) && DateGoesOn().IsMatch(next) || text.EndsWith("ban hành", StringComparison.Ordinal) && Issued().IsMatch(next) || text[^1] is ',' or '(' or '/' or '-' or '–' or '“' || OpenEnd().IsMatch(text) || BareHead().IsMatch(text) || text.Count(c => c == '(') > text.Count(c => c == ')') && text.LastIndexOf('(') > text.LastIndexOf(')');

        /// <summary>What keeping two pieces in one cell is worth.</summary>
        private double Joins(List<Piece> row, int column, int at)
        {
            var (before, here) = (row[at - 1].Text, row[at].Text);
            var points = row[at].Before switch { Cut.Blank => _blanksSayNothing ? -0.2 : _inBlocks ? -2.0 : -0.8, Cut.Line => _inBlocks ? 0.3 : -0.1, _ => 0.0 };
            if (RoleLabel().IsMatch(here)) return roles[column] is ColumnRole.Lead or ColumnRole.LeadAndCoordinator or ColumnRole.Coordinator ? 0.5 : -2;
            var goesOn = char.IsLower(here[0]) || _open[at];
            if (before[^1] is '.' && char.IsUpper(here[0])) points -= roles[column] is ColumnRole.Content && !isLed ? 0.2 : 0.6;
            if (isLed || row[at].Before is Cut.Space) return points;
            if (_widths[column] > 0 && row[at].Before is Cut.Line)
            {
                // A line that had room for the next word was ended on purpose; only letters narrower than others excuse a little room.
                var room = _widths[column] - before.Length - 1 - here.IndexOf(' ') is var left && here.Contains(' ', StringComparison.Ordinal) ? left : _widths[column] - before.Length - 1 - here.Length;
                points += room <= 0.12 * _widths[column] ? 0.4 : goesOn ? -0.3 : -Math.Min(1.6, room / 8.0);
            }

            return points;
        }

        private double Cell(List<Piece> row, int column, int from, int to)
        {
            var role = roles[column];
            if (from == to)
            {
                if (_blankIsEmpty && from < row.Count && row[from].Before is Cut.Blank && role is ColumnRole.Lead or ColumnRole.LeadAndCoordinator or ColumnRole.Coordinator or ColumnRole.Deadline) return 0.2;
                return role switch
                {
                    ColumnRole.Number => -9,
                    ColumnRole.Content => -6,
                    ColumnRole.Lead or ColumnRole.LeadAndCoordinator => -2.5,
                    ColumnRole.Deadline => -1.5,
                    ColumnRole.Coordinator => -1,
                    ColumnRole.Product => -1,
                    ColumnRole.Start or ColumnRole.Code or ColumnRole.Basis or ColumnRole.Target => -0.5,
                    _ => -0.2,
                };
            }

            if (role is ColumnRole.Number) return Number(row[from].Text) is null ? -9 : 1;
            var points = 0.0;
            for (var i = from + 1; i < to; i++) points += Joins(row, column, i);
            if (_widths[column] > 0 && row.Skip(from).Take(to - from).Any(piece => piece.Text.Length > (1.2 * _widths[column]) + 2)) points -= 0.8;
            var text = Joined(row, from, to);
            switch (role)
            {
                case ColumnRole.Content:
                    points += char.IsUpper(text[0]) || text[0] is '"' or '“' or '-' || char.IsDigit(text[0]) ? 2 : 0;
                    points += Math.Min(1.5, text.Length / 40.0);
                    if (IsDeadline(text)) points -= 3;
                    if (text.Length < 100 && IsAgency(text)) points -= 2;
                    if (text.Length < 12) points -= 0.5;

                    // A whole line that is a body or a day by itself stands in a column of its own.
                    for (var i = from; i < to; i++)
                    {
                        if (i > from && _open[i] || i + 1 < row.Count && i + 1 < to && char.IsLower(row[i + 1].Text[0]) && !row[i + 1].Text.Contains(',', StringComparison.Ordinal) && row[i].Before is not Cut.Space) continue;
                        if (IsAgency(row[i].Text) && i > from) points -= isLed ? 0.4 : 1.2;
                        if (row[i].Text.Length < 40 && IsDeadline(row[i].Text)) points -= isLed ? 0.6 : 1.5;
                    }

                    return points;
                case ColumnRole.Lead or ColumnRole.Coordinator or ColumnRole.LeadAndCoordinator:
                    return points + Bodies(row, from, to, text, role);
                case ColumnRole.Deadline or ColumnRole.Start:
                    points += IsDeadline(text) ? ProductNoun().IsMatch(text) ? 0.3 : 3 : Session().IsMatch(text) ? 2.5 : Duration().IsMatch(text) ? 2 : text.Length < 40 && text.Any(char.IsDigit) && !IsAgency(text) ? 0.3 : EmptyMark().IsMatch(text) ? 0.5 : -2;
                    if (text.Length > 60) points -= Math.Min(3, (text.Length - 60) / 30.0);
                    if (IsAgency(text)) points -= 4;

                    // What follows a whole day and begins anew is something else, and so is a paper that itself is due on a day.
                    for (var i = from + 1; i < to; i++) if (ProductNoun().IsMatch(row[i].Text) && !_open[i] && Session().IsMatch(row[from].Text)) points -= 3.5;
                    for (var i = from + 1; i < to; i++) if (char.IsUpper(row[i].Text[0]) && !IsDeadline(row[i].Text) && !_open[i] && IsDeadline(Joined(row, from, i))) points -= 1.5;
                    for (var i = from; i < to; i++) if (IsAgency(row[i].Text) && !(i > from && _open[i]) && !IsDeadline(row[i].Text)) points -= 1;
                    return points;
                case ColumnRole.Budget or ColumnRole.Quantity:
                    return points + (text.Any(char.IsDigit) ? 0.5 : -0.8) - (IsAgency(text) ? 2 : 0) - (text.Length / 60.0);
                case ColumnRole.Code or ColumnRole.Period or ColumnRole.Status:
                    return points + (text.Length <= 14 ? 0.8 : -1.5);
                default:
                    points += role switch { ColumnRole.Product => 1, ColumnRole.Target => text.Any(char.IsDigit) ? 0.8 : 0.3, ColumnRole.Basis => Instrument().IsMatch(text) ? 1.5 : 0, _ => 0 };
                    if (role is ColumnRole.Product && ProductNoun().IsMatch(text)) points += 0.7;
                    if (IsAgency(text) && !EmptyMark().IsMatch(text)) points -= 3;
                    if (IsDeadline(text)) points -= 3;
                    if (text.Contains(',', StringComparison.Ordinal) && text.Split(',', StringSplitOptions.TrimEntries).Skip(1).Any(part => part.Length > 4 && char.IsUpper(part[0]) && IsAgency(part))) points -= 1.5;
                    for (var i = from; i < to; i++)
                    {
                        if (i > from && _open[i]) continue;
                        if (to - from > 1 && IsAgency(row[i].Text)) points -= 1;
                        if (to - from > 1 && row[i].Text.Length < 40 && IsDeadline(row[i].Text)) points -= 1;
                    }

                    return points - (0.004 * text.Length);
            }
        }

        private double Bodies(List<Piece> row, int from, int to, string text, ColumnRole role)
        {
            if (EmptyMark().IsMatch(text)) return 0.5;
            if (IsDeadline(text) && !IsAgency(text)) return -4;
            // Only a text that begins like a body is worth taking apart, name by name.
            if (text.Length > 600) return -8;
            if (!IsAgency(row[from].Text) && !(from + 1 < to && IsAgency(Joined(row, from, from + 2))) && !BareHead().IsMatch(row[from].Text)) return -3 - Math.Max(0, (text.Length - 120) / 60.0);
            var said = _runs[from, to].Said ??= Said(row, from, to);
            if (!_names.TryGetValue(said, out var names))
            {
                var all = AgencyNames.Split(said);
                _names[said] = names = (all.Count, all.Count(IsAgency));
            }

            if (names.All == 0) return -3;
            var points = names.Good == names.All ? 3 : (5.0 * names.Good / names.All) - 3;
            if (role is ColumnRole.Lead) points -= Math.Min(1.2, 0.3 * (names.All - 1));
            if (role is ColumnRole.Coordinator) points += Math.Min(0.3, 0.1 * (names.All - 1));
            if (BareHead().IsMatch(text)) points -= 2;
            for (var i = from; i < to; i++) if (row[i].Text.Length < 30 && IsDeadline(row[i].Text) && !(i > from && _open[i])) points -= 2;
            return points - Math.Max(0, (text.Length - 120) / 60.0);
        }

        private bool IsAgency(string text)
        {
            if (text.Length > 160) return false;
            text = RoleLabel().Replace(text, "");   // "Chủ trì: Sở Nội vụ" names a body, with what it is there for.
            if (!_agencies.TryGetValue(text, out var known)) _agencies[text] = known = !NoBody().IsMatch(text) && AgencyNames.LooksLikeAgency(text);
            return known;
        }

        private bool IsDeadline(string text)
        {
            if (text.Length > (isLed ? 70 : 110) || !MayBeTime().IsMatch(text) || !char.IsLetterOrDigit(text[0]) && text[0] is not '(') return false;
            if (!_deadlines.TryGetValue(text, out var known)) _deadlines[text] = known = DeadlineGrammar.Recognises(text) && !Work().IsMatch(text);
            return known;
        }

        private string Joined(List<Piece> row, int from, int to) => _runs[from, to].Joined ??= Join(row, from, to);

        private static string Join(List<Piece> row, int from, int to)
        {
            var text = row[from].Text;
            for (var i = from + 1; i < to; i++) text += Glue(row[i - 1].Text, row[i]) + row[i].Text;
            return text;
        }

        /// <summary>A number of a document broken at its stroke has no space there.</summary>
        private static string Glue(string before, Piece here) =>
            here.Before is not Cut.Space && before.Length > 1 && before[^1] is '-' or '/' && char.IsLetterOrDigit(before[^2]) && char.IsLetterOrDigit(here.Text[0]) ? "" : " ";

        /// <summary>The cell with the breaks somebody made: a point of a list, a name on a line of its own.</summary>
        private static string Said(List<Piece> row, int from, int to)
        {
            var text = row[from].Text;
            for (var i = from + 1; i < to; i++)
            {
                var own = row[i].Before is not Cut.Space && !char.IsLower(row[i].Text[0]) && !Continues(row[i - 1].Text, row[i].Text);
                text += (own ? "\n" : Glue(row[i - 1].Text, row[i])) + row[i].Text;
            }

            return text;
        }

        public Row Say(List<Piece> row, Way? way)
        {
            if (row.Count == 0) return new Row(0, null, "", false);
            if (way is null)
            {
                if (Number(row[0].Text) is null) return new Row(row[0].Page, null, Join(row, 0, row.Count), false);
                var title = Enumerable.Repeat("", roles.Count).ToList();
                title[0] = row[0].Text;
                if (row.Count > 1) title[Content()] = Join(row, 1, row.Count);
                return new Row(row[0].Page, title, null, false);
            }

            var cells = new List<string>();
            var (doubtful, from) = (row.Count > UnitsMax || way.Margin < 0.35, 0);
            for (var c = 0; c < roles.Count; c++)
            {
                var to = c == roles.Count - 1 ? row.Count : way.Ends[c];
                var text = from >= to ? "" : roles[c] is ColumnRole.Content or ColumnRole.Deadline ? Points(row, from, to) : Said(row, from, to);
                doubtful |= roles[c] switch
                {
                    ColumnRole.Content => text.Length == 0 || char.IsLower(text[0]),
                    ColumnRole.Lead or ColumnRole.LeadAndCoordinator or ColumnRole.Coordinator => text.Length > 0 && !EmptyMark().IsMatch(text) && !AgencyNames.Split(text).Any(IsAgency),
                    ColumnRole.Deadline => text.Length > 0 && (char.IsLower(text[0]) || IsAgency(text)),
                    ColumnRole.Product => text.Length > 0 && (IsAgency(text) || char.IsLower(text[0])),
                    _ => false,
                };
                cells.Add(text);
                from = to;
            }

            // Several names of a line each, with a cell beside them empty, may well be one of each.
            doubtful |= Empty(ColumnRole.Deadline, cells) || Empty(ColumnRole.Coordinator, cells);
            return new Row(row[0].Page, cells, null, doubtful);
        }

        private bool Empty(ColumnRole role, List<string> cells)
        {
            var at = roles.ToList().IndexOf(role);
            return at >= 0 && cells[at].Length == 0 && Enumerable.Range(0, cells.Count).Any(c => roles[c] is ColumnRole.Lead && cells[c].Contains('\n', StringComparison.Ordinal));
        }

        /// <summary>A text whose points ("- …", "a) …") keep their lines.</summary>
        private static string Points(List<Piece> row, int from, int to)
        {
            var text = row[from].Text;
            for (var i = from + 1; i < to; i++) text += (row[i].Before is not Cut.Space && ListPoint().IsMatch(row[i].Text) ? "\n" : Glue(row[i - 1].Text, row[i])) + row[i].Text;
            return text;
        }

        private int Content() => Math.Max(1, roles.ToList().IndexOf(ColumnRole.Content));
    }

    // ---- words --------------------------------------------------------------------------------------------------------------

    [GeneratedRegex(@"^(?:STT|TT|Stt|Tt|Số TT|SỐ TT|Số thứ tự|T\.?T\.?|S\.?T\.?T\.?)\s+\p{Lu}", RegexOptions.None, TimeLimit)]
    private static partial Regex RunHeader();

    [GeneratedRegex(@"^[(\[]?(?:\d{1,2}|[A-H])[)\]]?$", RegexOptions.None, TimeLimit)]
    private static partial Regex ColumnIndex();

    [GeneratedRegex(@"^(\d{1,3}|[IVX]{1,5}|[A-HK-Z]|\d{1,2}(\.\d{1,2})+|[a-zđ])\s*[.)]?$", RegexOptions.None, TimeLimit)]
    private static partial Regex NumberCell();

    [GeneratedRegex(@"^(?<n>(?:\d{1,3}(?:\.\d{1,2}){0,2}|[IVX]{1,5}|[A-H])[.)]?)\s+(?=[\p{Lu}\d""“(])(?!\d{1,3}\s|\d+\s*[%/])", RegexOptions.None, TimeLimit)]
    private static partial Regex LedRow();

    [GeneratedRegex(@"(?<=\s)(?=[\p{Lu}“""]|\d{1,2}\s?[/.]\s?\d|\d+ (?:ngày|tháng)\b|\d+ \p{Lu}|-\s)", RegexOptions.None, TimeLimit)]
    private static partial Regex CellStart();

    [GeneratedRegex(@"^(?:[IVX]{1,5}|[A-H])\s*[.)\-]\s+\p{Lu}", RegexOptions.None, TimeLimit)]
    private static partial Regex GroupLine();

    [GeneratedRegex(@"^(?:trang\s*|page\s*)?[-–]?\s*\d{1,4}\s*(?:/\s*\d{1,4}\s*)?[-–]?$", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex PageMark();

    [GeneratedRegex(@"^(?:Nơi nhận|NƠI NHẬN|TM\.|KT\.|TL\.|TUQ\.|PHỤ LỤC\b|Phụ lục\s+[IVX\d]|BIỂU MẪU|Người lập|Ghi chú\s*:\s*\S)", RegexOptions.None, TimeLimit)]
    private static partial Regex End();

    [GeneratedRegex(@"^(?:tại |trước |sau )?(?:kỳ|phiên) họp\b", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex Session();

    [GeneratedRegex(@"^[-–+\s]*(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì|phối hợp|tham gia)(?:\s+thực hiện)?\s*:\s*", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex RoleLabel();

    /// <summary>Words after which something must come.</summary>
    [GeneratedRegex(@"(?:^|\s)(?:và|của|với|theo|cho|các|để|trong|về|tại|từ|đến|hoặc|do|được|bằng|là|những|trên|thuộc|nhằm|gồm|số|trước|sau|hết|cấp|khu vực|Trước|Theo|Từ|Các|Khu vực|trực|thứ)$", RegexOptions.None, TimeLimit)]
    private static partial Regex OpenEnd();

    [GeneratedRegex(@"(?:^|\s)(?:ngày|tháng|năm|quý|Ngày|Tháng|Năm|Quý)$", RegexOptions.None, TimeLimit)]
    private static partial Regex DateOpens();

    [GeneratedRegex(@"^(?:Kế hoạch|Quyết định|Chương trình|Nghị quyết|Đề án|Văn bản|Chỉ thị)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Issued();

    [GeneratedRegex(@"^(?:\d|[IVX]{1,3}\b)", RegexOptions.None, TimeLimit)]
    private static partial Regex DateGoesOn();

    /// <summary>The kind of a body at the end of a text, its name still to come.</summary>
    [GeneratedRegex(@"(?:^|[,;]\s*|\bvà\s+)(?:Sở|Ban|Bộ|Cục|Chi cục|Công|Công ty|Kho|Kho bạc|Ngân|Ngân hàng|Ngân hàng Nhà|Trung|Trung tâm|Văn|Văn phòng|Viện|Trường|Đoàn|Hội|Đài|Báo|Thuế|UBND|Ủy|Ủy ban|Uỷ ban|Ủy ban nhân|Mặt|Mặt trận|Mặt trận Tổ|Liên|Liên đoàn|Bảo|Bảo hiểm|Bảo hiểm xã|Các|Các sở|Thành|Tỉnh|Đảng|Hội đồng|Bưu|Viễn|Tập đoàn|Tổng công ty|Thanh|Thanh tra|Tòa|Tòa án|Viện kiểm)$", RegexOptions.None, TimeLimit)]
    private static partial Regex BareHead();

    /// <summary>Words that without their marks would be the kind of a body.</summary>
    [GeneratedRegex(@"^(?:Bản|Bàn|Bảng|Số|Bố|Bổ|Bó|Hỏi|Hồi|Đoạn|Cổng|Đại|Đài từ|Bảo đảm|Bảo mật|Bảo trì|Bảo vệ|Báo cáo|Thuê|Trưởng|Vụ việc)\b(?! học)", RegexOptions.None, TimeLimit)]
    private static partial Regex NoBody();

    [GeneratedRegex(@"\d|thường|liên tục|hằng|hàng|định kỳ|quý|tháng|năm|ngày|theo|sau|khi|ngay|trước|giai đoạn|\bT\.?X\b|thuong|hang|theo|truoc", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex MayBeTime();

    [GeneratedRegex(@"^\d+\s*(?:ngày|tháng|tuần)\b", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex Duration();

    [GeneratedRegex(@"\b\d+[-/]\s?(?:20\d{2}/)?[A-ZĐ]{2}|Nghị quyết|Kế hoạch số|Quyết định số|Chỉ thị số|\b[IVX\d]+(?:\.\d+)+\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Instrument();

    /// <summary>What a plan hands over is mostly a paper, a meeting or a thing built.</summary>
    [GeneratedRegex(@"^(?:-\s*)?(?:Báo cáo|Quyết định|Kế hoạch|Văn bản|Công văn|Tờ trình|Nghị quyết|Chỉ thị|Thông báo|Đề án|Dự án|Quy chế|Quy định|Quy trình|Hướng dẫn|Hệ thống|Nền tảng|Phần mềm|Cơ sở dữ liệu|CSDL|Danh mục|Danh sách|Biên bản|Hội nghị|Hội thảo|Lớp|Khóa|Tài liệu|Bộ |Tin|Dữ liệu|Kho|Kết quả|Hợp đồng|Hồ sơ|Cuộc thi|Mô hình|Chương trình|Tỷ lệ|Dịch vụ|Ứng dụng|Cổng|Trung tâm|Điểm|Giải pháp|Chỉ số|Phương án|Sổ tay|Bảng|Phiếu|Thiết bị|Hạ tầng)", RegexOptions.None, TimeLimit)]
    private static partial Regex ProductNoun();

    /// <summary>A sentence that only begins like a time ("Hằng năm tổ chức …") is work, not a day.</summary>
    [GeneratedRegex(@"\b(?:tổ chức|xây dựng|(?<!tiếp tục )triển khai|rà soát|(?<!tiếp tục )thực hiện(?! từ| thường xuyên)|phê duyệt|nâng cấp|đào tạo|tuyên truyền|tham mưu|báo cáo|kiểm tra|hoàn thiện|số hóa|kết nối|bố trí)\b", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex Work();

    [GeneratedRegex(@"^[-–—./…_]+$", RegexOptions.None, TimeLimit)]
    private static partial Regex EmptyMark();

    [GeneratedRegex(@"^(?:[-–+*•]\s|[a-zđ]\)\s|\(\d{1,2}\)\s)", RegexOptions.None, TimeLimit)]
    private static partial Regex ListPoint();
}
