using LienThong.Gateway.Call;
using LienThong.Gateway.Routes;
using Xunit;

namespace LienThong.Unit.Gateway.Routes;

/// <summary>Rights on paths: exchange.md 2.1.1, complaint 8 (a traversal through wildcard rights), T29.</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData("/pet/*", "/pet/1", true)]
    [InlineData("/pet/*", "/pet/", true)]
    [InlineData("/pet/*", "/pet/1/2", false)]
    [InlineData("/pet/*", "/pet", false)]
    [InlineData("/pet/**", "/pet/1/2", true)]
    [InlineData("/pet/**/x", "/pet/1/2/x", true)]
    [InlineData("/pet/**/x", "/pet/1/2/y", false)]
    [InlineData("/*/a*b", "/q/axxb", true)]
    [InlineData("/*/a*b", "/q/axx/b", false)]
    [InlineData("/**a*b", "/x/y/a/ab", true)]
    [InlineData(@"/a\*b", "/a*b", true)]
    [InlineData(@"/a\*b", "/axb", false)]
    [InlineData(@"/a\\b", @"/a\b", true)]
    [InlineData("", "", true)]
    [InlineData("**", "/anything/at/all", true)]
    [InlineData("/a", "/A", false)]
    public void A_glob_matches_the_whole_path(string glob, string path, bool matches) => Assert.Equal(matches, PathGlob.IsMatch(glob, path));

    [Fact]
    public void A_hostile_pattern_takes_no_time_to_speak_of()
    {
        // A matcher that tried every combination of these stars would not end within the age of the province.
        Assert.False(PathGlob.IsMatch(string.Concat(Enumerable.Repeat("**a*", 40)) + "b", "/" + new string('a', 2_000)));
    }

    [Theory]
    [InlineData("/ho/1", "GET /ho/**", true)]
    [InlineData("/ho/b%C3%ACnh", "GET /ho/**", true)]
    [InlineData("/nguoi/a%20b", "GET /nguoi/*", true)]
    public void A_plain_path_is_read_as_everybody_reads_it(string raw, string endpoint, bool matches)
    {
        Assert.True(CallPath.TryRead(raw, out var path));
        Assert.Equal(matches, path.Matches(endpoint.Split(' ')[1]));
    }

    [Theory]
    [InlineData("/ho/../nguoi/1")]
    [InlineData("/ho/%2e%2e/nguoi/1")]
    [InlineData("/ho/.%2E/nguoi")]
    [InlineData("/ho/%2e")]
    [InlineData("/ho/..;x=1/nguoi")]
    [InlineData("/ho/..%2fnguoi")]
    [InlineData("/ho/%252e%252e/nguoi")]
    [InlineData("/ho/a%252fb")]
    [InlineData("/ho//nguoi")]
    [InlineData("//ho")]
    [InlineData("/ho/%2F%2Fx")]
    [InlineData("/ho/%5c..%5cx")]
    [InlineData(@"/ho\..\x")]
    [InlineData("/ho/%00")]
    [InlineData("/ho/%0d%0aX: y")]
    [InlineData("/ho/%")]
    [InlineData("/ho/%4")]
    [InlineData("/ho/%zz")]
    [InlineData("/ho/%ff")]
    [InlineData("/ho/%c0%ae%c0%ae/")]
    [InlineData("ho")]
    public void A_path_that_climbs_or_cannot_be_read_is_refused(string raw) => Assert.False(CallPath.TryRead(raw, out _));

    [Fact]
    public void An_encoded_slash_stays_inside_its_segment_and_opens_only_what_both_readings_open()
    {
        Assert.True(CallPath.TryRead("/nguoi/a%2Fb", out var path));
        // By segments "/nguoi/*" would fit, decoded it would not: somebody would be wrong, so nobody passes.
        Assert.False(path.Matches("/nguoi/*"));
        // "/nguoi/a/b" fits the decoded reading alone.
        Assert.False(path.Matches("/nguoi/*/b"));
        Assert.True(path.Matches("/nguoi/**"));
    }
}
