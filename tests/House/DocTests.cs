using System.Text.RegularExpressions;
using Xunit;

namespace LienThong.House;

/// <summary>Pages that newcomers believe must be true: what they name exists, and what exists is named.</summary>
public sealed partial class DocTests
{
    [Fact]
    public void The_map_names_every_folder_of_the_sources()
    {
        // A folder the map does not know is a folder a newcomer finds by accident.
        var map = HouseRoot.Read("docs/map.md");
        HouseRoot.Nothing("Folders missing from docs/map.md:",
            from folder in HouseRoot.FilesOf("src/", "").Select(f => f.Split('/')).Where(p => p.Length > 3).Select(p => (Room: p[1], Folder: p[2])).Distinct()
            where !Regex.IsMatch(map, $@"\b{Regex.Escape(folder.Folder)}/", RegexOptions.None, TimeSpan.FromSeconds(2))
            select $"src/{folder.Room}/{folder.Folder}/");
        HouseRoot.Nothing("Projects missing from docs/map.md:",
            from project in HouseRoot.FilesOf("", ".csproj").Select(p => p.Split('/')[^2]).Distinct() where !map.Contains(project + "/", StringComparison.Ordinal) select project);
    }

    [Theory]
    [InlineData("docs/map.md")]
    [InlineData("README.md")]
    [InlineData("README.vi.md")]
    public void What_a_page_names_exists(string page)
    {
        var text = HouseRoot.Read(page);
        HouseRoot.Nothing($"{page} names files that are not there:",
            from Match path in NamedPath().Matches(text)
            let name = path.Groups[1].Value.TrimEnd('/')
            where !Directory.Exists(HouseRoot.Full(name)) && !File.Exists(HouseRoot.Full(name)) && !HouseRoot.Files.Any(f => f.EndsWith("/" + name, StringComparison.Ordinal))
            select name);
        HouseRoot.Nothing($"{page} links to nothing:",
            from Match link in Link().Matches(text)
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !File.Exists(Path.Combine(HouseRoot.Folder, Path.GetDirectoryName(page)!, target)) && !Directory.Exists(Path.Combine(HouseRoot.Folder, Path.GetDirectoryName(page)!, target))
            select target);
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps_and_say_what_they_cost()
    {
        var decisions = HouseRoot.FilesOf("docs/decisions/", ".md").ToList();
        Assert.NotEmpty(decisions);
        Assert.Equal(Enumerable.Range(1, decisions.Count).Select(n => $"{n:0000}"), decisions.Select(d => Path.GetFileName(d)[..4]));
        HouseRoot.Nothing("A decision without context, decision or cost:",
            from file in decisions from part in new[] { "## Context", "## Decision", "## What it costs" } where !HouseRoot.Read(file).Contains(part, StringComparison.Ordinal) select $"{file}: {part}");
    }

    [Fact]
    public void Every_figure_says_on_which_machine_at_which_commit_and_by_which_command()
    {
        var rows = HouseRoot.Read("docs/numbers.md").Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| ---", StringComparison.Ordinal) && !l.StartsWith("| Figure", StringComparison.Ordinal)).ToList();
        HouseRoot.Nothing("A figure that cannot be measured again:",
            from row in rows
            let cells = row.Trim('|', ' ').Split('|').Select(c => c.Trim()).ToList()
            where cells.Count != 5 || cells.Any(c => c.Length == 0) || !Commit().IsMatch(cells[3]) || !cells[4].StartsWith("`./", StringComparison.Ordinal)
            select row);
    }

    [Fact]
    public void Pictures_in_the_readme_are_light()
    {
        HouseRoot.Nothing("Over 200 kB:", HouseRoot.FilesOf("docs/img/", ".png").Where(f => new FileInfo(HouseRoot.Full(f)).Length > 200_000));
    }

    [GeneratedRegex(@"`((?:src|tests|bench|docs|scripts)/[\w./\-]+|[A-Z]\w+(?:/\w+)*\.(?:cs|razor))`", RegexOptions.None, 5000)]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.None, 5000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^`?[0-9a-f]{7,40}`?$", RegexOptions.None, 5000)]
    private static partial Regex Commit();
}
