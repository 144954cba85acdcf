using Xunit;

namespace LienThong.House;

public sealed class HouseRoot
{
    /// <summary>The folder that holds the solution, found from where the tests run.</summary>
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "LienThong.slnx")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("LienThong.slnx"));

    [Fact]
    public void The_solution_is_found() => Assert.True(File.Exists(Path.Combine(Folder, "Directory.Build.props")));
}
