using System.Text;
using Xunit;

namespace LienThong.House;

/// <summary>C# cut into code, literals and comments: enough of a lexer for house rules, and short enough to argue with.</summary>
internal sealed record CSharpText(string Code, IReadOnlyList<(int Line, string Text)> Literals)
{
    /// <summary>Comments vanish; each literal stays in the code as a pair of quotes and is listed with its line.</summary>
    public static CSharpText Of(string source)
    {
        var code = new StringBuilder(source.Length);
        var literals = new List<(int, string)>();
        var line = 1;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '\n') line++;
            if (At(source, i, "//")) { i = End(source, i, "\n", 0) - 1; continue; }
            if (At(source, i, "/*")) { var end = End(source, i + 2, "*/", 2); line += Lines(source, i, end); i = end - 1; continue; }
            if (source[i] == '\'' && i + 2 < source.Length)
            {
                var close = source[i + 1] == '\\' ? source.IndexOf('\'', i + 3) : i + 2;
                if (close > 0 && close < source.Length && source[close] == '\'') { literals.Add((line, source[(i + 1)..close])); code.Append("''"); i = close; continue; }
            }

            if (source[i] != '"') { code.Append(source[i]); continue; }
            var quotes = 1;
            while (i + quotes < source.Length && source[i + quotes] == '"') quotes++;
            int stop;
            if (quotes >= 3) stop = source.IndexOf(new string('"', quotes), i + quotes, StringComparison.Ordinal);
            else if (quotes == 2 && !(code.Length > 0 && code[^1] == '@')) stop = i + 1;
            else stop = Close(source, i + 1, verbatim: code.Length > 0 && (code[^1] == '@' || (code.Length > 1 && code[^1] == '$' && code[^2] == '@')));
            if (stop < 0) stop = source.Length - 1;
            var body = quotes >= 3 ? source[(i + quotes)..stop] : source[Math.Min(i + 1, stop)..stop];
            literals.Add((line, body));
            code.Append("\"\"");
            line += Lines(source, i, stop);
            i = quotes >= 3 ? stop + quotes - 1 : stop;
        }

        return new CSharpText(code.ToString(), literals);
    }

    private static bool At(string source, int index, string what) => string.CompareOrdinal(source, index, what, 0, what.Length) == 0;

    private static int End(string source, int from, string what, int include)
    {
        var found = source.IndexOf(what, from, StringComparison.Ordinal);
        return found < 0 ? source.Length : found + include;
    }

    private static int Lines(string source, int from, int to) => source.AsSpan(from, Math.Min(to, source.Length) - from).Count('\n');

    private static int Close(string source, int from, bool verbatim)
    {
        for (var i = from; i < source.Length; i++)
        {
            if (!verbatim && source[i] == '\\') { i++; continue; }
            if (source[i] != '"') continue;
            if (verbatim && i + 1 < source.Length && source[i + 1] == '"') { i++; continue; }
            return i;
        }

        return -1;
    }
}

public sealed class CSharpTextTests
{
    [Fact]
    public void Comments_vanish_and_literals_are_listed_with_their_line()
    {
        const string source = "var a = \"x // no\"; // \"comment\"\n/* \"two\"\n lines */ var b = @\"c\"\"d\" + 'đ' + '\\n' + \"\" + \"\"\"raw \"q\" text\"\"\"; Call(\"end\\\"\");";
        var text = CSharpText.Of(source);
        Assert.Equal([(1, "x // no"), (3, "c\"\"d"), (3, "đ"), (3, "\\n"), (3, ""), (3, "raw \"q\" text"), (3, "end\\\"")], text.Literals);
        Assert.DoesNotContain("comment", text.Code, StringComparison.Ordinal);
        Assert.Contains("Call(\"\");", text.Code, StringComparison.Ordinal);
    }
}
