using System.Security.Cryptography;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LienThong.Unit.Exchange;

/// <summary>A province of five bodies and an enterprise: who provides (land), who consumes (one-stop), who oversees, who only stands by.</summary>
internal sealed class ExchangeUnits : IOrgUnits
{
    public static OrgUnitId Province { get; } = Id(1);
    public static OrgUnitId Land { get; } = Id(2);
    public static OrgUnitId OneStop { get; } = Id(3);
    public static OrgUnitId Science { get; } = Id(4);
    public static OrgUnitId Finance { get; } = Id(5);
    public static OrgUnitId Enterprise { get; } = Id(6);

    private static readonly OrgUnitView[] All =
    [
        Unit(Province, "UBND", "Ủy ban nhân dân tỉnh", null, OrgUnitKind.Province), Unit(Land, "NNMT", "Sở Nông nghiệp và Môi trường", Province, OrgUnitKind.Department),
        Unit(OneStop, "TTPVHCC", "Trung tâm Phục vụ hành chính công tỉnh", Province, OrgUnitKind.PublicUnit), Unit(Science, "KHCN", "Sở Khoa học và Công nghệ", Province, OrgUnitKind.Department),
        Unit(Finance, "TC", "Sở Tài chính", Province, OrgUnitKind.Department), Unit(Enterprise, "BUUDIEN", "Bưu điện tỉnh", null, OrgUnitKind.Enterprise) with { IsInTree = false },
    ];

    public Task<OrgUnitView?> FindAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult(All.FirstOrDefault(u => u.Id == id));

    public Task<IReadOnlyList<OrgUnitView>> TreeAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>([.. All.Where(u => u.IsInTree)]);

    public Task<IReadOnlyList<OrgUnitView>> OutsideAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>([.. All.Where(u => !u.IsInTree)]);

    public Task<IReadOnlyList<UnitClassView>> ClassesAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UnitClassView>>([]);

    public Task<IReadOnlyList<OrgUnitView>> CurrentAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>([.. All.Where(u => u.Id == id)]);

    public Task<IReadOnlyList<OrgUnitId>> AboveAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OrgUnitId>>(All.FirstOrDefault(u => u.Id == id)?.Parent is { } parent ? [parent] : []);

    public Task<IReadOnlySet<OrgUnitId>> SubtreeAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<OrgUnitId>>(All.Where(u => u.Id == id || u.Parent == id).Select(u => u.Id).ToHashSet());

    public Task<IReadOnlyList<OrgUnitView>> MembersAsync(UnitClassId unitClass, DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>([]);

    public Task<IReadOnlyList<NameMatch>> MatchAsync(IReadOnlyList<string> names, DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<NameMatch>>([]);

    public Task<OrgUnitView> ProvinceAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult(All[0]);

    private static OrgUnitId Id(int number) => new(new Guid(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 3]));

    private static OrgUnitView Unit(OrgUnitId id, string code, string name, OrgUnitId? parent, OrgUnitKind kind) => new(id, code, name, name, kind, parent, new DateOnly(2020, 1, 1), null, true, 0);
}

/// <summary>Valid things of the exchange, made by the slices; a test changes only what it is about.</summary>
internal static class ExchangeWorld
{
    public const string Basis = "Điều 5 Nghị định số 278/2025/NĐ-CP";

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static CurrentUser LandSteward { get; } = Person(1, "Quản trị dữ liệu đất đai", ExchangeUnits.Land, Role.DataSteward);
    public static CurrentUser LandOwner { get; } = Person(2, "Chủ quản đất đai", ExchangeUnits.Land, Role.DataOwner);
    public static CurrentUser LandHead { get; } = Person(3, "Giám đốc Sở NNMT", ExchangeUnits.Land, Role.UnitHead);
    public static CurrentUser Asker { get; } = Person(4, "Chuyên viên một cửa", ExchangeUnits.OneStop, Role.DataConsumer);
    public static CurrentUser OneStopHead { get; } = Person(5, "Giám đốc Trung tâm", ExchangeUnits.OneStop, Role.UnitHead);
    public static CurrentUser StandingBody { get; } = Person(6, "Cơ quan thường trực", ExchangeUnits.Science, Role.StandingBody);
    public static CurrentUser Security { get; } = Person(7, "Công an tỉnh", ExchangeUnits.Province, Role.SecurityAuthority);
    public static CurrentUser Leader { get; } = Person(8, "Phó Chủ tịch", ExchangeUnits.Province, Role.ProvinceLeader);
    public static CurrentUser Stranger { get; } = Person(9, "Chuyên viên Sở Tài chính", ExchangeUnits.Finance, Role.DataConsumer, Role.DataOwner, Role.UnitHead, Role.UnitFocal);
    public static CurrentUser Auditor { get; } = Person(10, "Thanh tra", ExchangeUnits.Province, Role.Auditor);
    public static CurrentUser Admin { get; } = Person(11, "Quản trị", ExchangeUnits.Province, Role.PlatformAdmin);
    public static CurrentUser Company { get; } = Person(12, "Nhân viên Bưu điện", ExchangeUnits.Enterprise, Role.DataConsumer, Role.UnitHead, Role.SystemOperator);

