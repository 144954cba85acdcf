using LienThong.Platform.Demo;
using LienThong.Platform.Storage;
using Xunit;

[assembly: AssemblyFixture(typeof(LienThong.Journeys.DemoData))]

namespace LienThong.Journeys;

/// <summary>The simulated province, seeded once for all journeys; each takes a copy of its own, as one takes a new sheet.</summary>
public sealed class DemoData : IAsyncDisposable
{
    private readonly Lazy<Task<string>> _seeded = new(SeedAsync);

    /// <summary>A data folder like that of <c>lienthong demo</c>. Whoever asks for it deletes it.</summary>
    public async Task<string> CopyAsync()
    {
        var from = await _seeded.Value;
        var to = Directory.CreateTempSubdirectory("lienthong-province-").FullName;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }

        return to;
    }

    public async ValueTask DisposeAsync()
    {
        if (_seeded.IsValueCreated) Directory.Delete(await _seeded.Value, recursive: true);
    }

    private static async Task<string> SeedAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lienthong-seed-").FullName;
        (await new DemoSeed(new StorageOptions(folder, null), TimeProvider.System, _ => { }).RunAsync(null, CancellationToken.None)).IsGranted(out _, out var refusal);
        Assert.Null(refusal);
        return folder;
    }
}
