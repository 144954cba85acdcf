using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;

namespace LienThong.Unit.Plans.Import;

/// <summary>The real documents beside the project; they are read from there and never copied.</summary>
internal static class SharedPlans
{
    public static ExtractedPlan Read(string file) => PlanInterpreter.Interpret(PlainTextReader.Read(File.ReadAllText(Path.Combine(Folder(AppContext.BaseDirectory), file)))).Expect();

    private static string Folder(string from)
    {
        for (var folder = from; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var shared = Path.Combine(folder, "shared", "plans");
            if (Directory.Exists(shared)) return shared;
        }

        throw new DirectoryNotFoundException("shared/plans");
    }
}
