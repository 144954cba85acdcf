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

    [Fact]
    public void Whatever_is_made_of_the_pieces_of_attacks_is_refused_or_read_without_climbing()
    {
        // Seeded, so that a failure comes again. The pieces are those that traversal lists are made of.
        string[] pieces = ["/", "//", ".", "..", "%2e", "%2E", "%2f", "%5c", "\\", "%25", "%252e", "%252f", ";", "a", "%00", "%c0%ae", "%ff", "%", "%2", "ho", "nguoi", "?", "#", "%E1%BB%8D", "*", "..;/"];
        var random = new Random(20261122);
        var read = 0;
        for (var round = 0; round < 200_000; round++)
        {
            var raw = "/" + string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (!CallPath.TryRead(raw, out var path)) continue;
            read++;
            // What a provider that decodes once, or decodes and resolves, would see below its base.
            var seen = Uri.UnescapeDataString(raw);
            Assert.DoesNotContain(seen.Split('/'), segment => segment is ".." or "." || segment.StartsWith("..;", StringComparison.Ordinal));
            Assert.DoesNotContain('\\', seen);
            // The right to everything under /ho never opens anything else.
            if (path.Matches("/ho/**")) Assert.StartsWith("/ho/", seen, StringComparison.Ordinal);
        }

        Assert.InRange(read, 1_000, 199_000);
    }

    [Theory]
    [InlineData("/r1/a/b/c/d/e", "a/b/c/d/e", "")]
    [InlineData("/r1/a/b/c/d/e/", "a/b/c/d/e", "/")]
    [InlineData("/r1/a/b/c/d/e/x/y%2Fz", "a/b/c/d/e", "/x/y%2Fz")]
    [InlineData("/r1/VN-QNG/GOV/000.00.00.H48/dan%2Dcu/e(1)'+,=/x", "VN-QNG/GOV/000.00.00.H48/dan-cu/e(1)'+,=", "/x")]
    public void The_five_parts_of_an_r1_address_are_decoded_each_on_its_own(string address, string identifier, string rest)
    {
        Assert.Null(RoadRequest.Read(address, out var read, out var left));
        Assert.Equal((identifier, rest), (read, left.ToString()));
    }

    [Fact]
    public void Random_r1_addresses_never_break_the_reader()
    {
        var random = new Random(20261122);
        string[] pieces = ["/", "r1", "a", "b.c", "%2F", "%", "%zz", "_", "..", ".", "ọ", "'", "%27", "//", "e", "f", "%C3%B6"];
        for (var round = 0; round < 100_000; round++)
        {
            var address = "/r1/" + string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (RoadRequest.Read(address, out var identifier, out var rest) is null)
            {
                Assert.True(RoadIdentifier.IsIdentifier(identifier, 5), address);
                Assert.True(rest.IsEmpty || rest[0] == '/', address);
            }
        }
    }
}
