using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Registry;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LienThong.Unit.Registry;

/// <summary>
/// The reorganisation of 1 July 2025 as it was, from the shared test data (../shared/data/quality/admin, MIT; not part of the product).
/// </summary>
public sealed class RealMergersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string? Folder
    {
        get
        {
            for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
            {
                var folder = Path.Combine(Path.GetDirectoryName(at) ?? "", "shared", "data", "quality", "admin");
                if (File.Exists(Path.Combine(at, "LienThong.slnx"))) return Directory.Exists(folder) ? folder : null;
            }

            return null;
        }
    }

    private static List<string[]> Rows(string file) => [.. File.ReadLines(Path.Combine(Folder!, file)).Skip(1).Select(line => line.Split(','))];

    [Theory]   // R-ORG-01, R-MDM-04: another province loads its own communes, before and after.
    [InlineData("51", "Quảng Ngãi", "51", 96)]
    [InlineData("68", "Lâm Đồng", "68", 124)]
    [InlineData("01", "Hà Nội", "01", 126)]
    public async Task A_province_loads_its_former_and_present_communes(string province, string name, string before, int communes)
    {
        Assert.SkipWhen(Folder is null, "The shared test data (../shared/data) is not here.");
        var now = Rows("units_from_2025-07-01.csv").Where(r => r[4] == province).ToList();
        Assert.Equal(communes, now.Count);
        var past = Rows("units_before_2025-07-01.csv");
        var districts = past.Where(r => r[4] == before).ToList();
        var wards = past.Where(r => districts.Exists(d => d[0] == r[4])).ToList();
        var map = Rows("ward_map_2025-07-01.csv").Where(r => now.Exists(n => n[0] == r[2])).ToLookup(r => r[0], r => r[2]);

        static string Kind(string label) => label is "Phường" ? "Phường" : label.StartsWith("Đặc khu", StringComparison.Ordinal) ? "Đặc khu" : label is "Xã" or "Thị trấn" ? label : "Huyện";
        var text = new StringBuilder("Mã,Tên,Loại,Mã cấp trên,Từ ngày,Đến ngày,Mã ĐVHC,Đơn vị kế thừa,Hình thức\n").AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"P,Tỉnh {name},Tỉnh,,01/01/2000,,,,");
        foreach (var r in districts) text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"C-{r[0]},{r[1]},Huyện,P,01/01/2000,30/06/2025,{r[0]},{string.Join('|', map[r[0]].Select(c => "M-" + c))},giải thể");
        foreach (var r in wards) text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"C-{r[0]},{r[1]},{Kind(r[3])},C-{r[4]},01/01/2000,30/06/2025,{r[0]},{string.Join('|', map[r[0]].Select(c => "M-" + c))},sáp nhập");
        foreach (var r in now) text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"M-{r[0]},{r[1]},{Kind(r[3])},P,01/07/2025,,{r[0]},,");

        await using var platform = await TestPlatform.StartAsync();
        var import = platform.As<ImportUnits>(CurrentUser.System);
        var preview = (await import.PreviewAsync(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), name + ".csv", Cancellation)).Expect();
        Assert.Empty(preview.Problems.Select(p => $"{p.Row} {p.Column} {p.Code} {string.Join(',', p.Arguments)}").Take(5));
        (await import.ConfirmAsync(preview.File, name, Cancellation)).Expect();

        var units = platform.Services.GetRequiredService<IOrgUnits>();
        var (last, first) = (new DateOnly(2025, 6, 30), new DateOnly(2025, 7, 1));
        var tree = await units.TreeAsync(first, Cancellation);
        Assert.Equal(communes + 1, tree.Count);
        Assert.Equal(now.Select(r => r[1]).Order(StringComparer.Ordinal), tree.Where(u => u.Code != "P").Select(u => u.Name).Order(StringComparer.Ordinal));
        Assert.Equal(districts.Count + wards.Count + 1, (await units.TreeAsync(last, Cancellation)).Count);

        // Every former commune with one successor in the data is answered for by it; a divided one by all of its successors.
        var former = (await units.TreeAsync(last, Cancellation)).Where(u => u.Code != "P" && map.Contains(u.Code[2..])).ToList();
        Assert.True(former.Count > communes);
        foreach (var unit in former)
        {
            var current = await units.CurrentAsync(unit.Id, first, Cancellation);
            Assert.Equal(map[unit.Code[2..]].Select(c => "M-" + c).Distinct().Order(StringComparer.Ordinal), current.Select(c => c.Code).Order(StringComparer.Ordinal));
        }
    }

    [Fact]   // The sample says which communes stand on the land of which district; the published map knows too.
    public async Task The_sample_places_communes_on_the_land_of_their_districts()
    {
        Assert.SkipWhen(Folder is null, "The shared test data (../shared/data) is not here.");
        var now = Rows("units_from_2025-07-01.csv").Where(r => r[4] == "51").ToDictionary(r => r[0], r => r[1]);
        var parent = Rows("units_before_2025-07-01.csv").ToDictionary(r => r[0], r => r[4]);
        var land = Rows("ward_map_2025-07-01.csv").Where(r => now.ContainsKey(r[2])).ToLookup(r => r[2], r => r[0]);

        await using var platform = await TestPlatform.StartAsync();
        await platform.Services.GetRequiredService<RegistrySeed>().ApplyAsync(Cancellation);
        var units = platform.Services.GetRequiredService<IOrgUnits>();
        var communes = (await units.TreeAsync(new(2025, 7, 1), Cancellation)).Where(u => u.Kind is OrgUnitKind.Commune or OrgUnitKind.Ward or OrgUnitKind.SpecialZone).ToList();
        Assert.Equal(now.Keys.Order(StringComparer.Ordinal), communes.Select(c => c.Code).Order(StringComparer.Ordinal));
        Assert.All(communes, c => Assert.Equal(VietnameseText.Fold(now[c.Code]), VietnameseText.Fold(c.Name)));

        foreach (var district in (await units.TreeAsync(new(2025, 6, 30), Cancellation)).Where(u => u.Kind is OrgUnitKind.District))
        {
            var after = (await units.CurrentAsync(district.Id, new(2025, 7, 1), Cancellation)).Select(c => c.Code);
            Assert.All(after, code => Assert.Contains(district.Code, land[code].Select(old => old.Length == 5 ? parent[old] : old)));
        }
    }
}
