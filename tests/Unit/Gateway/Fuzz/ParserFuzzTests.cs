using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using LienThong.Gateway.Call;
using LienThong.Gateway.Forward;
using LienThong.Gateway.Routes;
using Xunit;

namespace LienThong.Unit.Gateway.Fuzz;

/// <summary>
/// What the gateway reads from strangers, bent by chance (T36, R-SHR-09): no reader may fall over, and whatever one lets through must mean the same to a reader of another make.
/// </summary>
public sealed partial class ParserFuzzTests
{
    private const int Rounds = 4_000;

    [Fact]
    public async Task Addresses_of_r1_are_read_in_one_way_only()
    {
        var kinds = await Fuzzing.RunAsync("road", ["/r1/VN-QNG/GOV/H48/dan-cu/tra-cuu/nguoi/1", "/r1/VN/GOV/000.00.00.H41/a%28b%29/c", "/r1/a/b/c/d/e", "/r1/a/b/c/d%2Fx/e/..", "/r0/a"],
            ["%2F", "%2f", "%2e", "%", "/", "//", "..", "/r1/", "%00", "%C3%A1", "?", "#", ";", "\\", " "], Rounds, input =>
        {
            var path = Encoding.Latin1.GetString(input);
            if (!RoadRequest.IsRoad(path) || path.Contains('?', StringComparison.Ordinal)) return Task.FromResult("not of this face");
            if (RoadRequest.Read(path, out var identifier, out var rest) is { } refusal) return Task.FromResult(refusal.Fault.Code);
            var parts = identifier.Split('/');
            Assert.Equal(5, parts.Length);
            Assert.All(parts, p => Assert.Matches(IdentifierPart(), p));
            var raw = path.Split('/', 8);
            Assert.Equal(raw[2..7].Select(Uri.UnescapeDataString), parts);
            var restText = rest.ToString();
            Assert.Equal(raw.Length == 8 ? "/" + raw[7] : "", restText);
            // Written by another hand it is the same address.
            Assert.Null(RoadRequest.Read("/r1/" + string.Join('/', parts.Select(Uri.EscapeDataString)) + restText, out var again, out var restAgain));
            Assert.Equal((identifier, restText), (again, restAgain.ToString()));
            return Task.FromResult($"read {(path.Contains('%', StringComparison.Ordinal) ? "decoded" : "plain")} {restText.Length > 0}");
        });
        Assert.True(kinds >= 4, $"{kinds} kinds of outcome: the search does not reach the reader");
    }

    [Fact]
    public async Task Whatever_a_right_covers_it_covers_in_every_reading_of_the_path()
    {
        string[] globs = ["/nguoi/*", "/ho/**", "/nguoi/*/anh", "/cong-khai"];
        var kinds = await Fuzzing.RunAsync("path", ["/nguoi/1", "/nguoi/b%C3%ACnh", "/ho/1/2/3", "/nguoi/1/anh", "/cong-khai", "/ho/%2e%2e/nguoi/1", "/nguoi/a%2Fb", "/ho/a%252Fb"],
            ["%2F", "%2f", "%2e", "%2E%2e", "..", ".", "/", "//", "%25", "%5C", "\\", ";x", "..;", "%00", "%0d%0a", "nguoi", "ho", "%C0%AF", "%C3%A1"], Rounds, input =>
        {
            var raw = Encoding.Latin1.GetString(input);
            if (raw.AsSpan().ContainsAnyExceptInRange('!', '~') || raw.AsSpan().ContainsAny("?#")) return Task.FromResult("not a path");
            if (!CallPath.TryRead(raw, out var path)) return Task.FromResult("refused");
            var word = new StringBuilder("read");
            foreach (var glob in globs)
            {
                if (!path.Matches(glob)) continue;
                word.Append(' ').Append(glob);
                var oracle = Oracle(glob);
                Assert.Matches(oracle, Uri.UnescapeDataString(raw));
                // What a provider makes of it that resolves dots and decodes, before or after.
                Assert.Matches(oracle, Uri.UnescapeDataString(new Uri("http://provider.invalid" + raw).AbsolutePath));
                Assert.Matches(oracle, Uri.UnescapeDataString(new Uri("http://provider.invalid" + Uri.UnescapeDataString(raw).Replace("%", "%25", StringComparison.Ordinal).Replace("?", "%3F", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal)).AbsolutePath));
            }

            return Task.FromResult(word.ToString());
        });
        Assert.True(kinds >= 5, $"{kinds} kinds of outcome");
    }

