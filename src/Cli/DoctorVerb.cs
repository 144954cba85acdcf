using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Cli;

/// <summary>
/// <c>lienthong doctor</c>: whether this machine can run the product. One line per question, each with what to do; exit code 1 when
/// something would stop the product from working. It changes nothing but a probe file it removes again.
/// </summary>
internal static class DoctorVerb
{
    private enum Grade { Ok, Warn, Fail }

    private sealed record Finding(Grade Grade, string What, string? Remedy = null);

    /// <summary>Room for a database, its log and some evidence files; below it an office notices too late.</summary>
    private const long FreeBytesWanted = 2L * 1024 * 1024 * 1024;

    /// <summary>Enough to start and to write a little; below it the next save may fail.</summary>
    private const long FreeBytesLeast = 200L * 1024 * 1024;

    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(10);

    public static Command Build()
    {
        var command = new Command("doctor", "Kiểm tra máy này có chạy được nền tảng không, và phải làm gì.") { CommonOptions.Port, ConnectionDoctorVerb.Build() };
        command.SetAction(async (result, cancellationToken) =>
        {
            var output = result.InvocationConfiguration.Output;
            var storage = CommonOptions.Storage(result);
            List<Finding> findings = [Runtime(), Folder(storage), Disk(storage), Keys(storage)];
            findings.AddRange(await DatabaseAsync(storage, cancellationToken));
            findings.Add(Program("pdftotext", ["-v"], "đọc kế hoạch dạng PDF", "apt-get install poppler-utils"));
            findings.Add(Scans());
            findings.Add(Clock());
            var port = result.GetValue(CommonOptions.Port);
            findings.Add(PortFree(IPAddress.Loopback, port));
            findings.Add(PortFree(IPAddress.IPv6Loopback, port));

            foreach (var finding in findings)
            {
                output.WriteLine($"{finding.Grade switch { Grade.Ok => "✓ ok  ", Grade.Warn => "! warn", _ => "✗ fail" }}  {finding.What}");
                if (finding.Remedy is not null) output.WriteLine($"          → {finding.Remedy}");
            }

            var failures = findings.Count(f => f.Grade is Grade.Fail);
            output.WriteLine(failures == 0 ? "Máy này chạy được nền tảng." : $"Còn {failures} việc phải làm trước khi chạy.");
            return failures == 0 ? 0 : 1;
        });
        return command;
    }

    private static Finding Runtime() =>
        Environment.Version.Major >= 10
            ? new(Grade.Ok, $".NET {Environment.Version} trên {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}")
            : new(Grade.Fail, $".NET {Environment.Version}", "Cài .NET 10.");

    private static Finding Folder(StorageOptions storage)
    {
        try
        {
            var existed = Directory.Exists(storage.DataFolder);
            Directory.CreateDirectory(storage.DataFolder);
            var probe = Path.Combine(storage.DataFolder, Path.GetRandomFileName());
            File.WriteAllText(probe, "");
            File.Delete(probe);
            if (!existed) Directory.Delete(storage.DataFolder);
            return new(Grade.Ok, $"Thư mục dữ liệu ghi được: {storage.DataFolder}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new(Grade.Fail, $"Thư mục dữ liệu không ghi được: {storage.DataFolder} ({fault.Message})", "Cấp quyền ghi cho tài khoản chạy chương trình, hoặc chọn thư mục khác bằng --data.");
        }
    }

    private static Finding Disk(StorageOptions storage)
    {
        var folder = storage.DataFolder;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above) folder = above;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var words = $"Đĩa còn trống {LienThong.Kernel.Vietnamese.Number(free / (1024 * 1024), 0)} MB";
        return free < FreeBytesLeast ? new(Grade.Fail, words, "Dọn đĩa: lần ghi tới có thể không xong.")
            : free < FreeBytesWanted ? new(Grade.Warn, words, "Nên có ít nhất 2 GB cho tệp minh chứng và cơ sở dữ liệu.")
            : new(Grade.Ok, words);
    }

    private static Finding Keys(StorageOptions storage)
    {
        if (!Directory.Exists(storage.KeyFolder)) return new(Grade.Ok, "Chưa có khóa; chương trình sẽ tạo khi chạy lần đầu.");
        if (OperatingSystem.IsWindows()) return new(Grade.Ok, $"Thư mục khóa: {storage.KeyFolder}");
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return (File.GetUnixFileMode(storage.KeyFolder) & others) == 0
            ? new(Grade.Ok, "Khóa ký phiên chỉ tài khoản chạy chương trình đọc được" + (storage.KeyCertificate is null ? "." : ", và được mã hóa bằng chứng thư (LIENTHONG_KEYS_CERT)."))
            : new(Grade.Warn, $"Tài khoản khác trên máy đọc được khóa: {storage.KeyFolder}", $"chmod 700 '{storage.KeyFolder}'");
    }

