using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Registry;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Registry.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Web.Resources;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace LienThong.Unit.Registry;

/// <summary>Changes to the registry, each test in a province of its own.</summary>
public sealed class RegistrySlicesTests : IAsyncLifetime
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private TestPlatform _platform = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IOrgUnits Units => _platform.Services.GetRequiredService<IOrgUnits>();

    public async ValueTask InitializeAsync()
    {
        _platform = await TestPlatform.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<IPeople>(new Colleagues())));
        await _platform.Services.GetRequiredService<RegistrySeed>().ApplyAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    private sealed class Colleagues : IPeople
    {
        public static readonly UserId Deputy = UserId.From(new Guid("0198aaaa-0000-7000-8000-000000000002"));

        public Task<PersonView?> FindAsync(UserId id, CancellationToken cancellationToken) => Task.FromResult(id == Deputy ? new PersonView(id, "pho", "Người Được Giao", default) : null);

        public Task<IReadOnlyDictionary<UserId, PersonView>> FindAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<UserId, PersonView>>(new Dictionary<UserId, PersonView>());

        public Task<IReadOnlyList<PersonView>> WhoMayAsync(Permission permission, OrgUnitId unit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<PersonView>>([]);
    }

    private async Task<OrgUnitView> UnitAsync(string code, DateOnly? day = null) =>
        (await Units.TreeAsync(day ?? Today, Cancellation)).Concat(await Units.OutsideAsync(day ?? Today, Cancellation)).Single(u => u.Code == code);

    private async Task<FindUnit.Answer> ShowAsync(string code, DateOnly? day = null) => (await _platform.As<FindUnit>(CurrentUser.System).HandleAsync(code, day, Cancellation)).Expect();

    private static CurrentUser Holder(Role role, OrgUnitId unit, string name = "Người Thử") =>
        new(UserId.From(new Guid("0198aaaa-0000-7000-8000-000000000001")), name, unit, "", [new(role, unit)], "2001:db8::1", 1234);

    [Fact]   // E10, R-ORG-02, R-MDM-04
    public async Task Two_communes_merge_and_every_day_keeps_its_tree()
    {
        var (vi, dinh) = (await ShowAsync("21529"), await ShowAsync("21499"));
        var result = await _platform.As<ReorganiseUnits>(CurrentUser.System).HandleAsync(
            new()
            {
                Kind = SuccessionKind.Merge,
                From = new(2027, 1, 1),
                Document = "Nghị quyết thử",
                Ending = [new() { Code = "21529", Version = vi.Version }, new() { Code = "21499", Version = dinh.Version }],
                Successors = [new() { Code = "M1", NewName = "Xã Ba Hợp Nhất", NewKind = OrgUnitKind.Commune, NewParentCode = "51", NewOrder = 9000 }],
            },
            Cancellation);
        var receipt = result.Expect();
        Assert.Equal(2, receipt.Ended.Count);

        var (before, after) = (await Units.TreeAsync(new(2026, 12, 31), Cancellation), await Units.TreeAsync(new(2027, 1, 1), Cancellation));
        Assert.Contains(before, u => u.Name == "Xã Ba Vì");
        Assert.DoesNotContain(before, u => u.Name == "Xã Ba Hợp Nhất");
        Assert.Contains(after, u => u.Name == "Xã Ba Hợp Nhất");
        Assert.DoesNotContain(after, u => u.Name is "Xã Ba Vì" or "Xã Ba Dinh");
        Assert.Equal(before.Count - 1, after.Count);

        var match = (await Units.MatchAsync(["UBND xã Ba Vì"], new(2027, 6, 1), Cancellation))[0];
        Assert.Equal("Xã Ba Vì", match.Unit!.Name);
        Assert.Equal("Xã Ba Hợp Nhất", Assert.Single(match.CurrentUnits).Name);
        Assert.Equal(95, (await Units.MembersAsync((await Units.MatchAsync(["các xã, phường, đặc khu"], new(2027, 6, 1), Cancellation))[0].Classes[0].Id, new(2027, 6, 1), Cancellation)).Count);

        var feed = (await _platform.As<ReferenceUnits>(CurrentUser.System).HandleAsync(null, Cancellation)).Expect();
        var old = Assert.Single(feed.Items, i => i.UnitCode == "21529");
        Assert.Equal(new DateOnly(2026, 12, 31), old.ValidTo);
        Assert.Equal("M1", Assert.Single(old.Successors).UnitCode);

        await using var db = await _platform.OpenAsync();
        Assert.Equal(2, await db.Audit.CountAsync(a => a.Action == "registry.unit.merge", Cancellation));
        Assert.Contains(await db.Outbox.Where(o => o.Kind == nameof(UnitsReorganised)).ToListAsync(Cancellation), o => o.Payload.Contains("merge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_unit_below_a_merged_one_moves_along()
    {
        var office = await ShowAsync("KHCN");
        (await _platform.As<ReorganiseUnits>(CurrentUser.System).HandleAsync(
            new() { Kind = SuccessionKind.Merge, From = new(2027, 1, 1), Document = "QĐ", Ending = [new() { Code = "KHCN", Version = office.Version }], Successors = [new() { Code = "TC" }] }, Cancellation)).Expect();
        var centre = await UnitAsync("TTCDS", new(2027, 1, 1));
        Assert.Equal((await UnitAsync("TC", new(2027, 1, 1))).Id, centre.Parent);
        Assert.Equal(office.Unit.Id, (await UnitAsync("TTCDS", new(2026, 12, 31))).Parent);
    }

    [Fact]
    public async Task A_dissolved_unit_may_not_leave_units_below_it_hanging()
    {
        var office = await ShowAsync("VPUB");
        var result = await _platform.As<ReorganiseUnits>(CurrentUser.System).HandleAsync(
            new() { Kind = SuccessionKind.Dissolve, From = new(2027, 1, 1), Document = "QĐ", Ending = [new() { Code = "VPUB", Version = office.Version }] }, Cancellation);
        Assert.Equal("registry.unit.has-children", result.Refusal?.Code);
        Assert.Null((await ShowAsync("VPUB")).Unit.ValidTo);
    }

    [Fact]
    public async Task A_split_needs_shares_that_make_one()
    {
        var unit = await ShowAsync("VHTTDL");
        var request = new ReorganiseUnits.Request
        {
            Kind = SuccessionKind.Split,
            From = new(2027, 1, 1),
            Document = "QĐ",
            Ending = [new() { Code = "VHTTDL", Version = unit.Version }],
            Successors = [new() { Code = "GDDT", Share = 0.5m }, new() { Code = "DLMOI", NewName = "Sở Du lịch", NewKind = OrgUnitKind.Department, NewParentCode = "UBND", Share = 0.4m }],
        };
        Assert.Equal("registry.succession.shares", (await _platform.As<ReorganiseUnits>(CurrentUser.System).HandleAsync(request, Cancellation)).Refusal?.Code);
        request.Successors[1].Share = 0.5m;
        (await _platform.As<ReorganiseUnits>(CurrentUser.System).HandleAsync(request, Cancellation)).Expect();
        Assert.Equal(["DLMOI", "GDDT"], (await Units.CurrentAsync(unit.Unit.Id, new(2027, 2, 1), Cancellation)).Select(u => u.Code).Order(StringComparer.Ordinal));
    }

    [Fact]   // R-NFR-06
    public async Task A_stale_save_is_refused_and_shows_both_versions()
    {
        var seen = await ShowAsync("NV");
        RenameUnit.Request Wish(string name) => new() { Id = seen.Unit.Id, Version = seen.Version, Name = name, From = new(2027, 1, 1), Document = "QĐ 1" };
        (await _platform.As<RenameUnit>(CurrentUser.System).HandleAsync(Wish("Sở Nội vụ và Lao động"), Cancellation)).Expect();
        var late = await _platform.As<RenameUnit>(CurrentUser.System).HandleAsync(Wish("Sở Nhân lực"), Cancellation);
        Assert.Equal("registry.unit.stale", late.Refusal?.Code);
        Assert.Equal(RefusalKind.Conflict, late.Refusal!.Kind);
        Assert.Contains("Sở Nhân lực", late.Refusal.Arguments);
        Assert.Contains(late.Refusal.Arguments, a => a is string text && text.Contains("Sở Nội vụ và Lao động", StringComparison.Ordinal));

        Assert.Equal("Sở Nội vụ", (await UnitAsync("NV", new(2026, 12, 31))).Name);
        Assert.Equal("Sở Nội vụ và Lao động", (await UnitAsync("NV", new(2027, 1, 1))).Name);
        var old = (await Units.MatchAsync(["Sở Nội vụ"], new(2027, 5, 1), Cancellation))[0];
        Assert.Equal("Sở Nội vụ và Lao động", Assert.Single(old.CurrentUnits).Name);
    }

    [Fact]
    public async Task Another_process_sees_a_change_within_its_next_question()
    {
        var other = new RegistryCache(_platform.Databases, TimeProvider.System);
        using (other)
        {
            var before = await other.SnapshotAsync(Cancellation);
            var unit = await ShowAsync("XD");
            (await _platform.As<RenameUnit>(CurrentUser.System).HandleAsync(new() { Id = unit.Unit.Id, Version = unit.Version, Name = "Sở Hạ tầng", From = new(2026, 11, 1), Document = "QĐ" }, Cancellation)).Expect();
            Assert.Contains(await Units.TreeAsync(Today, Cancellation), u => u.Name == "Sở Hạ tầng");
            await using var db = await _platform.OpenAsync();
            Assert.NotEqual(before.Stamp, await RegistrySnapshot.StampAsync(db, Cancellation));
        }
    }

    [Fact]
    public async Task A_code_is_never_used_again_even_after_its_unit_ended()
    {
        var result = await _platform.As<CreateUnit>(CurrentUser.System).HandleAsync(new() { Code = "TTTT", Name = "Sở khác", Kind = OrgUnitKind.Department, ParentCode = "UBND", From = Today }, Cancellation);
        Assert.Equal("registry.unit.code-taken", result.Refusal?.Code);
    }

    [Theory]   // Roles, deny by default
    [InlineData(Role.UnitHead)]
    [InlineData(Role.Auditor)]
    [InlineData(Role.ProvinceLeader)]
    public async Task Only_the_administrator_changes_the_tree(Role role)
    {
        var by = Holder(role, (await UnitAsync("UBND")).Id);
        Assert.Equal("registry.forbidden", (await _platform.As<CreateUnit>(by).HandleAsync(new() { Code = "N1", Name = "N", From = Today }, Cancellation)).Refusal?.Code);
        Assert.Equal("registry.forbidden", (await _platform.As<ImportUnits>(by).PreviewAsync(new MemoryStream("x"u8.ToArray()), "x.csv", Cancellation)).Refusal?.Code);
        var unit = await ShowAsync("NV");
        Assert.Equal("registry.forbidden", (await _platform.As<RenameUnit>(by).HandleAsync(new() { Id = unit.Unit.Id, Version = unit.Version, Name = "N", From = Today, Document = "x" }, Cancellation)).Refusal?.Code);
    }

    [Theory]   // R-ORG-03
    [InlineData(IdentifierScheme.Qcvn102, "000.00.53.H48", null)]
    [InlineData(IdentifierScheme.Qd20, "H48.53", null)]
    [InlineData(IdentifierScheme.Qd20, "h48", "registry.identifier.lower-case")]
    [InlineData(IdentifierScheme.Qcvn102, "h48", "registry.identifier.lower-case")]
    [InlineData(IdentifierScheme.Qd20, "H48.AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDD", "registry.identifier.too-long")]
    [InlineData(IdentifierScheme.Qd20, "Z00.12", "registry.identifier.reserved-z")]
    [InlineData(IdentifierScheme.Qcvn102, "000.00.53.Z00", "registry.identifier.reserved-z")]
    [InlineData(IdentifierScheme.Qcvn102, "H48.53", "registry.identifier.form-qcvn102")]
    [InlineData(IdentifierScheme.Qd20, "000.00.53.H48", "registry.identifier.form-qd20")]
    [InlineData(IdentifierScheme.Qd20, "H4Đ", "registry.identifier.characters")]
    public void Identifiers_of_both_schemes_are_checked(IdentifierScheme scheme, string code, string? refusal)
    {
        var result = OrganizationIdentifier.Check(scheme, code, isStateAgency: true);
        Assert.Equal(refusal, result.Refusal?.Code);
        if (refusal is null) Assert.Equal(code, result.Expect());
        else
        {
            var text = Words()[refusal, [.. result.Refusal!.Arguments]];
            Assert.False(text.ResourceNotFound);
            Assert.Contains("ã", text.Value, StringComparison.OrdinalIgnoreCase);   // A Vietnamese sentence about a "mã".
            Assert.DoesNotContain("{0}", text.Value, StringComparison.Ordinal);
        }
    }

    [Theory]   // R-ORG-03: convert where a mapping exists
    [InlineData("000.00.00.H48", "H48")]
    [InlineData("000.00.53.H48", "H48.53")]
    [InlineData("000.12.53.H48", "H48.53.12")]
    [InlineData("001.12.53.H48", "H48.53.12.001")]
    public void The_two_schemes_convert_both_ways(string qcvn, string qd20)
    {
        Assert.Equal(qd20, OrganizationIdentifier.Convert(IdentifierScheme.Qcvn102, qcvn));
        Assert.Equal(qcvn, OrganizationIdentifier.Convert(IdentifierScheme.Qd20, qd20));
        Assert.Null(OrganizationIdentifier.Convert(IdentifierScheme.Qd20, qd20 + ".AB12"));
    }

    [Fact]   // R-ORG-03
    public async Task A_code_of_one_scheme_brings_the_other_and_belongs_to_one_unit()
    {
        var unit = await ShowAsync("KHCN");
        var stored = (await _platform.As<SetIdentifier>(CurrentUser.System).HandleAsync(
            new() { Unit = unit.Unit.Id, Version = unit.Version, Scheme = IdentifierScheme.Qcvn102, Value = "000.00.53.H48", From = new(2026, 1, 1) }, Cancellation)).Expect();
        Assert.Equal("H48.53", stored.OtherScheme);
        Assert.Equal(2, (await ShowAsync("KHCN")).Identifiers.Count);
        var other = await ShowAsync("NV");
        var taken = await _platform.As<SetIdentifier>(CurrentUser.System).HandleAsync(
            new() { Unit = other.Unit.Id, Version = other.Version, Scheme = IdentifierScheme.Qd20, Value = "H48.53", From = new(2026, 1, 1) }, Cancellation);
        Assert.Equal("registry.identifier.taken", taken.Refusal?.Code);
    }

    [Fact]   // R-ORG-04
    public async Task A_unit_without_head_or_focal_person_is_listed_until_both_are_named()
    {
        var unit = await UnitAsync("KHCN");
        async Task<FindUnclearUnits.Row?> RowAsync(DateOnly day)
        {
            for (var page = 1; ; page++)
            {
                var found = (await _platform.As<FindUnclearUnits>(CurrentUser.System).HandleAsync(day, page, Cancellation)).Expect();
                if (found.Rows.FirstOrDefault(r => r.Unit.Id == unit.Id) is { } row || found.Rows.Count == 0) return found.Rows.FirstOrDefault(r => r.Unit.Id == unit.Id);
            }
        }

        Assert.False((await RowAsync(Today))!.HasHead);
        var head = Holder(Role.UnitHead, unit.Id);
        (await _platform.As<SetOfficer>(head).HandleAsync(new() { Unit = unit.Id, Post = OfficerPost.Head, Name = "Người Đứng Đầu", From = new(2026, 1, 1) }, Cancellation)).Expect();
        Assert.True((await RowAsync(Today))!.HasHead);
        (await _platform.As<SetOfficer>(head).HandleAsync(new() { Unit = unit.Id, Post = OfficerPost.Focal, Name = "Đầu Mối", Phone = "0255 3822 000", From = new(2026, 2, 1) }, Cancellation)).Expect();
        Assert.Null(await RowAsync(Today));
        Assert.NotNull(await RowAsync(new(2026, 1, 15)));   // As of January nobody was focal person.

        // A new head follows the old one; the past keeps its name.
        (await _platform.As<SetOfficer>(CurrentUser.System).HandleAsync(new() { Unit = unit.Id, Post = OfficerPost.Head, Name = "Người Kế Nhiệm", From = new(2026, 6, 1) }, Cancellation)).Expect();
        var officers = _platform.Services.GetRequiredService<IOfficers>();
        Assert.Equal("Người Đứng Đầu", (await officers.OfUnitAsync(unit.Id, new(2026, 5, 31), Cancellation)).Single(o => o.Post is OfficerPost.Head).Name);
        Assert.Equal("Người Kế Nhiệm", (await officers.OfUnitAsync(unit.Id, Today, Cancellation)).Single(o => o.Post is OfficerPost.Head).Name);
        Assert.Equal("registry.forbidden", (await _platform.As<SetOfficer>(head).HandleAsync(new() { Unit = (await UnitAsync("NV")).Id, Post = OfficerPost.Head, Name = "X", From = Today }, Cancellation)).Refusal?.Code);
    }

    [Fact]   // R-ORG-05
    public async Task A_lent_power_holds_until_its_last_day_and_not_one_instant_longer()
    {
        var unit = await UnitAsync("KHCN");
        var head = Holder(Role.UnitHead, unit.Id, "Giám Đốc");
        var lent = (await _platform.As<LendPower>(head).HandleAsync(
            new() { Unit = unit.Id, Delegate = Colleagues.Deputy, Form = DelegationForm.ByAuthority, Roles = [Role.UnitHead], From = Today, To = Today.AddDays(3), Document = "GUQ 01/SKHCN" }, Cancellation)).Expect();

        var delegations = _platform.Services.GetRequiredService<IDelegations>();
        Assert.Empty(await delegations.ActiveForAsync(Colleagues.Deputy, Today.AddDays(-1), Cancellation));
        var active = Assert.Single(await delegations.ActiveForAsync(Colleagues.Deputy, Today.AddDays(3), Cancellation));
        Assert.Equal((lent.Id, "Giám Đốc", "GUQ 01/SKHCN"), (active.Id, active.DelegatorName, active.Document));
        Assert.Empty(await delegations.ActiveForAsync(Colleagues.Deputy, Today.AddDays(4), Cancellation));

        Assert.Equal(unit.Id, active.Unit);
        Assert.Equal([Role.UnitHead], active.Roles);

        await using (var db = await _platform.OpenAsync())
        {
            var record = await db.Audit.SingleAsync(a => a.Action == "registry.delegation.lent", Cancellation);
            Assert.Equal(lent.Id.ToString(), record.Note);   // The delegation is named in the audit.
        }

        var row = Assert.Single((await _platform.As<FindDelegations>(head).HandleAsync(1, Cancellation)).Rows);
        (await _platform.As<EndDelegation>(head).HandleAsync(lent.Id, row.Version, Cancellation)).Expect();
        Assert.Empty(await delegations.ActiveForAsync(Colleagues.Deputy, Today, Cancellation));
        Assert.Equal("registry.delegation.stale", (await _platform.As<EndDelegation>(head).HandleAsync(lent.Id, row.Version, Cancellation)).Refusal?.Code);
    }

    [Fact]   // R-ORG-05
    public async Task What_one_does_not_hold_oneself_cannot_be_lent()
    {
        var unit = await UnitAsync("KHCN");
        var request = new LendPower.Request { Unit = unit.Id, Delegate = Colleagues.Deputy, Form = DelegationForm.Deputy, Roles = [Role.UnitHead], From = Today, To = Today };
        async Task<string?> TryAsync(CurrentUser by, LendPower.Request wish) => (await _platform.As<LendPower>(by).HandleAsync(wish, Cancellation)).Refusal?.Code;

        var borrowed = new CurrentUser(Holder(Role.UnitHead, unit.Id).Id, "Cấp phó", unit.Id, "", [new(Role.UnitHead, unit.Id, DelegationId.From(new Guid("0198aaaa-0000-7000-8000-0000000000ff")))], null, null);
        Assert.Equal("registry.delegation.role-not-held", await TryAsync(borrowed, request));
        Assert.Equal("registry.delegation.role-not-held", await TryAsync(Holder(Role.UnitHead, unit.Id), request with { Roles = [Role.ProvinceLeader] }));
        Assert.Equal("registry.forbidden", await TryAsync(Holder(Role.UnitHead, (await UnitAsync("NV")).Id), request));
        Assert.Equal("registry.forbidden", await TryAsync(Holder(Role.PlatformAdmin, unit.Id), request));
        Assert.Equal("registry.document-missing", await TryAsync(Holder(Role.UnitHead, unit.Id), request with { Form = DelegationForm.ByAuthority }));
        Assert.Equal("registry.delegation.self", await TryAsync(Holder(Role.UnitHead, unit.Id), request with { Delegate = Holder(Role.UnitHead, unit.Id).Id }));
    }

    [Fact]   // R-ORG-07
    public async Task Accounts_of_other_systems_stay_with_the_unit_when_staff_change()
    {
        var unit = await UnitAsync("KHCN");
        var keep = _platform.As<KeepExternalAccounts>(CurrentUser.System);
        (await keep.SetSystemAsync(new() { Code = "NQ57", Name = "Hệ thống giám sát NQ57", RequiredFor = "SBN" }, Cancellation)).Expect();
        Assert.Equal(16, (await keep.LackingAsync(Today, Cancellation)).Expect().Count);
        var account = (await keep.RecordAsync(new() { Unit = unit.Id, System = "NQ57", AccountName = "skhcn.qn", Holder = "Người Cũ", IssuedOn = new(2026, 1, 5) }, Cancellation)).Expect();
        Assert.DoesNotContain((await keep.LackingAsync(Today, Cancellation)).Expect(), l => l.Unit.Id == unit.Id);
        (await keep.HandOverAsync(new() { Account = account, Version = 0, Holder = "Người Mới", From = new(2026, 9, 1) }, Cancellation)).Expect();
        Assert.Equal("registry.unit.stale", (await keep.HandOverAsync(new() { Account = account, Version = 0, Holder = "Người Khác", From = new(2026, 10, 1) }, Cancellation)).Refusal?.Code);
        Assert.Equal("Người Mới", Assert.Single((await ShowAsync("KHCN")).Accounts).Holder);
        Assert.DoesNotContain(typeof(ExternalAccount).GetProperties(), p => p.Name.Contains("assword", StringComparison.Ordinal));
        (await keep.SetStatusAsync(account, 1, ExternalAccountStatus.Revoked, Today, Cancellation)).Expect();
        Assert.Contains((await keep.LackingAsync(Today, Cancellation)).Expect(), l => l.Unit.Id == unit.Id);
    }

    private const string Heading = "Mã,Tên,Loại,Mã cấp trên,Từ ngày,Đến ngày,Mã QCVN 102,Mã QĐ 20,Đơn vị kế thừa\n";

    private async Task<Result<ImportUnits.Preview>> DryRunAsync(string text) =>
        await _platform.As<ImportUnits>(CurrentUser.System).PreviewAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "don-vi.csv", Cancellation);

    [Fact]
    public async Task A_dry_run_lists_every_problem_of_every_row_in_Vietnamese()
    {
        var preview = (await DryRunAsync(Heading
            + "A1,Sở Một,\"Sở, ban, ngành\",UBND,01/01/2026,,,,\n"
            + ",Không mã,Xã,51,01/01/2026,,,,\n"
            + "A1,Trùng mã,Xã,51,01/01/2026,,,,\n"
            + "A2,,Làng,khong-co,31/02/2026,x,h48,Z00,\n"
            + "A3,Sở Một,\"Sở, ban, ngành\",UBND,01/01/2026,,,,\n"
            + "A4,Vòng,Xã,A5,01/01/2026,,,,\nA5,Vòng hai,Xã,A4,01/01/2026,,,,\n"
            + "A6,Ngược,Xã,51,02/01/2026,01/01/2026,,,\n"
            + "A7,Con của cũ,Xã,TTTT,01/01/2026,,,,\n"
            + "A8,Kế thừa,Xã,51,01/01/2026,,,,LA\n"
            + "TC,Sở khác tên,\"Sở, ban, ngành\",UBND,01/01/2000,,,,\n")).Expect();

        var found = preview.Problems.Select(p => (p.Row, p.Code)).ToHashSet();
        (int, string)[] expected =
        [
            (3, "registry.import.code-missing"), (4, "registry.import.code-twice"), (5, "registry.unit.name-missing"), (5, "registry.import.kind-unknown"), (5, "registry.import.day"),
            (5, "registry.identifier.lower-case"), (5, "registry.identifier.reserved-z"), (6, "registry.import.name-twice"), (7, "registry.import.circle"), (8, "registry.import.circle"),
            (9, "registry.import.reversed"), (10, "registry.import.parent-period"), (11, "registry.import.successor-without-end"), (12, "registry.import.exists-differently"),
        ];
        Assert.Empty(expected.Except(found));
        Assert.Equal(2, preview.Problems.Count(p => p.Row == 5 && p.Code == "registry.import.day"));
        var words = Words();
        Assert.All(preview.Problems, p =>
        {
            var text = words[p.Code, [.. p.Arguments]];
            Assert.False(text.ResourceNotFound, p.Code);
            Assert.DoesNotContain("{", text.Value, StringComparison.Ordinal);
        });

        var refused = await _platform.As<ImportUnits>(CurrentUser.System).ConfirmAsync(preview.File, "don-vi.csv", Cancellation);
        Assert.Equal("registry.import.problems", refused.Refusal?.Code);
        await using var db = await _platform.OpenAsync();
        Assert.False(await db.OrgUnits.AnyAsync(u => u.Code == "A1", Cancellation));
    }

    [Fact]
    public async Task A_clean_file_is_all_or_nothing_and_the_same_file_again_adds_nothing()
    {
        var text = "mã;ten;LOẠI;mã cấp trên;từ ngày\nB1;Sở Hai;Sở;UBND;2026-01-01\nB3;Phòng Ba;Khác;B2;1/2/2026\nB2;Trung tâm Hai;Đơn vị sự nghiệp;B1;01/01/2026\n";
        var preview = (await DryRunAsync(text)).Expect();
        Assert.Empty(preview.Problems);
        Assert.Equal(3, (await _platform.As<ImportUnits>(CurrentUser.System).ConfirmAsync(preview.File, "f.csv", Cancellation)).Expect().Added);
        Assert.Equal((await UnitAsync("B2")).Id, (await UnitAsync("B3")).Parent);
        Assert.Equal(new ImportUnits.Receipt(0, 3), (await _platform.As<ImportUnits>(CurrentUser.System).ConfirmAsync(preview.File, "f.csv", Cancellation)).Expect());
        Assert.Equal("registry.import.unknown-file", (await _platform.As<ImportUnits>(CurrentUser.System).ConfirmAsync("../../etc/passwd", "f", Cancellation)).Refusal?.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_goes_out_comes_back_in_unchanged(bool workbook)
    {
        var sheet = (await _platform.As<ExportUnits>(CurrentUser.System).HandleAsync(null, workbook, Cancellation)).Expect();
        var preview = (await _platform.As<ImportUnits>(CurrentUser.System).PreviewAsync(new MemoryStream(sheet.Content), sheet.FileName, Cancellation)).Expect();
        Assert.Empty(preview.Problems);
        Assert.Empty(preview.Rows);
        Assert.Equal(244, preview.Unchanged);
        var template = _platform.As<ExportUnits>(CurrentUser.System).Template(workbook).Expect();
        Assert.Empty((await _platform.As<ImportUnits>(CurrentUser.System).PreviewAsync(new MemoryStream(template.Content), "m", Cancellation)).Expect().Rows);
    }

    [Fact]
    public async Task Files_of_another_kind_are_refused_with_a_reason()
    {
        async Task<string?> TryAsync(byte[] bytes) => (await _platform.As<ImportUnits>(CurrentUser.System).PreviewAsync(new MemoryStream(bytes), "f", Cancellation)).Refusal?.Code;
        Assert.Equal("registry.import.unreadable", await TryAsync([]));
        Assert.Equal("registry.import.file-kind", await TryAsync([0xD0, 0xCF, 0x11, 0xE0, 1, 2]));
        Assert.Equal("registry.import.unreadable", await TryAsync("PK\u0003\u0004broken"u8.ToArray()));
        Assert.Equal("registry.import.columns-missing", await TryAsync("a,b\n1,2\n"u8.ToArray()));
        Assert.Equal("registry.import.unreadable", await TryAsync([0xFF, 0xFE, 0x41, 0x00, 0xD8]));
        Assert.Equal("registry.import.too-large", await TryAsync(new byte[UnitFile.BytesMax + 1]));
    }

    [Fact]
    public async Task Search_finds_names_of_all_times_with_and_without_diacritics()
    {
        async Task<IReadOnlyList<string>> SearchAsync(string words, DateOnly day) =>
            [.. (await _platform.As<FindUnits>(CurrentUser.System).HandleAsync(new() { Query = words, AsOf = day }, Cancellation)).Expect().Rows.Select(r => r.Unit.Code)];
        Assert.Contains("KHCN", await SearchAsync("khoa hoc cong nghe", Today));
        Assert.Contains("KHCN", await SearchAsync("Công nghệ khoa", Today));
        Assert.Equal(["21490"], await SearchAsync("ba vinh", Today));
        Assert.Empty(await SearchAsync("ba vinh", new(2025, 6, 30)));
        Assert.Contains("CA", await SearchAsync("ca tinh", Today));
    }

    [Fact]   // R-MDM-04
    public async Task The_feed_gives_what_changed_since_and_misses_nothing()
    {
        var feed = _platform.As<ReferenceUnits>(CurrentUser.System);
        var all = (await feed.HandleAsync(null, Cancellation)).Expect();
        Assert.Equal(244, all.Items.Count);
        _platform.Clock.Advance(TimeSpan.FromMinutes(10));
        var caughtUp = (await feed.HandleAsync(all.Next, Cancellation)).Expect();
        caughtUp = (await feed.HandleAsync(caughtUp.Next, Cancellation)).Expect();
        Assert.Empty(caughtUp.Items);

        var unit = await ShowAsync("TP");
        (await _platform.As<RenameUnit>(CurrentUser.System).HandleAsync(new() { Id = unit.Unit.Id, Version = unit.Version, Name = "Sở Pháp luật", From = new(2027, 1, 1), Document = "QĐ" }, Cancellation)).Expect();
        var delta = Assert.Single((await feed.HandleAsync(caughtUp.Next, Cancellation)).Expect().Items);
        Assert.Equal(["Sở Tư pháp", "Sở Pháp luật"], delta.Names.Select(n => n.Text));
        Assert.Equal("registry.reference.since", (await feed.HandleAsync("không phải mốc", Cancellation)).Refusal?.Code);
    }

    private static StringLocalizer<RegistryText> Words()
    {
        System.Globalization.CultureInfo.CurrentUICulture = new("vi");
        return new(new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance));
    }
}
