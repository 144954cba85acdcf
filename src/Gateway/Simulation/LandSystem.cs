using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace LienThong.Gateway.Simulation;

/// <summary>Parcels of land. It answers everything it has, also the owner and a note of its own: what of that may leave is for the gateway and the agreement to say.</summary>
public sealed class LandSystem : ISimulatedSystem
{
    public const int Maps = 40, ParcelsOfMap = 120;
    private const int ListMax = 20;

    private static readonly string[] Kinds = ["ONT", "ODT", "LUC", "CLN"];
    private static readonly string[] Purposes = ["Đất ở tại nông thôn", "Đất ở tại đô thị", "Đất chuyên trồng lúa", "Đất trồng cây lâu năm"];

    public string Name => "dat-dai";

    public Task AnswerAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)) return SimulatedServer.ProblemAsync(http, 405, "method", "Chỉ nhận GET.");
        var path = http.Request.Path.Value ?? "";
        if (path.StartsWith("/thua-dat/", StringComparison.Ordinal))
        {
            return Find(path["/thua-dat/".Length..]) is { } parcel ? http.Response.WriteAsJsonAsync(parcel, http.RequestAborted) : SimulatedServer.ProblemAsync(http, 404, "not_found", "Không có thửa đất này.");
        }

        if (path != "/thua-dat") return SimulatedServer.ProblemAsync(http, 404, "not_found", "Không có tài nguyên này.");
        var commune = http.Request.Query["maXa"].ToString();
        if (!int.TryParse(http.Request.Query["soTo"], NumberStyles.None, CultureInfo.InvariantCulture, out var map) || CommuneNumber(commune) < 0) return SimulatedServer.ProblemAsync(http, 400, "query", "Cần soTo và maXa.");
        var list = map is < 1 or > Maps ? [] : Enumerable.Range(1, ListMax).Select(p => Parcel(commune, map, p)).ToArray();
        return http.Response.WriteAsJsonAsync(list, http.RequestAborted);
    }

    public static string Code(int commune, int map, int parcel) => string.Create(CultureInfo.InvariantCulture, $"{SimulatedPeople.CommuneCode(commune)}-{map}-{parcel}");

    private static object? Find(string code)
    {
        var parts = code.Split('-');
        return parts.Length == 3 && CommuneNumber(parts[0]) >= 0 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var map) && map is >= 1 and <= Maps
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var parcel) && parcel is >= 1 and <= ParcelsOfMap
            ? Parcel(parts[0], map, parcel)
            : null;
    }

    private static int CommuneNumber(string code) =>
        code.Length == 5 && code.StartsWith("MP", StringComparison.Ordinal) && int.TryParse(code.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= SimulatedPeople.Communes ? number - 1 : -1;

    private static object Parcel(string commune, int map, int parcel)
    {
        var mixed = SimulatedPeople.Mix((CommuneNumber(commune) * 1_000_000L) + (map * 1_000L) + parcel);
        var kind = (int)(mixed % (ulong)Kinds.Length);
        var owner = SimulatedPeople.Of((int)((mixed >> 16) % SimulatedPeople.Count));
        return new
        {
            maThua = $"{commune}-{SimulatedServer.Number(map)}-{SimulatedServer.Number(parcel)}",
            soTo = map,
            soThua = parcel,
            dienTich = Math.Round(60 + ((mixed >> 32) % 40_000 / 10.0), 1),
            loaiDat = Kinds[kind],
            mucDich = Purposes[kind],
            chuSuDung = new { hoTen = owner.Name, soDinhDanh = owner.Id },
            ghiChuNoiBo = "Ghi chú của cơ quan quản lý, không thuộc dịch vụ (mô phỏng)",
        };
    }
}