    public static CurrentUser Person(int number, string name, OrgUnitId unit, params Role[] roles) =>
        new(new UserId(new Guid(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 4])), name, unit, name, [.. roles.Select(r => new RoleGrant(r, unit))], "::1", 50000);

    public static async Task<TestPlatform> StartAsync()
    {
        var platform = await TestPlatform.StartAsync(services => services.AddSingleton<IOrgUnits, ExchangeUnits>());
        platform.Clock.Set(new DateOnly(2026, 11, 23), 9);   // A Monday without holidays near.
        return platform;
    }

    /// <summary>OpenAPI of the land service; a test replaces a piece of it.</summary>
    public const string OpenApi = """
        {
          "openapi": "3.0.3", "info": { "title": "Thửa đất", "version": "1.0.0" },
          "paths": {
            "/thua-dat/{maThua}": {
              "get": {
                "summary": "Thông tin một thửa đất",
                "parameters": [ { "name": "maThua", "in": "path", "required": true, "schema": { "type": "string" } },
                                { "name": "ngay", "in": "query", "schema": { "type": "string", "format": "date" } } ],
                "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ThuaDat" } } } } }
              }
            },
            "/thua-dat/tim": {
              "post": {
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/TimKiem" } } } },
                "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": { "type": "object", "required": ["danhSach"],
                  "properties": { "danhSach": { "type": "array", "items": { "$ref": "#/components/schemas/ThuaDat" } }, "tong": { "type": "integer", "format": "int32" } } } } } } }
              }
            }
          },
          "components": { "schemas": {
            "ThuaDat": { "type": "object", "required": ["soTo", "soThua"], "properties": {
              "soTo": { "type": "integer" }, "soThua": { "type": "integer" }, "dienTich": { "type": "number" },
              "loaiDat": { "type": "string", "enum": ["ONT", "ODT", "LUC"] },
              "chuSuDung": { "$ref": "#/components/schemas/ChuSuDung" } } },
            "ChuSuDung": { "type": "object", "properties": { "hoTen": { "type": "string" }, "soDinhDanh": { "type": "string" } } },
            "TimKiem": { "type": "object", "required": ["maXa"], "properties": { "maXa": { "type": "string", "maxLength": 10 }, "loaiDat": { "type": "string", "enum": ["ONT", "ODT", "LUC"] } } }
          } }
        }
        """;

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Thumbprint(string seed) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seed)));

    public static KeepSystems.Request SystemOf(string code, string name, OrgUnitId owner) => new() { Code = code, Name = name, Owner = owner, Purpose = "Phục vụ quản lý nhà nước" };

    public static async Task<SubsystemId> SubsystemAsync(this TestPlatform platform, CurrentUser by, string code, OrgUnitId owner, bool withKey = true)
    {
        var system = (await platform.As<KeepSystems>(by).HandleAsync(SystemOf(code, "Hệ thống " + code, owner), Cancellation)).Expect();
        var subsystem = (await platform.As<KeepSubsystems>(by).HandleAsync(new() { System = system, Code = code, Name = "Phân hệ " + code }, Cancellation)).Expect();
        if (withKey) await platform.KeyAsync(by, subsystem, code);
        return subsystem;
    }

    public static async Task<CredentialId> KeyAsync(this TestPlatform platform, CurrentUser by, SubsystemId subsystem, string seed) =>
        (await platform.As<KeepSubsystems>(by).AddCredentialAsync(
            new() { Subsystem = subsystem, Kind = CredentialKind.SpkiThumbprint, Key = Thumbprint(seed), Label = "máy chủ", ValidFrom = new(2026, 1, 1), ValidUntil = new(2028, 12, 31) }, Cancellation)).Expect();

    public static KeepServices.Request Service(SubsystemId provider, string code = "dat-dai/thua-dat") => new()
    {
        Code = code,
        ServiceCode = code.Split('/')[^1],
        Provider = provider,
        Name = "Tra cứu thửa đất",
        Dataset = "Thửa đất và chủ sử dụng đất",
        Contact = "0255 3 000 000",
        Upstreams = ["http://10.1.1.1:8080/api"],
    };

    /// <summary>A service with version 1.0.0 published.</summary>
    public static async Task<DataServiceId> PublishedServiceAsync(this TestPlatform platform, string code = "dat-dai/thua-dat", string openApi = OpenApi, ServiceAudience audience = ServiceAudience.Agencies, SubsystemId? provider = null)
    {
        var from = provider ?? await platform.SubsystemAsync(LandHead, "p-" + code.Replace("/", "-", StringComparison.Ordinal), ExchangeUnits.Land);
        var service = (await platform.As<KeepServices>(LandSteward).HandleAsync(Service(from, code) with { Audience = audience }, Cancellation)).Expect();
        await platform.PublishVersionAsync(service, openApi);
        return service;
    }

    public static async Task PublishVersionAsync(this TestPlatform platform, DataServiceId service, string openApi)
    {
        var version = (await platform.As<AddServiceVersion>(LandSteward).HandleAsync(new() { Service = service, Document = Bytes(openApi) }, Cancellation)).Expect();
        (await platform.As<PublishService>(LandSteward).DeclareReadyAsync(service, null, Cancellation)).Expect();
        (await platform.As<PublishService>(LandOwner).HandleAsync(service, version.Id, null, Cancellation)).Expect();
    }

    public static AskForSharing.Request Ask(SubsystemId consumer, DataServiceId service) => new()
    {
        ConsumerSubsystem = consumer,
        Service = service,
        Major = 1,
        Fields = ["/soTo", "/soThua"],
        Purpose = "Giải quyết thủ tục cấp giấy chứng nhận",
        LegalBasis = Basis,
        WantedFrom = new(2026, 12, 1),
        WantedUntil = new(2027, 11, 30),
        Contact = "Nguyễn Văn A, 0255 3 111 111",
        Protection = "Chỉ máy chủ nghiệp vụ được đọc; xóa sau 30 ngày",
    };

    public static async Task<SharingRequestId> SentRequestAsync(this TestPlatform platform, SubsystemId consumer, DataServiceId service)
    {
        var id = (await platform.As<AskForSharing>(Asker).DraftAsync(Ask(consumer, service), Cancellation)).Expect();
        (await platform.As<AskForSharing>(Asker).SendAsync(id, null, Cancellation)).Expect();
        return id;
    }

    public static MakeAgreement.Items Items(DateOnly from, DateOnly until) => new()
    {
        Purpose = "Giải quyết thủ tục cấp giấy chứng nhận",
        LegalBasis = Basis,
        Fields = ["/soTo", "/soThua"],
        ValidFrom = from,
        ValidUntil = until,
        Deletion = "Xóa sau 30 ngày, lập biên bản",
        Protection = "Mã hóa khi lưu",
        Duties = "Đầu mối hai bên: phòng Công nghệ thông tin",
    };

    /// <summary>An approved request with a draft agreement from today for a year.</summary>
    public static async Task<AgreementId> DraftAgreementAsync(this TestPlatform platform, SubsystemId consumer, DataServiceId service, DateOnly? from = null, DateOnly? until = null)
    {
        var request = await platform.SentRequestAsync(consumer, service);
        (await platform.As<AnswerSharing>(LandOwner).ApproveAsync(request, null, null, "12/SNNMT-CNTT", Cancellation)).Expect();
        var today = Vietnamese.DayOf(platform.Clock.GetUtcNow());
        return (await platform.As<MakeAgreement>(LandSteward).DraftAsync(request, Items(from ?? today, until ?? today.AddYears(1)), Cancellation)).Expect();
    }

    public static async Task SignAsync(this TestPlatform platform, AgreementId agreement, CurrentUser? consumer = null)
    {
        (await platform.As<MakeAgreement>(consumer ?? OneStopHead).SignAsync(agreement, null, AgreementSide.Consumer, null, Cancellation)).Expect();
        (await platform.As<MakeAgreement>(LandOwner).SignAsync(agreement, null, AgreementSide.Provider, null, Cancellation)).Expect();
    }

    public static async Task<AgreementId> AgreementInForceAsync(this TestPlatform platform, SubsystemId consumer, DataServiceId service, DateOnly? from = null, DateOnly? until = null)
    {
        var agreement = await platform.DraftAgreementAsync(consumer, service, from, until);
        await platform.SignAsync(agreement);
        return agreement;
    }

    public static Task<ExchangeBook> BookAsync(this TestPlatform platform) => platform.Services.GetRequiredService<ExchangeIndex>().CurrentAsync(Cancellation);

    public static async Task<AgreementStanding> StandingAsync(this TestPlatform platform, AgreementId agreement)
    {
        var book = await platform.BookAsync();
        return AgreementStanding.Of(book, book.Agreements[agreement], platform.Clock.GetUtcNow());
    }

    public static async Task<RequestStanding> StandingAsync(this TestPlatform platform, SharingRequestId request)
    {
        var book = await platform.BookAsync();
        return RequestStanding.Of(book, book.Requests[request], platform.Clock.GetUtcNow(), await platform.Services.GetRequiredService<ExchangeIndex>().ParametersAsync(Cancellation), WorkCalendar.Vietnam);
    }
}