    [Fact]
    public async Task Patterns_match_what_the_same_pattern_as_an_expression_matches()
    {
        await Fuzzing.RunAsync("glob", ["/nguoi/*\n/nguoi/1", "/ho/**\n/ho/1/2", "/*/a/**/b\n/x/a/y/z/b", "/a\\*\n/a*", "**a*b\nxxaxb", "/\\\\*\n/\\x"], ["*", "**", "/", "\\*", "\\\\", "a", "b", "/a", "\n"], Rounds, input =>
        {
            var text = Encoding.Latin1.GetString(input);
            var at = text.IndexOf('\n', StringComparison.Ordinal);
            if (at < 0 || at > 60 || text.Length > 200) return Task.FromResult("no pair");
            var (pattern, path) = (text[..at], text[(at + 1)..]);
            var matches = PathGlob.IsMatch(pattern, path);
            Assert.Equal(Oracle(pattern).IsMatch(path), matches);
            return Task.FromResult($"{matches} {pattern.Count(c => c == '*')}");
        });
    }

    [Fact]
    public async Task Headers_of_soap_messages_name_whom_another_reader_of_xml_finds_there()
    {
        const string Message = """
            <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xrd="http://x-road.eu/xsd/xroad.xsd" xmlns:id="http://x-road.eu/xsd/identifiers"><SOAP-ENV:Header><xrd:client id:objectType="SUBSYSTEM"><id:xRoadInstance>VN</id:xRoadInstance><id:memberClass>GOV</id:memberClass><id:memberCode>H48</id:memberCode><id:subsystemCode>mot-cua</id:subsystemCode></xrd:client><xrd:service id:objectType="SERVICE"><id:xRoadInstance>VN</id:xRoadInstance><id:memberClass>GOV</id:memberClass><id:memberCode>H48</id:memberCode><id:subsystemCode>dan-cu</id:subsystemCode><id:serviceCode>tra-cuu</id:serviceCode></xrd:service><xrd:id>1</xrd:id><xrd:protocolVersion>4.0</xrd:protocolVersion></SOAP-ENV:Header><SOAP-ENV:Body><x/></SOAP-ENV:Body></SOAP-ENV:Envelope>
            """;
        await Fuzzing.RunAsync("soap", [Message, "--b\r\nContent-Type: text/xml\r\n\r\n" + Message], ["<xrd:client>", "</xrd:client>", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "&x;", "<!--", "-->", "<![CDATA[", "]]>", "<?p?>", "xmlns:id=\"x\"", "&#x41;", "<xrd:id>2</xrd:id>", "SUBSYSTEM", "\"", "'"], Rounds, input =>
        {
            var isParts = input.AsSpan().StartsWith("--"u8);
            if (SoapHeader.Read(input, isParts ? "multipart/related; boundary=b" : "text/xml", out var header) is { } refusal) return Task.FromResult(refusal.Fault.Code);
            var document = new XmlDocument { XmlResolver = null };
            try
            {
                document.LoadXml(Encoding.UTF8.GetString(isParts ? input[(input.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..] : input).TrimStart('\uFEFF'));
            }
            catch (XmlException)
            {
                return Task.FromResult("header good, the rest broken");      // The gateway reads no further than the header; the provider will.
            }

            Assert.Null(document.DocumentType);
            var names = new XmlNamespaceManager(document.NameTable);
            names.AddNamespace("s", "http://schemas.xmlsoap.org/soap/envelope/");
            names.AddNamespace("x", "http://x-road.eu/xsd/xroad.xsd");
            names.AddNamespace("i", "http://x-road.eu/xsd/identifiers");
            string Named(string element, params string[] parts) => string.Join('/', parts.Select(p => document.SelectSingleNode($"/s:Envelope/s:Header/x:{element}/i:{p}", names)?.InnerText));
            Assert.Equal(header!.Client, Named("client", "xRoadInstance", "memberClass", "memberCode", "subsystemCode"));
            Assert.Equal(header.Service, Named("service", "xRoadInstance", "memberClass", "memberCode", "subsystemCode", "serviceCode"));
            return Task.FromResult("read");
        });
    }

    [Fact]
    public async Task No_bent_token_is_taken_for_one_that_was_signed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = Jwt.Sign(key, """{"alg":"ES256","typ":"at+jwt","kid":"k"}"""u8, """{"iss":"https://g","sub":"VN/GOV/A/a","aud":["https://g"],"exp":1900000000,"iat":1,"nbf":1,"jti":"1"}"""u8);
        var signed = good[..good.LastIndexOf('.')];
        await Fuzzing.RunAsync("jwt", [good, good.Replace('.', ','), "e30.e30." + new string('A', 86)], [".", "..", "=", "_", "-", "eyJhbGciOiJub25lIn0", "{}", "e30"], Rounds, input =>
        {
            if (Jwt.Read(Encoding.Latin1.GetString(input)) is not { } token) return Task.FromResult("no token");
            var isSigned = token.IsSignedBy(key);
            if (isSigned) Assert.StartsWith(signed + ".", Encoding.Latin1.GetString(input), StringComparison.Ordinal);
            return Task.FromResult($"token {isSigned} {token.Subject is null} {token.Audience.Count}");
        });
    }

