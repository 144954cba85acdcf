using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using LienThong.Gateway.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LienThong.Journeys.Gateway;

/// <summary>
/// Our logs before a verifier that others wrote (golang.org/x/mod/sumdb): tiles, checkpoints and proofs are the published format, not our idea of it
/// (exchange.md §3.3, issue "Sealed log").
/// </summary>
public sealed class IndependentLogJourneys : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lienthong-independent-").FullName;

    [Fact]
    public async Task Tiles_checkpoints_and_proofs_hold_before_an_implementation_of_other_people_and_a_flip_does_not()
    {
        const int Entries = 70_000;   // Three levels of tiles, all with a partial one.
        using var signer = new NoteSigner("log.example/node-1", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        string publicFolder;
        await using (var log = SealedLog.Open(new SealedLogOptions { Folder = _folder, Origin = "log.example/node-1", Signer = signer }, TimeProvider.System, NullLogger.Instance))
        {
            publicFolder = log.PublicFolder;
            for (var from = 0; from < Entries; from += 1_000)
                await Task.WhenAll(Enumerable.Range(from, 1_000).Select(i => log.Append(Encoding.UTF8.GetBytes($"{{\"v\":1,\"n\":{i}}}"), []).OnDisk).ToList());
        }

        var note = await File.ReadAllTextAsync(Path.Combine(publicFolder, PublicFiles.Checkpoint));
        foreach (var index in (long[])[0, 255, 256, 65_535, 65_536, Entries - 1])
        {
            var proof = await ProofFile.CreateAsync(new TileFolder(publicFolder), note, index, default);
            await File.WriteAllTextAsync(Path.Combine(publicFolder, $"{index}.tlog-proof"), proof.ToString());
        }

        Assert.Equal((0, "ok 70000 entries, 6 proofs"), await VerifyAsync(publicFolder));

        foreach (var tile in (Tile[])[new(Tile.Entries, 100, 256), new(0, 272, 256), new(1, 0, 256), new(1, 1, 17), new(2, 0, 1), new(0, 273, 112)])
        {
            var file = Path.Combine(publicFolder, tile.Path);
            var whole = await File.ReadAllBytesAsync(file);
            var flipped = whole.ToArray();
            flipped[^9] ^= 16;
            await File.WriteAllBytesAsync(file, flipped);
            // Version 0.7 of theirs leaves the first tiles above the leaves unchecked; ours checks all of them.
            if (tile.Level < 1) Assert.True((await VerifyAsync(publicFolder)).Code == 1, tile.Path);
            await Assert.ThrowsAsync<LogDamagedException>(() => LogCheck.RunAsync(new TileFolder(publicFolder), [signer.Key], null, null, default));
            await File.WriteAllBytesAsync(file, whole);
        }
    }

    /// <summary>Built once, since the compiler takes longer than the checks.</summary>
    private async Task<(int Code, string Text)> VerifyAsync(string folder)
    {
        var program = Path.Combine(_folder, "verify");
        if (!File.Exists(program))
        {
            var (code, text) = await RunAsync("go", "build", "-o", program, Path.Combine(AppContext.BaseDirectory, "Gateway", "independent", "verify.go"));
            Assert.True(code == 0, text);
        }

        return await RunAsync(program, folder);
    }

    private async Task<(int Code, string Text)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment["GO111MODULE"] = "off";
        start.Environment["GOPATH"] = "/usr/share/gocode";   // Where Debian puts packages of Go.
        start.Environment["GOCACHE"] = Path.Combine(_folder, "cache");
        start.Environment["GOFLAGS"] = "";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output + await error).Trim());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
