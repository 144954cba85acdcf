using System.CommandLine;
using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Demo;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Storage;
using LienThong.Web.Shell;
using Npgsql;

namespace LienThong.Cli.Demo;

/// <summary><c>lienthong demo</c>: a simulated province on this machine, in one command. Listens on this machine only.</summary>
internal static class DemoVerb
{
    private const string DefaultFolder = "data/demo";

    /// <summary>What shells call a program ended by SIGTERM: whoever waits for the data must not take it for done.</summary>
    private const int StoppedWhileSeeding = 143;

    public static Command Build()
    {
        var plan = new Option<string?>("--plan") { Description = "Nạp tệp kế hoạch này thay cho kế hoạch mô phỏng (DOCX, XLSX, PDF, TXT)." };
        var seedOnly = new Option<bool>("--seed-only") { Description = "Chỉ tạo dữ liệu rồi dừng." };
        var command = new Command("demo", "Chạy thử với một tỉnh mô phỏng, đăng nhập bằng một lần bấm.") { CommonOptions.Port, plan, seedOnly };
        var gateway = new HostedGatewayWords();
        gateway.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var storage = CommonOptions.Storage(result, DefaultFolder);
            var file = result.GetValue(plan);
            if (file is not null && !File.Exists(file))
            {
                error.WriteLine($"✗ Không thấy tệp {file}.");
                return 1;
            }

            DemoOutcome outcome;
            try
            {
                var seeded = await new DemoSeed(storage, TimeProvider.System, output.WriteLine).RunAsync(file is null ? null : Path.GetFullPath(file), cancellationToken);
                if (!seeded.IsGranted(out outcome!, out var refusal))
                {
                    error.WriteLine("✗ Chưa nạp được kế hoạch: " + ImportText.Of(refusal.Code, refusal.Arguments));
                    return 1;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                error.WriteLine("✗ Đã dừng khi đang tạo dữ liệu; chưa có gì được lưu. Chạy lại thì tạo lại từ đầu.");
                return StoppedWhileSeeding;
            }
            catch (Exception fault) when (storage.Engine is Engine.Postgres && fault is DbException or SocketException)
            {
                error.WriteLine($"✗ Không tạo được dữ liệu trong {Place(storage)}: {fault.GetBaseException().Message}");
                error.WriteLine("  Kết nối --db phải là của chủ sở hữu cơ sở dữ liệu (được tạo schema và bảng). Thử: lienthong doctor --db …");
                return 1;
            }

            if (outcome.IsStoreInUse)
            {
                error.WriteLine($"✗ {Place(storage)} đang giữ dữ liệu khác, không phải của bản chạy thử. Chọn thư mục (hoặc cơ sở dữ liệu) khác bằng --data, --db.");
                return 1;
            }

            foreach (var note in outcome.Notes) error.WriteLine($"  {note}");
            output.WriteLine(outcome switch
            {
                { IsAlreadyThere: true } when file is null => $"Dữ liệu mô phỏng đã có trong {Place(storage)}.",
                { IsAlreadyThere: true, IsPlanKnown: true } => $"Kế hoạch trong {Path.GetFileName(file)} đã có trong {Place(storage)}, không nạp lại.",
                { IsAlreadyThere: true } => $"Đã nạp {Path.GetFileName(file)}: thêm {outcome.Tasks} nhiệm vụ vào dữ liệu mô phỏng trong {Place(storage)}.",
                _ when file is not null => $"Dữ liệu mô phỏng: {outcome.People} người; kế hoạch trong {Path.GetFileName(file)}: {outcome.Tasks} nhiệm vụ. Lưu tại {Place(storage)}.",
                _ => $"Dữ liệu mô phỏng: {outcome.Tasks} nhiệm vụ, {outcome.People} người, {outcome.Deeds} việc đã làm. Lưu tại {Place(storage)}.",
            });
            if (result.GetValue(seedOnly)) return 0;

            // What the seeding used goes back to the machine before visitors come.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

            var options = new HostOptions
            {
                Storage = storage,
                Port = result.GetValue(CommonOptions.Port),
                Demo = true,
                Gateway = gateway.Read(result, new IPEndPoint(IPAddress.Loopback, 0)),
                Site = new SiteIdentity("Tỉnh Quảng Ngãi", "Ủy ban nhân dân tỉnh Quảng Ngãi", "localhost", IsSimulated: true),
            };
            try
            {
                var app = Host.Build(options, builder =>
                {
                    builder.Services.AddScoped<IDemoSignIn, DemoSignIn>();
                    if (options.Gateway is not null) builder.Services.AddHostedService<DemoExchangeRun>();
                });
                return await Host.RunAsync(app, _ => Guide(output, options.Port, app.Services.GetService<HostedGateway>()?.Address), cancellationToken);
            }
            catch (IOException fault) when (fault.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException)
            {
                error.WriteLine($"✗ Cổng {options.Port} đang có chương trình khác dùng. Chạy lại với --port và một số khác, ví dụ --port {options.Port + 1}.");
                return 1;
            }
        });
        return command;
    }

    private static string Place(StorageOptions storage) =>
        storage.Database is { } database && new NpgsqlConnectionStringBuilder(StorageOptions.PostgresConnectionString(database)) is var to ? $"PostgreSQL {to.Host}:{to.Port}/{to.Database}" : storage.DataFolder;

    private static void Guide(TextWriter output, int port, Uri? gateway)
    {
        output.WriteLine($"""

            Liên Thông đang chạy, DỮ LIỆU MÔ PHỎNG:   http://localhost:{port}     (và http://[::1]:{port})

              1. Mở http://localhost:{port}/dang-nhap, bấm tên một người để vào vai người đó.
              2. Cơ quan thường trực: nạp kế hoạch, giao việc, thẩm tra báo cáo.
              3. Đầu mối đơn vị: “Việc của tôi”, báo cáo tiến độ kèm minh chứng.
              4. Lãnh đạo UBND tỉnh: bảng điều hành, việc cần quyết định.
              5. Cổng trao đổi dữ liệu: {gateway?.GetLeftPart(UriPartial.Authority) ?? "không chạy"}.

            Dừng: Ctrl-C.
            """);
    }
}