    [Fact]
    public async Task Of_any_json_what_the_agreement_names_leaves_and_nothing_else_however_it_is_cut_into_pieces()
    {
        string[] pointers = ["/hoTen", "/diaChi/xa", "/danhSach/ten"];
        await Fuzzing.RunAsync("fields",
            ["""{"hoTen":"A","cccd":"051203004567","diaChi":{"xa":"Tịnh Khê","nha":[1,2]},"danhSach":[{"ten":"x","tuoi":1},{"ten":[{"y":null}]}]}""", """[{"hoTen":1.5e3},{"cccd":1}]""", """{"\u0068oTen":"\"","diaChi":[[{"xa":{}}]]}""", "{}", "\"x\""],
            ["\"hoTen\":", "\"cccd\":", "{", "}", "[", "]", ",", ":", "null", "true", "1e9", "\"\\u0000\"", "\"\\ud800\"", "\"xa\":", " ", "\"ten\":", "//"], Rounds, input =>
        {
            var filter = new FieldFilter(FieldTree.Of(pointers));
            var output = new ArrayBufferWriter<byte>();
            var isBroken = false;
            try
            {
                var at = 0;
                var step = 1 + (input.Length * 7 % 13);
                for (; at + step < input.Length; at += step) filter.Take(input.AsSpan(at, step), isLast: false, output);
                filter.Take(input.AsSpan(at), isLast: true, output);
            }
            catch (JsonException)
            {
                isBroken = true;
            }

            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(input, new JsonDocumentOptions { MaxDepth = 64 });
            }
            catch (JsonException)
            {
                Assert.True(isBroken, "what is no JSON was let through");
                return Task.FromResult("no json");
            }

            using (document)
            {
                if (document.RootElement.ValueKind is not JsonValueKind.Object and not JsonValueKind.Array)
                {
                    Assert.True(isBroken);
                    return Task.FromResult("bare value");
                }

                try
                {
                    if (isBroken)
                    {
                        // Refused although it parses: some name in it must be no Unicode, which only reading the names shows.
                        Leaves(document.RootElement, "").ToList().ForEach(_ => { });
                        Assert.Fail("good JSON was refused");
                    }

                    using var left = JsonDocument.Parse(output.WrittenMemory, new JsonDocumentOptions { MaxDepth = 64 });
                    var (agreed, passed) = (Leaves(document.RootElement, "").Where(l => Array.Exists(pointers, p => (l.Path + "/").StartsWith(p + "/", StringComparison.Ordinal))).ToList(), Leaves(left.RootElement, "").ToList());
                    Assert.Equal(agreed, passed);
                    return Task.FromResult($"filtered {Math.Min(output.WrittenCount, 100)}");
                }
                catch (InvalidOperationException)
                {
                    return Task.FromResult("a name that is no Unicode");
                }
            }
        });
    }

    /// <summary>Every value that holds no other, with the names on the way to it; levels of arrays have none.</summary>
    private static IEnumerable<(string Path, string Value)> Leaves(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Leaves(p.Value, path + "/" + p.Name.Replace("/", "~1", StringComparison.Ordinal))),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Leaves(e, path)),
        _ => [(path, element.GetRawText())],
    };

    private static Regex Oracle(string glob) => new(@"\A" + Step().Replace(glob, m => m.Value switch
    {
        "**" => ".*",
        "*" => "[^/]*",
        @"\*" => @"\*",
        @"\\" => @"\\",
        _ => Regex.Escape(m.Value),
    }) + @"\z", RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(30));

    [GeneratedRegex(@"\\\*|\\\\|\*\*|\*|.", RegexOptions.Singleline)]
    private static partial Regex Step();

    [GeneratedRegex("^[A-Za-z0-9'()+,.=?-]+$")]
    private static partial Regex IdentifierPart();
}
