using System.CommandLine;
using System.Net;
using System.Text;
using LienThong.Gateway.Log;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LienThong.Cli;

/// <summary><c>lienthong witness</c>: remembers what logs have said and cosigns only what continues it. Runs at an agency that does not run the logs.</summary>
internal static class WitnessVerb
{
    public static Command Build()
    {
        var name = new Option<string>("--name") { Description = "Tên nhân chứng, như một địa chỉ không có giao thức: nhan-chung.congan.vi-du.vn", Required = true };
        var logs = new Option<string[]>("--log-key") { Description = "Khóa của nhật ký được theo dõi (dòng chữ hoặc tệp); có thể nêu nhiều lần.", Required = true };
        var port = new Option<int>("--port") { Description = "Cổng lắng nghe.", DefaultValueFactory = _ => 5090 };
        var witness = new Command("witness", "Làm nhân chứng cho nhật ký niêm phong của nơi khác.") { name, logs, port };
        witness.SetAction(async (result, cancellationToken) =>
        {
            var output = result.InvocationConfiguration.Output;
            var folder = Path.Combine(CommonOptions.Storage(result, "witness-data").DataFolder, "witness");
            IReadOnlyList<NoteKey> keys;
            try
            {
                (keys, _) = await LogVerb.TrustedAsync(result.GetValue(logs)!, null, cancellationToken);
            }
            catch (InvalidDataException e)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync("Không khởi động được: " + e.Message);
                return 2;
            }

            using var signer = new NoteSigner(result.GetValue(name)!, KeyFile.LoadOrCreate(Path.Combine(folder, "key.pem")), NoteAlgorithm.Cosignature);
            using var memory = new Witness(folder, signer, keys, TimeProvider.System);
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = Witness.RequestBytesMax;
                kestrel.Listen(IPAddress.IPv6Any, result.GetValue(port), listen => listen.Protocols = HttpProtocols.Http1);
            });
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            await using var app = builder.Build();
            app.MapPost("/add-checkpoint", async (HttpContext http) =>
            {
                using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
                var answer = memory.Add(await reader.ReadToEndAsync(http.RequestAborted));
                return Results.Text(answer.Body, answer.Status == 409 ? "text/x.tlog.size" : "text/plain", Encoding.UTF8, answer.Status);
            });
            await output.WriteLineAsync($"Nhân chứng {signer.Key.Name} lắng nghe ở cổng {result.GetValue(port)}, theo dõi {keys.Count} nhật ký.");
            await output.WriteLineAsync("Khóa để bên nhật ký khai báo: " + signer.Key);
            await app.RunAsync(cancellationToken);
            return 0;
        });
        return witness;
    }
}
