using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Exchange.Interfaces;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Xunit;
using static LienThong.Unit.Exchange.ExchangeWorld;

namespace LienThong.Unit.Exchange;

/// <summary>R-CAT-02, R-SHR-01, R-SHR-06: the registers of systems, services and paper letters.</summary>
public sealed class RegisterTests
{
    [Fact]
    public async Task A_system_keeps_every_description_and_its_owner_alone_changes_it_R_CAT_02()
    {
        await using var platform = await StartAsync();
        var request = SystemOf("dat-dai", "Cơ sở dữ liệu đất đai", ExchangeUnits.Land) with { Ipv6 = Ipv6State.DualStack, Layer = ArchitectureLayer.DataPlatform, Importance = SystemImportance.Critical };
        Assert.Equal("exchange.not-allowed", (await platform.As<KeepSystems>(Stranger).HandleAsync(request, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.code.form", (await platform.As<KeepSystems>(LandHead).HandleAsync(request with { Code = "Đất đai" }, Cancellation)).Refusal?.Code);
        var id = (await platform.As<KeepSystems>(LandHead).HandleAsync(request, Cancellation)).Expect();
        Assert.Equal("exchange.code.taken", (await platform.As<KeepSystems>(LandHead).HandleAsync(request, Cancellation)).Refusal?.Code);
        var seen = (await platform.BookAsync()).Systems[id].Version;
        (await platform.As<KeepSystems>(LandHead).HandleAsync(request with { Id = id, Version = seen, Name = "CSDL đất đai tỉnh" }, Cancellation)).Expect();

        Assert.Equal("exchange.stale", (await platform.As<KeepSystems>(LandHead).HandleAsync(request with { Id = id, Version = seen, Name = "Tên khác" }, Cancellation)).Refusal?.Code);
        var view = (await platform.As<FindSystems>(Auditor).FindAsync(id, Cancellation)).Expect();
        Assert.Equal(["Cơ sở dữ liệu đất đai", "CSDL đất đai tỉnh"], view.Revisions.Select(r => r.Name));
        Assert.Equal((Ipv6State.DualStack, SystemImportance.Critical, SecurityLevelState.Undetermined, false), (view.Said.Ipv6, view.Said.Importance, InformationSystem.SecurityLevel, view.MayEdit));
        Assert.Single((await platform.As<FindSystems>(Auditor).HandleAsync(new() { Query = "csdl dat dai" }, Cancellation)).Expect().Rows);
        Assert.Empty((await platform.As<FindSystems>(Auditor).HandleAsync(new() { Query = "ho tich" }, Cancellation)).Expect().Rows);

        // Nobody gives a system to a unit where they may not keep any, nor takes one from a unit that is not theirs.
        Assert.Equal("exchange.not-allowed", (await platform.As<KeepSystems>(LandHead).HandleAsync(request with { Id = id, Owner = ExchangeUnits.Finance }, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<KeepSystems>(Stranger).HandleAsync(request with { Id = id, Owner = ExchangeUnits.Finance }, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task A_breaking_change_is_refused_with_every_reason_and_a_new_major_version_takes_it_R_SHR_01()
    {
        await using var platform = await StartAsync();
        var service = await platform.PublishedServiceAsync();
        var broken = OpenApi.Replace("\"dienTich\": { \"type\": \"number\" },", "", StringComparison.Ordinal).Replace("\"soTo\": { \"type\": \"integer\" }", "\"soTo\": { \"type\": \"string\" }", StringComparison.Ordinal);
        async Task<Result<AddServiceVersion.Receipt>> AddAsync(string text, string version) =>
            await platform.As<AddServiceVersion>(LandSteward).HandleAsync(new() { Service = service, Document = Bytes(text.Replace("\"1.0.0\"", $"\"{version}\"", StringComparison.Ordinal)) }, Cancellation);

        var refused = (await AddAsync(broken, "1.1.0")).Refusal!;
        Assert.Equal("exchange.version.breaking", refused.Code);
        Assert.Equal(4, Assert.IsAssignableFrom<IReadOnlyList<BreakingChange>>(refused.Arguments[3]).Count);   // Two fields in two operations.
        Assert.Equal(4, (await AddAsync(broken, "2.0.0")).Expect().Breaking.Count);
        Assert.Empty((await AddAsync(OpenApi, "1.0.1")).Expect().Breaking);
        Assert.Equal("exchange.version.known", (await AddAsync(OpenApi, "1.0.1")).Refusal?.Code);
        Assert.Equal("exchange.version.taken", (await AddAsync(OpenApi + " ", "1.0.1")).Refusal?.Code);
        Assert.Equal("exchange.version.not-higher", (await AddAsync(OpenApi.Replace("Thửa đất\"", "Thửa\"", StringComparison.Ordinal), "0.9")).Refusal?.Code);
        Assert.Equal("exchange.interface.unreadable", (await AddAsync("{}", "1")).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<AddServiceVersion>(LandOwner with { Grants = [] }).HandleAsync(new() { Service = service, Document = Bytes(OpenApi) }, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task Publishing_has_its_term_and_is_done_by_another_person_than_who_wrote_the_version_R_SHR_01()
    {
        await using var platform = await StartAsync();
        var provider = await platform.SubsystemAsync(LandHead, "dat-dai", ExchangeUnits.Land);
        var service = (await platform.As<KeepServices>(LandSteward).HandleAsync(Service(provider), Cancellation)).Expect();
        var publish = platform.As<PublishService>(LandOwner);
        Assert.Equal("exchange.service.nothing-to-publish", (await platform.As<PublishService>(LandSteward).DeclareReadyAsync(service, null, Cancellation)).Refusal?.Code);
        var version = (await platform.As<AddServiceVersion>(LandOwner).HandleAsync(new() { Service = service, Document = Bytes(OpenApi) }, Cancellation)).Expect().Id;
        Assert.Equal("exchange.service.not-ready", (await publish.HandleAsync(service, version, null, Cancellation)).Refusal?.Code);
        platform.Clock.Set(new(2026, 11, 27), 15);   // Friday; one working day after is Monday.
        Assert.Equal(new DateOnly(2026, 11, 30), (await platform.As<PublishService>(LandSteward).DeclareReadyAsync(service, null, Cancellation)).Expect());

        Assert.Empty((await platform.As<FindServices>(Asker).HandleAsync(new(), Cancellation)).Expect().Rows);   // Not published yet: the provider's own.
        Assert.Equal("exchange.same-person", (await publish.HandleAsync(service, version, null, Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<PublishService>(LandSteward).HandleAsync(service, version, null, Cancellation)).Refusal?.Code);
        platform.Clock.Set(new(2026, 12, 1), 8);
        Assert.True((await platform.As<FindServices>(LandHead).FindAsync(service, Cancellation)).Expect().Standing.IsLate);
        (await platform.As<PublishService>(LandHead).HandleAsync(service, version, null, Cancellation)).Expect();
        var line = Assert.Single((await platform.As<FindServices>(Asker).HandleAsync(new() { Query = "ho ten chu su dung thua dat" }, Cancellation)).Expect().Rows);
        Assert.Equal((ServiceState.Published, "1.0.0", false), (line.State, line.VersionLabel, line.IsLate));
    }

    [Theory]
    [InlineData("dat-dai", true)]
    [InlineData("dat-dai/thua-dat", true)]
    [InlineData("Dat-dai", false)]
    [InlineData("đất", false)]
    [InlineData("dat//thua", false)]
    [InlineData("../etc", false)]
    [InlineData("dat-dai/v2", false)]
    [InlineData("r1/dat", false)]
    [InlineData("oauth", false)]
    [InlineData("a/b/c/d/e", false)]
    public void A_service_code_is_an_address_nobody_can_read_in_two_ways(string code, bool isCode) => Assert.Equal(isCode, DataService.IsCode(code));

    [Theory]
    [InlineData("http://10.0.0.1/a", null)]
    [InlineData("ftp://10.0.0.1/a", "exchange.upstream.form")]
    [InlineData("http://user:pass@10.0.0.1/", "exchange.upstream.form")]
    [InlineData("http://10.0.0.1/?khoa=1", "exchange.upstream.form")]
    [InlineData("10.0.0.1", "exchange.upstream.form")]
    public async Task An_upstream_is_a_whole_address_without_secrets(string upstream, string? code)
    {
        await using var platform = await StartAsync();
        var provider = await platform.SubsystemAsync(LandHead, "dat-dai", ExchangeUnits.Land);
        Assert.Equal(code, (await platform.As<KeepServices>(LandSteward).HandleAsync(Service(provider) with { Upstreams = [upstream] }, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task A_letter_that_asks_for_what_a_service_offers_is_matched_without_diacritics_and_counted_by_month_R_SHR_06()
    {
        await using var platform = await StartAsync();
        var service = await platform.PublishedServiceAsync();
        var officer = Person(30, "Văn thư một cửa", ExchangeUnits.OneStop, Role.UnitFocal);
        KeepLetters.Request Letter(string number, string text, int day = 20) => new() { Document = number, Dated = new(2026, 11, day), From = ExchangeUnits.OneStop, To = ExchangeUnits.Land, Text = text };
        async Task<KeepLetters.Receipt> RegisterAsync(KeepLetters.Request letter) => (await platform.As<KeepLetters>(officer).RegisterAsync(letter, Cancellation)).Expect();

        var match = Assert.Single((await RegisterAsync(Letter("15/TTPVHCC", "Đề nghị cung cấp số liệu thửa đất và chủ sử dụng đất trên địa bàn xã"))).Matches);
        Assert.Equal(service, match.Service);
        Assert.Contains("thua dat", match.Words);
        Assert.Single((await RegisterAsync(Letter("16/TTPVHCC", "de nghi cung cap so lieu thua dat, chu su dung dat"))).Matches);
        Assert.Empty((await RegisterAsync(Letter("17/TTPVHCC", "Đề nghị báo cáo số liệu thu ngân sách và số lượng cán bộ"))).Matches);
        Assert.Equal("exchange.letter.known", (await platform.As<KeepLetters>(officer).RegisterAsync(Letter("15/ttpvhcc", "thửa đất"), Cancellation)).Refusal?.Code);
        Assert.Equal("exchange.not-allowed", (await platform.As<KeepLetters>(Stranger).RegisterAsync(Letter("18/X", "thửa đất"), Cancellation)).Refusal?.Code);

        var page = (await platform.As<FindLetters>(officer).HandleAsync(new(), Cancellation)).Expect();
        Assert.Equal([new LetterMonth(2026, 11, 3, 2)], page.Months);
        var wrong = page.Page.Rows.Single(r => r.Letter.Document == "16/TTPVHCC");
        (await platform.As<KeepLetters>(officer).JudgeAsync(wrong.Letter.Id, wrong.Letter.Version, null, "Cần bản trích lục có dấu", Cancellation)).Expect();
        Assert.Equal([new LetterMonth(2026, 11, 3, 1)], (await platform.As<FindLetters>(officer).HandleAsync(new(), Cancellation)).Expect().Months);
        Assert.Equal("exchange.stale", (await platform.As<KeepLetters>(officer).JudgeAsync(wrong.Letter.Id, wrong.Letter.Version, service, null, Cancellation)).Refusal?.Code);
        Assert.Empty((await platform.As<FindLetters>(Stranger).HandleAsync(new(), Cancellation)).Expect().Page.Rows);
    }

    [Fact]
    public async Task The_tables_are_what_the_model_says_on_this_engine()
    {
        await using var platform = await StartAsync();
        await using var db = await platform.OpenAsync();
        foreach (var entity in db.Model.GetEntityTypes().Where(e => e.ClrType.Namespace == typeof(DataService).Namespace))
        {
            // A query that names every column fails when one is missing; the nullability is asked of the engine.
            var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
            var real = await ColumnsAsync(db, table.Name);
            Assert.Equal(entity.GetProperties().Select(p => (p.GetColumnName(table)!, p.IsNullable)).OrderBy(c => c.Item1, StringComparer.Ordinal), real.OrderBy(c => c.Name, StringComparer.Ordinal));
        }

        static async Task<List<(string Name, bool IsNullable)>> ColumnsAsync(PlatformDb db, string table)
        {
            await db.Database.OpenConnectionAsync(Cancellation);
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = TestPlatform.PostgresServer is null
                ? "SELECT name, CASE WHEN \"notnull\" = 1 OR pk > 0 THEN 0 ELSE 1 END FROM pragma_table_info(@table)"
                : "SELECT column_name, CASE WHEN is_nullable = 'YES' THEN 1 ELSE 0 END FROM information_schema.columns WHERE table_name = @table";
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@table", table);
            command.Parameters.Add(parameter);
            var columns = new List<(string, bool)>();
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            while (await reader.ReadAsync(Cancellation)) columns.Add((reader.GetString(0), Convert.ToInt32(reader.GetValue(1), System.Globalization.CultureInfo.InvariantCulture) == 1));
            return columns;
        }
    }
}
