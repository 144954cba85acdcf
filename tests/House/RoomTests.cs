using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace LienThong.House;

/// <summary>Dependencies run one way, downhill, and modules meet only through Contracts (docs/map.md).</summary>
public sealed partial class RoomTests
{
    /// <summary>Rooms of the control plane that belong to everybody.</summary>
    private static readonly string[] CommonRooms = ["Shared", "Storage", "Work"];

    /// <summary>The demo plays all modules at once, as Cli does: it composes, nobody depends on it.</summary>
    private static readonly string[] Composition = ["Demo"];

    private static readonly string[] Modules =
        [.. HouseRoot.Files.Select(f => f.Split('/')).Where(p => p.Length > 3 && p[0] == "src" && p[1] == "Platform").Select(p => p[2]).Distinct().Except(CommonRooms).Except(Composition)];

    private static readonly Dictionary<string, string[]> Downhill = new()
    {
        ["Kernel"] = [],
        ["Gateway"] = ["Kernel"],
        ["Compute"] = ["Kernel"],
        ["Platform"] = ["Kernel", "Compute", "Gateway"],
        ["Web"] = ["Kernel", "Platform"],
        ["Cli"] = ["Kernel", "Platform", "Web", "Gateway"],
    };

    [Fact]
    public void Projects_refer_only_downhill()
    {
        // A reference uphill compiles today and makes the two projects one for ever.
        HouseRoot.Nothing("References that run uphill:",
            from project in HouseRoot.FilesOf("src/", ".csproj")
            let name = Path.GetFileNameWithoutExtension(project)
            from reference in XDocument.Load(HouseRoot.Full(project)).Descendants("ProjectReference")
            let target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)
            where !Downhill.TryGetValue(name, out var allowed) || !allowed.Contains(target)
            select $"{name} → {target}");
    }

    [Fact]
    public void The_kernel_speaks_with_the_base_library_alone()
    {
        // Values and pure functions: whoever reads the kernel needs to know nothing else.
        var project = XDocument.Load(HouseRoot.Full("src/Kernel/Kernel.csproj"));
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
        HouseRoot.Nothing("The kernel uses more than the base library:",
            from use in Usings("src/Kernel/") where !use.Space.StartsWith("System", StringComparison.Ordinal) && !use.Space.StartsWith("LienThong.Kernel", StringComparison.Ordinal) select use.ToString());
        HouseRoot.Nothing("The kernel asks for a clock, a file or a network:",
            from file in HouseRoot.FilesOf("src/Kernel/", ".cs")
            let code = CSharpText.Of(HouseRoot.Read(file)).Code
            from Match word in KernelStranger().Matches(code)
            select $"{file}: {word.Value}");
    }

    [Fact]
    public void The_control_plane_has_never_heard_of_pages()
    {
        HouseRoot.Nothing("Platform uses Web or Cli:",
            from use in Usings("src/Platform/") where use.Space.StartsWith("LienThong.Web", StringComparison.Ordinal) || use.Space.StartsWith("LienThong.Cli", StringComparison.Ordinal) select use.ToString());
        HouseRoot.Nothing("Only the host composes; nothing depends on it:",
            from use in Usings("src/Web/") where use.Space.StartsWith("LienThong.Cli", StringComparison.Ordinal) select use.ToString());
    }

    [Fact]
    public void Modules_meet_only_through_contracts()
    {
        // What stands in Contracts is promised; everything else a module may change without asking.
        Assert.Contains("Plans", Modules);
        HouseRoot.Nothing("A module reaches behind another's door:",
            from module in Modules
            from file in HouseRoot.FilesOf($"src/Platform/{module}/", ".cs")
            let code = CSharpText.Of(HouseRoot.Read(file)).Code
            from other in Modules.Where(m => m != module)
            from Match reference in Regex.Matches(code, $@"\bLienThong\.Platform\.{other}\b(?!\.Contracts\b)[\w.]*|(?<![\w.""]){other}\.(?!Contracts\b)[A-Z]\w*", RegexOptions.None, TimeSpan.FromSeconds(5))
            select $"{file}: {reference.Value}");
    }

    [Fact]
    public void Common_rooms_know_no_module()
    {
        HouseRoot.Nothing("A common room depends on a module:",
            from room in CommonRooms
            from use in Usings($"src/Platform/{room}/")
            where Modules.Concat(Composition).Any(m => use.Space.StartsWith($"LienThong.Platform.{m}", StringComparison.Ordinal))
            select use.ToString());
    }

    [Fact]
    public void A_module_reads_and_writes_its_own_tables_only()
    {
        var owners = (from module in Modules
                      from file in HouseRoot.FilesOf($"src/Platform/{module}/", ".cs")
                      from Match set in Table().Matches(HouseRoot.Read(file))
                      select (module, set: set.Groups[1].Value)).ToList();
        HouseRoot.Nothing("A table is used outside its module (ask the owner's Contracts instead):",
            from owner in owners
            from module in Modules.Where(m => m != owner.module)
            from file in HouseRoot.FilesOf($"src/Platform/{module}/", ".cs")
            let code = CSharpText.Of(HouseRoot.Read(file)).Code
            where Regex.IsMatch(code, $@"\b[dD]b\.{owner.set}\b", RegexOptions.None, TimeSpan.FromSeconds(5))
            select $"{file} uses {owner.set} of {owner.module}");
    }

    [Fact]
    public void Pages_ask_slices_and_never_the_database()
    {
        // A page with a query is a rule nobody tests and an organisation scope nobody applied.
        HouseRoot.Nothing("A page touches the database:",
            from file in HouseRoot.FilesOf("src/Web/", ".razor", ".cs")
            where file != "src/Web/Shell/ShellEndpoints.cs"   // The readiness probe asks the engine itself, which is its whole point.
            let text = HouseRoot.Read(file)
            where Database().IsMatch(file.EndsWith(".cs", StringComparison.Ordinal) ? CSharpText.Of(text).Code : text)
            select file);
    }

    [Fact]
    public void Migrations_have_sorted_unique_ids_and_live_in_a_schema_folder()
    {
        // Both engines run them in the order of their ids; two equal ids would run one and skip the other.
        var migrations = (from file in HouseRoot.FilesOf("src/", ".cs")
                          from Match id in Migration().Matches(HouseRoot.Read(file))
                          select (Id: id.Groups[1].Value, File: file)).ToList();
        Assert.NotEmpty(migrations);
        HouseRoot.Nothing("Not yyyymmddnn_Module:", migrations.Where(m => !MigrationId().IsMatch(m.Id)).Select(m => $"{m.File}: {m.Id}"));
        HouseRoot.Nothing("Twice the same number:", migrations.GroupBy(m => m.Id.Split('_')[0]).Where(g => g.Count() > 1).Select(g => string.Join(", ", g.Select(m => m.File))));
        HouseRoot.Nothing("Outside a Schema folder:", migrations.Where(m => !m.File.Contains("/Schema/", StringComparison.Ordinal)).Select(m => m.File));
        HouseRoot.Nothing("Named after another module than the one it stands in:",
            migrations.Where(m => !m.Id.Split('_')[1].StartsWith(m.File.Split('/')[2], StringComparison.Ordinal)).Select(m => $"{m.File}: {m.Id}"));
    }

    [Fact]
    public void Tests_that_PostgreSQL_is_spared_need_no_database()
    {
        // ./test runs them once, on no engine; one that opened a database would be seen on one engine only.
        string[] spared = ["tests/Unit/Plans/Import/", "tests/Unit/Corpus/", "tests/Unit/Gateway/"];
        HouseRoot.Nothing("A test of these folders uses a database:",
            from folder in spared
            from file in HouseRoot.FilesOf(folder, ".cs")
            where Database().IsMatch(CSharpText.Of(HouseRoot.Read(file)).Code) || HouseRoot.Read(file).Contains("TestPlatform", StringComparison.Ordinal)
            select file);
        HouseRoot.Nothing("./test spares another folder than this test:",
            from folder in spared
            where !HouseRoot.Read("test").Contains($"'LienThong.{folder["tests/".Length..].TrimEnd('/').Replace('/', '.')}*'", StringComparison.Ordinal)
            select folder);
    }

    private sealed record Use(string File, string Space)
    {
        public override string ToString() => $"{File}: using {Space}";
    }

    private static IEnumerable<Use> Usings(string under) =>
        from file in HouseRoot.FilesOf(under, ".cs", ".razor")
        from Match use in Using().Matches(HouseRoot.Read(file))
        select new Use(file, use.Groups[1].Value);

    [GeneratedRegex(@"^(?:global\s+)?@?using\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)\s*;?\s*$", RegexOptions.Multiline, 5000)]
    private static partial Regex Using();

    [GeneratedRegex(@"\b(TimeProvider\.System|HttpClient|File\.|Directory\.|ILogger|Environment\.|Console\.)", RegexOptions.None, 5000)]
    private static partial Regex KernelStranger();

    [GeneratedRegex(@"\bDbSet<[\w.]+>\s+(\w+)\s*=>", RegexOptions.None, 5000)]
    private static partial Regex Table();

    [GeneratedRegex(@"\bPlatformDb\b|\bDbContext\b|\bDbSet\b|FromSql|ExecuteSql", RegexOptions.None, 5000)]
    private static partial Regex Database();

    [GeneratedRegex(@"\[Migration\(""([^""]+)""\)\]", RegexOptions.None, 5000)]
    private static partial Regex Migration();

    [GeneratedRegex(@"^20\d{8}_[A-Z]\w+$", RegexOptions.None, 5000)]
    private static partial Regex MigrationId();
}
