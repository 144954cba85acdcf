using Xunit;

namespace LienThong.House;

/// <summary>The repository as a reader sees it: the folder of the solution and the files people wrote, without what builds make.</summary>
public static class HouseRoot
{
    private static readonly string[] NotOurs = ["bin", "obj", ".git", ".build", ".vs", "node_modules", "wwwroot", "test-output", "data"];

    /// <summary>The folder that holds the solution, found from where the tests run.</summary>
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Every file people wrote, by its path from the root, with forward slashes, sorted.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Folder).Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>Files under <paramref name="under"/> that end so.</summary>
    public static IEnumerable<string> FilesOf(string under, params string[] endings) =>
        Files.Where(file => file.StartsWith(under, StringComparison.Ordinal) && endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public static string Full(string file) => Path.Combine(Folder, file);

    /// <summary>Fails with the whole list, so that one run shows all that is to be put right.</summary>
    public static void Nothing(string why, IEnumerable<string> found)
    {
        var list = found.Distinct().ToList();
        Assert.True(list.Count == 0, $"{why}\n  {string.Join("\n  ", list)}");
    }

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder).Where(sub => !NotOurs.Contains(Path.GetFileName(sub))).SelectMany(Walk));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "LienThong.slnx")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("LienThong.slnx"));
}

public sealed class HouseRootTests
{
    [Fact]
    public void The_solution_is_found_and_what_builds_make_is_left_out()
    {
        Assert.Contains("Directory.Build.props", HouseRoot.Files);
        Assert.Contains("src/Kernel/Result.cs", HouseRoot.Files);
        Assert.DoesNotContain(HouseRoot.Files, file => file.Contains("/obj/", StringComparison.Ordinal));
    }
}