    private static async Task<List<Finding>> DatabaseAsync(StorageOptions storage, CancellationToken cancellationToken)
    {
        var name = storage.Engine is Engine.Postgres ? "PostgreSQL" : $"SQLite: {storage.SqliteFile}";
        if (storage.Engine is Engine.Sqlite && !File.Exists(storage.SqliteFile)) return [new(Grade.Ok, $"Chưa có cơ sở dữ liệu {name}; chương trình sẽ tạo khi chạy lần đầu.")];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(DatabasePatience);
        try
        {
            await using var services = MigrateVerb.Storage(storage);
            await using var db = await services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync(patience.Token);
            await db.Database.OpenConnectionAsync(patience.Token);
            var version = db.Database.GetDbConnection().ServerVersion;
            var pending = (await db.Database.GetPendingMigrationsAsync(patience.Token)).ToList();
            var unknown = (await db.Database.GetAppliedMigrationsAsync(patience.Token)).Except(db.Database.GetMigrations()).ToList();
            return
            [
                new(Grade.Ok, $"Kết nối được {name} (phiên bản {version})"),
                unknown.Count > 0 ? new(Grade.Fail, $"Cơ sở dữ liệu mới hơn chương trình này: {string.Join(", ", unknown)}", "Dùng bản chương trình mới hơn.")
                    : pending.Count > 0 ? new(Grade.Warn, $"Cơ sở dữ liệu còn chờ {pending.Count} bước nâng cấp.", "lienthong migrate (hoặc tự nâng cấp khi chạy serve)")
                    : new(Grade.Ok, "Cơ sở dữ liệu đúng phiên bản của chương trình."),
            ];
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or SocketException or TimeoutException or InvalidOperationException or ArgumentException or UriFormatException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [new(Grade.Fail, $"Không kết nối được {name}: {fault.GetBaseException().Message}", "Kiểm tra --db hoặc LIENTHONG_DB, máy chủ, tài khoản và tường lửa.")];
        }
    }

    private static Finding Scans()
    {
        var languages = Output("tesseract", ["--list-langs"]);
        return languages is null ? new(Grade.Warn, "Không có tesseract: chưa đọc được bản quét.", "apt-get install tesseract-ocr tesseract-ocr-vie")
            : languages.Split('\n').Any(l => l.Trim() == "vie") ? new(Grade.Ok, "tesseract có tiếng Việt: đọc được bản quét.")
            : new(Grade.Warn, "tesseract chưa có tiếng Việt.", "apt-get install tesseract-ocr-vie");
    }

    private static Finding Program(string program, string[] arguments, string use, string install) =>
        Output(program, arguments) is { } said
            ? new(Grade.Ok, $"{program}: {use} ({said.Split('\n')[0].Trim()})")
            : new(Grade.Warn, $"Không có {program}: chưa {use} được.", install);

    private static string? Output(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null) return null;
            var error = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return text.Length > 0 ? text : error.Result;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static Finding Clock()
    {
        var now = TimeProvider.System.GetUtcNow();
        // The program was built before it runs; an earlier clock is a dead battery, and every deadline would be wrong.
        var built = new DateTimeOffset(File.GetLastWriteTimeUtc(typeof(DoctorVerb).Assembly.Location), TimeSpan.Zero);
        return now < built - TimeSpan.FromDays(1)
            ? new(Grade.Fail, $"Đồng hồ chỉ {now:yyyy-MM-dd HH:mm} UTC, trước cả ngày dựng chương trình.", "Đặt lại giờ và bật đồng bộ giờ (NTP): hạn của nhiệm vụ tính từ đồng hồ này.")
            : new(Grade.Ok, $"Đồng hồ: {LienThong.Kernel.Vietnamese.Instant(now)}, giờ Việt Nam");
    }

    private static Finding PortFree(IPAddress address, int port)
    {
        var shown = address.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{address}]:{port}" : $"{address}:{port}";
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return new(Grade.Ok, $"Cổng {shown} còn trống");
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return new(Grade.Fail, $"Cổng {shown} không dùng được ({fault.SocketErrorCode}).", "Chọn cổng khác bằng --port, hoặc tắt chương trình đang giữ cổng.");
        }
        catch (SocketException fault)
        {
            return new(Grade.Warn, $"Không nghe được trên {shown} ({fault.SocketErrorCode}).", "Máy tắt họ địa chỉ này; nền tảng vẫn chạy trên họ còn lại.");
        }
    }
}
