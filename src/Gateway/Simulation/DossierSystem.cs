using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace LienThong.Gateway.Simulation;

/// <summary>The one-stop shop: tells how a dossier stands, and receives new ones. Itself it asks the other two (<see cref="SimulatedTraffic"/>).</summary>
public sealed class DossierSystem(TimeProvider clock) : ISimulatedSystem
{
    public const int Count = 5_000;

    /// <summary>Received ones that are remembered; the oldest go first.</summary>
    private const int ReceivedMax = 1_000;
    private const int RequestBytesMax = 256 * 1024;

    private static readonly string[] States = ["Mới tiếp nhận", "Đang giải quyết", "Chờ bổ sung", "Đã có kết quả", "Đã trả kết quả"];
    private static readonly string[] Procedures = ["Đăng ký biến động đất đai", "Cấp giấy phép xây dựng", "Đăng ký thường trú", "Cấp bản sao trích lục hộ tịch", "Đăng ký hộ kinh doanh"];

    private readonly ConcurrentDictionary<string, (string Procedure, DateOnly Day)> _received = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private int _last;

    public string Name => "mot-cua";

    public static string Code(int number) => string.Create(CultureInfo.InvariantCulture, $"MP-{number:000000}");

    public async Task AnswerAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var path = http.Request.Path.Value ?? "";
        if (path == "/ho-so" && HttpMethods.IsPost(http.Request.Method)) await ReceiveAsync(http);
        else if (path.StartsWith("/ho-so/", StringComparison.Ordinal) && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))) await FindAsync(http, path["/ho-so/".Length..]);
        else await SimulatedServer.ProblemAsync(http, 404, "not_found", "Không có tài nguyên này.");
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        if (await SimulatedJson.ReadAsync(http, RequestBytesMax) is not { } sent) return;
        using (sent)
        {
            if (SimulatedJson.Text(sent, "tenThuTuc") is not { Length: > 0 and <= 200 } procedure) { await SimulatedServer.ProblemAsync(http, 400, "fields", "Cần tenThuTuc."); return; }
            var code = string.Create(CultureInfo.InvariantCulture, $"MP-TN-{Interlocked.Increment(ref _last):000000}");
            _received[code] = (procedure, Today());
            _order.Enqueue(code);
            while (_order.Count > ReceivedMax && _order.TryDequeue(out var oldest)) _received.TryRemove(oldest, out _);
            http.Response.StatusCode = StatusCodes.Status201Created;
            await http.Response.WriteAsJsonAsync(new { soHoSo = code, trangThai = States[0], tenThuTuc = procedure, ngayTiepNhan = Today(), ngayHenTra = Today().AddDays(10) }, http.RequestAborted);
        }
    }

    private Task FindAsync(HttpContext http, string code)
    {
        if (_received.TryGetValue(code, out var received)) return http.Response.WriteAsJsonAsync(new { soHoSo = code, trangThai = States[0], tenThuTuc = received.Procedure, ngayTiepNhan = received.Day, ngayHenTra = received.Day.AddDays(10) }, http.RequestAborted);
        if (!code.StartsWith("MP-", StringComparison.Ordinal) || !int.TryParse(code.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > Count || code != Code(number))
        {
            return SimulatedServer.ProblemAsync(http, 404, "not_found", "Không có hồ sơ này.");
        }

        var mixed = SimulatedPeople.Mix(number);
        var began = Today().AddDays(-(int)(mixed % 30));
        return http.Response.WriteAsJsonAsync(
            new { soHoSo = code, trangThai = States[(mixed >> 8) % (ulong)States.Length], tenThuTuc = Procedures[(mixed >> 16) % (ulong)Procedures.Length], ngayTiepNhan = began, ngayHenTra = began.AddDays(10) }, http.RequestAborted);
    }

    private DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddHours(7));
}
