using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace LienThong.House;

/// <summary>
/// THIRD-PARTY.md names every package the product uses, with the licence the package itself declares. It is computed from what NuGet and
/// npm resolved, so a package added without a word makes this fail; LIENTHONG_UPDATE=1 writes the list anew.
/// </summary>
public sealed partial class LicenceTests
{
    /// <summary>Licences under which an Apache-2.0 program may be given away with these parts. Another one is a decision, not an update.</summary>
    private static readonly string[] Free =
        ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "ISC", "0BSD", "OFL-1.1", "MS-PL", "MPL-2.0", "BlueOak-1.0.0", "CC0-1.0", "Unlicense", "Python-2.0", "Zlib", "blessing"];

    /// <summary>Packages whose file names a licence only in words; read once by a person.</summary>
    private static readonly Dictionary<string, string> ReadByHand = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SourceGear.sqlite3"] = "blessing",   // SQLite is in the public domain; SPDX calls its text "blessing".
        ["only"] = "MIT",   // The licence stands in its Readme.
    };

    private sealed record Part(string Name, string Version, string Licence, string Use);

    [Fact]
    public void The_list_of_licences_is_complete_and_true()
    {
        var expected = Render(Nuget().Concat(Npm()));
        if (Environment.GetEnvironmentVariable("LIENTHONG_UPDATE") == "1") File.WriteAllText(HouseRoot.Full("THIRD-PARTY.md"), expected);
        Assert.True(expected == HouseRoot.Read("THIRD-PARTY.md"), "THIRD-PARTY.md is not what NuGet and npm resolved; LIENTHONG_UPDATE=1 ./test house writes it.");
    }

    [Fact]
    public void Every_licence_lets_the_product_be_given_away()
    {
        HouseRoot.Nothing("A licence to be decided on:",
            from part in Nuget().Concat(Npm())
            where part.Licence.Replace("(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal).Split(" OR ").Any(either => either.Split(" AND ").All(Free.Contains)) is false
            select $"{part.Name} {part.Version}: {part.Licence}");
    }

    [Fact]
    public void The_product_itself_is_Apache() => Assert.Contains("Apache License", HouseRoot.Read("LICENSE")[..200], StringComparison.Ordinal);

    private static Dictionary<string, Part>.ValueCollection Nuget()
    {
        var parts = new Dictionary<string, Part>(StringComparer.OrdinalIgnoreCase);
        var projects = HouseRoot.FilesOf("", ".csproj").OrderBy(p => p.StartsWith("src/", StringComparison.Ordinal) ? 0 : 1);
        foreach (var project in projects)
        {
            var file = Path.Combine(HouseRoot.Folder, Path.GetDirectoryName(project)!, "obj", "project.assets.json");
            if (project.StartsWith("benches/", StringComparison.Ordinal) && !File.Exists(file)) continue;   // The benches are not built by the tests.
            using var assets = JsonDocument.Parse(File.ReadAllText(file));
            var folders = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToList();
            var target = assets.RootElement.GetProperty("targets").EnumerateObject().First().Value;
            foreach (var library in assets.RootElement.GetProperty("libraries").EnumerateObject().Where(l => l.Value.GetProperty("type").GetString() == "package"))
            {
                var name = library.Name.Split('/');
                var shipped = project.StartsWith("src/", StringComparison.Ordinal) && target.TryGetProperty(library.Name, out var used) && (used.TryGetProperty("runtime", out _) || used.TryGetProperty("runtimeTargets", out _) || used.TryGetProperty("dependencies", out _));
                var nuspec = folders.Select(folder => Path.Combine(folder, library.Value.GetProperty("path").GetString()!)).Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.nuspec")).First();
                parts.TryAdd(name[0], new Part(name[0], name[1], ReadByHand.GetValueOrDefault(name[0]) ?? Declared(nuspec), shipped ? "product" : project.StartsWith("src/", StringComparison.Ordinal) ? "build" : "tests"));
            }
        }

        return parts.Values;
    }

    private static string Declared(string nuspec)
    {
        var metadata = XDocument.Load(nuspec).Root!.Elements().First(e => e.Name.LocalName == "metadata");
        string? Element(string name) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
        var licence = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license");
        if (licence?.Attribute("type")?.Value == "expression") return licence.Value;
        var text = licence is null ? "" : File.ReadAllText(Path.Combine(Path.GetDirectoryName(nuspec)!, licence.Value.Replace('\\', '/')));
        var url = Element("licenseUrl") ?? "";
        if (text.Contains("Apache License", StringComparison.OrdinalIgnoreCase) || url.Contains("apache", StringComparison.OrdinalIgnoreCase)) return "Apache-2.0";
        if (text.Contains("Permission is hereby granted, free of charge", StringComparison.OrdinalIgnoreCase) || Mit().IsMatch(url)) return "MIT";
        return $"see {url}";
    }

    private static IEnumerable<Part> Npm() =>
        from file in HouseRoot.Files
        where Path.GetFileName(file) == "package-lock.json"
        let packages = JsonDocument.Parse(HouseRoot.Read(file)).RootElement.GetProperty("packages")
        from package in packages.EnumerateObject()
        where package.Name.Length > 0
        let name = package.Name[(package.Name.LastIndexOf("node_modules/", StringComparison.Ordinal) + "node_modules/".Length)..]
        // One binary per platform of the same tool is one part.
        let shown = PerPlatform().Replace(name, "@$1/*")
        let use = !file.StartsWith("src/", StringComparison.Ordinal) ? "tests" : package.Value.TryGetProperty("dev", out _) ? "build" : "product"
        group (package.Value, use) by (shown, version: package.Value.GetProperty("version").GetString()!) into same
        select new Part(same.Key.shown, same.Key.version, same.First().Value.TryGetProperty("license", out var licence) ? licence.GetString()! : ReadByHand.GetValueOrDefault(same.Key.shown) ?? "undeclared", same.Min(s => s.use == "product" ? "0product" : s.use == "build" ? "1build" : "2tests")![1..]);

    private static string Render(IEnumerable<Part> parts)
    {
        var all = parts.ToList();
        var text = new StringBuilder();
        text.Append("# Third-party software\n\nLiên Thông itself is under Apache-2.0 (`LICENSE`). It stands on the packages below; each keeps its own licence. The list is computed from\n");
        text.Append("what NuGet and npm resolved and checked by `tests/House/LicenceTests.cs`; `LIENTHONG_UPDATE=1 ./test house` writes it anew.\n");
        foreach (var (use, title) in new[] { ("product", "Part of the product"), ("build", "Used to build it, not shipped"), ("tests", "Used by its tests, not shipped") })
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| Package | Version | Licence |\n| --- | --- | --- |\n");
            foreach (var part in all.Where(p => p.Use == use).OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Version, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"| {part.Name} | {part.Version} | {part.Licence} |\n");
        }

        text.Append("\nFonts: Be Vietnam Pro and the tabular figures cut from it (`src/Web/assets/fonts`) are under the SIL Open Font License 1.1. Programs the product\n");
        text.Append("calls when they are installed, and does not ship: poppler-utils (GPL-2.0), tesseract-ocr with its Vietnamese data (Apache-2.0), PostgreSQL.\n");
        return text.ToString();
    }

    [GeneratedRegex(@"MIT|github\.com/dotnet|go\.microsoft\.com/fwlink/\?(LinkId|linkid)=(329770|868514|868515)", RegexOptions.IgnoreCase, 5000)]
    private static partial Regex Mit();

    [GeneratedRegex(@"^@(esbuild|img|rollup)/.*$", RegexOptions.None, 5000)]
    private static partial Regex PerPlatform();
}
