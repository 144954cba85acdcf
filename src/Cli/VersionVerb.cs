using System.CommandLine;
using System.Reflection;

namespace LienThong.Cli;

/// <summary><c>lienthong version</c>: what runs here.</summary>
internal static class VersionVerb
{
    public static Command Build()
    {
        var command = new Command("version", "In phiên bản.");
        command.SetAction(result =>
        {
            var version = typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            result.InvocationConfiguration.Output.WriteLine($"lienthong {version}, .NET {Environment.Version}");
            return 0;
        });
        return command;
    }
}
