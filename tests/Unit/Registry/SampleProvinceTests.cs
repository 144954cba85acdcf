using LienThong.Kernel;
using LienThong.Platform.Registry;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LienThong.Unit.Registry;

/// <summary>The sample province in a database of its own, shared by tests that only read.</summary>
public sealed class SampleProvince : IAsyncLifetime
{
    public TestPlatform Platform { get; } = new();

    public IOrgUnits Units => Platform.Services.GetRequiredService<IOrgUnits>();

    public async ValueTask InitializeAsync()
    {
        await Platform.InitializeAsync();
        await Platform.Services.GetRequiredService<RegistrySeed>().ApplyAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Platform.DisposeAsync();

    public async Task<NameMatch> MatchAsync(string name, DateOnly day) => (await Units.MatchAsync([name], day, CancellationToken.None))[0];
}

public sealed class SampleProvinceTests(SampleProvince sample) : IClassFixture<SampleProvince>
{
    private static readonly DateOnly LastDayBefore = new(2025, 6, 30);
    private static readonly DateOnly FirstDayAfter = new(2025, 7, 1);
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]   // R-ORG-01
    public async Task Quang_Ngai_has_96_commune_level_units_since_1_July_2025()
    {
        var tree = await sample.Units.TreeAsync(FirstDayAfter, Cancellation);
        Assert.Equal(86, tree.Count(u => u.Kind is OrgUnitKind.Commune));
        Assert.Equal(9, tree.Count(u => u.Kind is OrgUnitKind.Ward));
        Assert.Equal("Đặc khu Lý Sơn", Assert.Single(tree, u => u.Kind is OrgUnitKind.SpecialZone).Name);
        Assert.Equal(96, tree.Select(u => u.Name).Where(n => n.StartsWith("Xã ", StringComparison.Ordinal) || n.StartsWith("Phường ", StringComparison.Ordinal) || n.StartsWith("Đặc khu ", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]   // R-ORG-01
    public async Task The_tree_of_30_June_2025_differs_from_that_of_the_next_day()
    {
        var before = await sample.Units.TreeAsync(LastDayBefore, Cancellation);
        var after = await sample.Units.TreeAsync(FirstDayAfter, Cancellation);
        Assert.Contains(before, u => u.Name == "Tỉnh Kon Tum");
        Assert.DoesNotContain(after, u => u.Name == "Tỉnh Kon Tum");
        Assert.Equal(23, before.Count(u => u.Kind is OrgUnitKind.District));
        Assert.DoesNotContain(after, u => u.Kind is OrgUnitKind.District);
        Assert.DoesNotContain(before, u => u.Kind is OrgUnitKind.Commune);

        // Every unit stands behind the one above it, and all of the home province hangs together.
        foreach (var (tree, day) in new[] { (before, LastDayBefore), (after, FirstDayAfter) })
        {
            var place = tree.Select((u, i) => (u.Id, i)).ToDictionary(p => p.Id, p => p.i);
            Assert.All(tree.Where(u => u.Parent is not null), u => Assert.True(place[u.Parent!.Value] < place[u.Id], u.Name));
            var home = await sample.Units.ProvinceAsync(day, Cancellation);
            Assert.Equal("Tỉnh Quảng Ngãi", home.Name);
            var within = await sample.Units.SubtreeAsync(home.Id, day, Cancellation);
            Assert.All(tree.Where(u => within.Contains(u.Id) && u.Id != home.Id), u => Assert.True(u.Parent is not null, u.Name));
        }

        Assert.Equal(after.Count, (await sample.Units.SubtreeAsync((await sample.Units.ProvinceAsync(FirstDayAfter, Cancellation)).Id, FirstDayAfter, Cancellation)).Count);
    }

    [Theory]   // R-ORG-02, T12
    [InlineData("Sở Thông tin và Truyền thông", "KHCN")]
    [InlineData("Sở Kế hoạch và Đầu tư", "TC")]
    [InlineData("Sở Giao thông vận tải", "XD")]
    [InlineData("Sở TN&MT", "NNMT")]
    [InlineData("Sở NN&PTNT", "NNMT")]
    [InlineData("Ban Tuyên giáo Tỉnh ủy", "BTGDV")]
    [InlineData("Bộ Thông tin và Truyền thông", "TW.BKHCN")]
    [InlineData("Sở Khoa học và Công nghệ tỉnh Kon Tum", "KHCN")]
    [InlineData("Sở Thông tin và Truyền thông tỉnh Kon Tum", "KHCN")]
    public async Task An_old_name_finds_who_answers_now_and_keeps_the_name_of_then(string written, string current)
    {
        var match = await sample.MatchAsync(written, Today);
        Assert.Equal(1, match.Confidence);
        Assert.NotNull(match.Unit);
        Assert.NotNull(match.Unit.ValidTo);
        Assert.Equal(current, Assert.Single(match.CurrentUnits).Code);
        Assert.Equal(written, match.AsWritten);
    }

    [Fact]   // R-ORG-02
    public async Task In_2022_the_old_department_answers_for_itself()
    {
        var match = await sample.MatchAsync("Sở Thông tin và Truyền thông", new DateOnly(2022, 4, 26));
        Assert.Equal("TTTT", Assert.Single(match.CurrentUnits).Code);
    }

    [Fact]   // R-ORG-02
    public async Task A_district_that_ended_is_answered_for_by_the_communes_on_its_land()
    {
        var match = await sample.MatchAsync("UBND huyện Ba Tơ", Today);
        Assert.Equal(8, match.CurrentUnits.Count);
        Assert.Contains(match.CurrentUnits, u => u.Name == "Xã Ba Vinh");
    }

    [Theory]
    [InlineData("Công an tỉnh", "CA")]
    [InlineData("CA tỉnh", "CA")]
    [InlineData("Công an tỉnh Quảng Ngãi", "CA")]
    [InlineData("CÔNG AN TỈNH", "CA")]
    [InlineData("VP UBND tỉnh", "VPUB")]
    [InlineData("Văn phòng Ủy ban nhân dân tỉnh", "VPUB")]
    [InlineData("Văn phòng Uỷ ban nhân dân tỉnh Quảng Ngãi", "VPUB")]
    [InlineData("Văn phòng UBND tỉnh.", "VPUB")]
    [InlineData("Sở KH&CN", "KHCN")]
    [InlineData("Sở KHCN", "KHCN")]
    [InlineData("Sở Khoa học & Công nghệ", "KHCN")]
    [InlineData("Sở Khoa học, Công nghệ", "KHCN")]
    [InlineData("- Sở Khoa học và Công nghệ tỉnh Quảng Ngãi;", "KHCN")]
    [InlineData("so khoa hoc va cong nghe", "KHCN")]
    [InlineData("Sở NN&MT", "NNMT")]
    [InlineData("Sở GD&ĐT", "GDDT")]
    [InlineData("Sở Văn hoá, Thể thao và Du lịch", "VHTTDL")]
    [InlineData("Sở VH,TT&DL", "VHTTDL")]
    [InlineData("Sở VHTT&DL", "VHTTDL")]
    [InlineData("Sở VH, TT&DL", "VHTTDL")]
    [InlineData("Thanh tra tỉnh Quảng Ngãi", "TTr")]
    [InlineData("Văn phòng Tỉnh uỷ", "VPTU")]
    [InlineData("VPTU", "VPTU")]
    [InlineData("Bộ CHQS tỉnh", "QS")]
    [InlineData("UBND tỉnh", "UBND")]
    [InlineData("UBMTTQ Việt Nam tỉnh", "MTTQ")]
    [InlineData("Tỉnh Đoàn", "DTN")]
    [InlineData("UBND xã Ba Vinh", "21490")]
    [InlineData("Ủy ban nhân dân phường Cẩm Thành", "21025")]
    [InlineData("UBND P. Cẩm Thành", "21025")]
    [InlineData("xã Sơn Hạ", "21292")]
    [InlineData("UBND xã Sơn Hà", "21289")]
    [InlineData("UBND đặc khu Lý Sơn", "21548")]
    [InlineData("Thuế tỉnh", "N.THUE")]
    [InlineData("VNPT Quảng Ngãi", "N.VNPT")]
    [InlineData("Bộ Công an", "TW.BCA")]
    [InlineData("BQL KKT Dung Quất", "BQL")]
    [InlineData("Sở Nội vụ", "NV")]
    public async Task Names_are_read_as_documents_write_them(string written, string code)
    {
        var match = await sample.MatchAsync(written, Today);
        Assert.Equal(code, match.Unit?.Code);
        Assert.Equal(1, match.Confidence);
        Assert.Equal(code, Assert.Single(match.CurrentUnits).Code);
    }

    [Theory]
    [InlineData("Sờ Khoa học và Công nghê", "KHCN")]
    [InlineData("S0 Khoa hoc va Cong ngbe", "KHCN")]
    [InlineData("Vân phòng UBND tỉnh", "VPUB")]
    [InlineData("Cônq an tỉnh", "CA")]
    [InlineData("Sờ Tài chinh", "TC")]
    public async Task Noise_of_a_scan_is_a_likeness_for_a_person_to_confirm(string written, string code)
    {
        var match = await sample.MatchAsync(written, Today);
        Assert.Equal(code, match.Unit?.Code);
        Assert.InRange(match.Confidence, 0.5, 0.99);
    }

    [Fact]
    public async Task A_name_that_fits_two_bodies_chooses_neither()
    {
        var match = await sample.MatchAsync("xa Son Ha", Today);
        Assert.Null(match.Unit);
        Assert.Empty(match.CurrentUnits);
        Assert.Equal(["Xã Sơn Hà", "Xã Sơn Hạ"], match.Candidates.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.True(match.Confidence <= 0.5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Theo chức năng, nhiệm vụ được giao")]
    [InlineData("Sở Thủy sản")]
    [InlineData("31/12/2025")]
    [InlineData("xã Ba Vàng")]
    public async Task What_the_registry_does_not_know_is_not_guessed(string written)
    {
        var match = await sample.MatchAsync(written, Today);
        Assert.Null(match.Unit);
        Assert.Empty(match.Classes);
        Assert.Equal(0, match.Confidence);
    }

    [Theory]   // T6
    [InlineData("Các sở, ban, ngành, địa phương", "SBNDP")]
    [InlineData("Các sở, ban ngành và địa phương", "SBNDP")]
    [InlineData("Các sở, ban, ngành", "SBN")]
    [InlineData("Các sở, ban, ngành tỉnh Quảng Ngãi", "SBN")]
    [InlineData("Các xã phường, đặc khu", "XPDK")]
    [InlineData("Ủy ban nhân dân các xã, phường, đặc khu", "XPDK")]
    [InlineData("UBND các phường, xã, đặc khu", "XPDK")]
    [InlineData("các địa phương", "XPDK")]
    [InlineData("UBND cấp xã", "XPDK")]
    [InlineData("Các sở, ban ngành, đoàn thể tỉnh", "SBNDT")]
    [InlineData("Các sở, ban, ngành, đoàn thể tỉnh; UBND các xã, phường", "SBN,DT,XPDK")]
    [InlineData("Các sở, ngành; UBND các xã, phường", "SBNDP")]
    [InlineData("Các cơ quan, đơn vị", "CQDV")]
    [InlineData("Các cơ quan chủ trì quản lý, vận hành các nền tảng số, hệ thống thông tin, cơ sở dữ liệu", "VHNT")]
    [InlineData("CAC SO, BAN, NGANH, DIA PHUONG", "SBNDP")]
    public async Task Classes_are_read_whatever_their_spelling(string written, string codes)
    {
        var match = await sample.MatchAsync(written, Today);
        Assert.Null(match.Unit);
        Assert.Equal(codes.Split(','), match.Classes.Select(c => c.Code));
        Assert.Equal(1, match.Confidence);
    }

    [Fact]
    public async Task Related_bodies_are_a_class_that_a_person_must_narrow()
    {
        var match = await sample.MatchAsync("Các sở, ban, ngành liên quan", Today);
        Assert.Equal("SBN", Assert.Single(match.Classes).Code);
        Assert.True(match.Confidence < 0.7);
    }

    [Fact]   // R-TSK-06
    public async Task A_class_has_the_members_of_its_day()
    {
        var (communes, localities) = (await ClassAsync("Các xã, phường, đặc khu", Today), await ClassAsync("các địa phương", LastDayBefore));
        Assert.Equal(96, (await sample.Units.MembersAsync(communes, Today, Cancellation)).Count);
        Assert.Equal(13, (await sample.Units.MembersAsync(localities, LastDayBefore, Cancellation)).Count);   // Districts of Quảng Ngãi; Kon Tum's were another province's.

        var departments = await sample.Units.MembersAsync(await ClassAsync("Các sở, ban, ngành", Today), Today, Cancellation);
        Assert.Contains(departments, u => u.Code == "CA");
        Assert.DoesNotContain(departments, u => u.Code is "BP" or "TTTT" || u.Code.StartsWith("KT.", StringComparison.Ordinal));
        Assert.Equal(16, departments.Count);

        var all = await sample.Units.MembersAsync(await ClassAsync("Các sở, ban, ngành, địa phương", Today), Today, Cancellation);
        Assert.Equal(16 + 96, all.Count);
        Assert.Equal(all.Count, all.Select(u => u.Id).Distinct().Count());
    }

    [Fact]   // T12: a plan of the three-level time is read today.
    public async Task A_class_that_ended_is_answered_for_by_those_who_took_over()
    {
        var districts = await ClassAsync("UBND các huyện, thị xã, thành phố", Today);
        var members = await sample.Units.MembersAsync(districts, Today, Cancellation);
        Assert.Equal(56, members.Count);
        Assert.All(members, m => Assert.Null(m.ValidTo));
    }

    [Fact]
    public async Task Loading_the_sample_again_adds_nothing()
    {
        await using var db = await sample.Platform.OpenAsync();
        var before = (await db.OrgUnits.CountAsync(Cancellation), await db.OrgUnitAliases.CountAsync(Cancellation), await db.UnitClasses.CountAsync(Cancellation), await db.Audit.CountAsync(Cancellation));
        await sample.Platform.Services.GetRequiredService<RegistrySeed>().ApplyAsync(Cancellation);
        Assert.Equal(before, (await db.OrgUnits.CountAsync(Cancellation), await db.OrgUnitAliases.CountAsync(Cancellation), await db.UnitClasses.CountAsync(Cancellation), await db.Audit.CountAsync(Cancellation)));
        Assert.True(before.Item1 > 200);
    }

    private async Task<UnitClassId> ClassAsync(string name, DateOnly day) => Assert.Single((await sample.MatchAsync(name, day)).Classes).Id;
}
