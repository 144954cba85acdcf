using System.Text.RegularExpressions;
using Xunit;

namespace LienThong.House;

/// <summary>The content security policy has no 'unsafe-inline', so what it would block must not be written in the first place.</summary>
public sealed partial class MarkupTests
{
    [Theory]
    [InlineData(@"<[^>]*\sstyle\s*=", "an inline style")]
    [InlineData(@"<[^>]*\son[a-z]+\s*=\s*[""'][^""'@]", "an inline event handler")]
    [InlineData(@"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>", "an inline script")]
    [InlineData(@"<style[\s>]", "an inline style sheet")]
    [InlineData(@"javascript:", "a script address")]
    [InlineData(@"\b(src|href)\s*=\s*[""']https?://", "a thing loaded from another host")]
    public void No_page_writes(string pattern, string what)
    {
        HouseRoot.Nothing($"The browser would refuse {what}:",
            from file in HouseRoot.FilesOf("src/Web/", ".razor")
            from Match found in Regex.Matches(HouseRoot.Read(file), pattern, RegexOptions.IgnoreCase | RegexOptions.Singleline, TimeSpan.FromSeconds(5))
            where !what.Contains("another host", StringComparison.Ordinal) || !Link().IsMatch(found.Value)
            select $"{file}: {found.Value.ReplaceLineEndings(" ")}");
    }

    [Fact]
    public void Style_sheets_and_scripts_ask_no_other_host()
    {
        // A page of a province that loads from elsewhere tells elsewhere who reads it, and breaks when the line is cut.
        HouseRoot.Nothing("Loaded from another host:",
            from file in HouseRoot.FilesOf("src/Web/assets/", ".css", ".js", ".mjs")
            from Match found in Elsewhere().Matches(HouseRoot.Read(file))
            select $"{file}: {found.Value}");
    }

    [GeneratedRegex(@"^href", RegexOptions.IgnoreCase, 5000)]
    private static partial Regex Link();

    [GeneratedRegex(@"(url\(|@import|import\(|from\s*|fetch\()\s*['""]?https?://[^'"")\s]+", RegexOptions.None, 5000)]
    private static partial Regex Elsewhere();
}
