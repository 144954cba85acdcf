using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform;
using LienThong.Platform.Exchange;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LienThong.Journeys.Gateway;

/// <summary>
/// Two agencies that share, made in the database of a running control plane through the slices people use: systems, keys, services, requests, agreements. The running
/// program notices what was decided as it would notice another node's deeds.
/// </summary>
internal sealed class SharingProvince : IAsyncDisposable
{
    private static readonly OrgUnitId Land = Unit(2), OneStop = Unit(3);
    private readonly ServiceProvider _services;
    private readonly CurrentUser _provider = Person(1, Land, Role.DataSteward, Role.DataOwner, Role.UnitHead);
    private readonly CurrentUser _asker = Person(2, OneStop, Role.DataConsumer);
    private readonly CurrentUser _consumer = Person(3, OneStop, Role.UnitHead);
    private readonly CurrentUser _owner = Person(4, Land, Role.DataOwner);

    private SharingProvince(ServiceProvider services) => _services = services;

    public const string Consumer = "VN-QNG/GOV/TTPVHCC/mot-cua";

    /// <summary>Signs assertions of the consumer.</summary>
    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public SubsystemId ConsumerSubsystem { get; private set; }

    public CredentialId Credential { get; private set; }

    public static async Task<SharingProvince> StartAsync(RunningApp app)
    {
        var services = new ServiceCollection();
        services.AddLogging(l => l.SetMinimumLevel(LogLevel.Error));
        services.AddPlatform(new StorageOptions(app.DataFolder, app.Database));
        services.AddSingleton<IOrgUnits, Units>();
        services.AddScoped<Acting>();
        services.AddScoped<ICurrentUser>(s => s.GetRequiredService<Acting>());
        var province = new SharingProvince(services.BuildServiceProvider());
        province.ConsumerSubsystem = await province.SubsystemAsync(province._consumer, "mot-cua", OneStop);
        var q = province.Key.ExportParameters(false).Q;
        var jwk = JsonSerializer.Serialize(new { kty = "EC", crv = "P-256", x = Base64Url.EncodeToString(q.X), y = Base64Url.EncodeToString(q.Y), kid = "k" });
        province.Credential = await province.DoAsync<KeepSubsystems, CredentialId>(province._consumer, s => s.AddCredentialAsync(
            new() { Subsystem = province.ConsumerSubsystem, Kind = CredentialKind.Jwk, Key = jwk, Label = "máy chủ", ValidFrom = Today, ValidUntil = Today.AddYears(1) }, default));
        return province;
    }

    /// <summary>A published service and an agreement in force for it.</summary>
    public async Task<AgreementId> AgreeAsync(string code, string upstream, long quotaPerDay)
    {
        var provider = await SubsystemAsync(_provider, "p-" + code.Replace('/', '-'), Land);
        var service = await DoAsync<KeepServices, DataServiceId>(_provider, s => s.HandleAsync(
            new() { Code = code, ServiceCode = code.Split('/')[^1], Provider = provider, Name = "Tra cứu thửa đất", Dataset = "Thửa đất", Contact = "0255 3 000 000", Upstreams = [upstream] }, default));
        var version = await DoAsync<AddServiceVersion, AddServiceVersion.Receipt>(_provider, s => s.HandleAsync(new() { Service = service, Document = Encoding.UTF8.GetBytes(OpenApi) }, default));
        await DoAsync<PublishService, DateOnly>(_provider, s => s.DeclareReadyAsync(service, null, default));
        await DoAsync<PublishService, Done>(_owner, s => s.HandleAsync(service, version.Id, null, default));
        var request = await DoAsync<AskForSharing, SharingRequestId>(_asker, s => s.DraftAsync(
            new()
            {
                ConsumerSubsystem = ConsumerSubsystem,
                Service = service,
                Major = 1,
                Fields = ["/soTo"],
                Purpose = "Giải quyết thủ tục",
                LegalBasis = "Điều 5 Nghị định số 278/2025/NĐ-CP",
                WantedFrom = Today,
                WantedUntil = Today.AddDays(200),
                Contact = "0255 3 111 111",
                Protection = "Chỉ máy chủ nghiệp vụ được đọc",
            }, default));
        await DoAsync<AskForSharing, DateOnly>(_asker, s => s.SendAsync(request, null, default));
        await DoAsync<AnswerSharing, Done>(_owner, s => s.ApproveAsync(request, null, null, "12/SNNMT-CNTT", default));
        var agreement = await DoAsync<MakeAgreement, AgreementId>(_provider, s => s.DraftAsync(request, new()
        {
            Purpose = "Giải quyết thủ tục",
            LegalBasis = "Điều 5 Nghị định số 278/2025/NĐ-CP",
            Fields = ["/soTo"],
            ValidFrom = Today,
            ValidUntil = Today.AddDays(200),
            RatePerSecond = 5_000,
            Burst = 10_000,
            QuotaPerDay = quotaPerDay,
            Deletion = "Xóa sau 30 ngày",
            Protection = "Mã hóa khi lưu",
            Duties = "Phòng Công nghệ thông tin",
        }, default));
        await DoAsync<MakeAgreement, AgreementState>(_consumer, s => s.SignAsync(agreement, null, AgreementSide.Consumer, null, default));
        await DoAsync<MakeAgreement, AgreementState>(_owner, s => s.SignAsync(agreement, null, AgreementSide.Provider, null, default));
        return agreement;
    }

    public Task SuspendAsync(AgreementId agreement) => DoAsync<StopSharing, Done>(_owner, s => s.SuspendAsync(
        new() { Agreement = agreement, Cause = SuspensionCause.Incident, Notice = "Sự cố", LegalBasis = "Điều 5 Nghị định số 278/2025/NĐ-CP" }, default));

    public Task RevokeAsync(CredentialId credential) => DoAsync<KeepSubsystems, Done>(_consumer, s => s.RevokeAsync(ConsumerSubsystem, credential, "Nghi lộ khóa", default));

    /// <summary>Revokes the credential of that key, as its owner does on the page of the system.</summary>
    public async Task RevokeAsync(string thumbprint)
    {
        var book = await _services.GetRequiredService<ExchangeIndex>().CurrentAsync(default);
        await RevokeAsync(book.Credentials.Of(ConsumerSubsystem).Single(c => c.Thumbprint == thumbprint).Id);
    }

    public async Task<T> DoAsync<TSlice, T>(CurrentUser by, Func<TSlice, Task<Result<T>>> deed) where TSlice : notnull
    {
        await using var scope = _services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Acting>().Current = by;
        return (await deed(scope.ServiceProvider.GetRequiredService<TSlice>())).Expect();
    }

    public CurrentUser ConsumerHead => _consumer;

    private async Task<SubsystemId> SubsystemAsync(CurrentUser by, string code, OrgUnitId owner)
    {
        var system = await DoAsync<KeepSystems, InformationSystemId>(by, s => s.HandleAsync(new() { Code = code, Name = "Hệ thống " + code, Owner = owner, Purpose = "Phục vụ quản lý nhà nước" }, default));
        return await DoAsync<KeepSubsystems, SubsystemId>(by, s => s.HandleAsync(new() { System = system, Code = code, Name = "Phân hệ " + code }, default));
    }

    public static DateOnly Today => Vietnamese.DayOf(TimeProvider.System.GetUtcNow());

    private static OrgUnitId Unit(int number) => new(new Guid(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 3]));

    private static CurrentUser Person(int number, OrgUnitId unit, params Role[] roles) =>
        new(new UserId(new Guid(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 4])), "Người mô phỏng " + number, unit, "Đơn vị mô phỏng", [.. roles.Select(r => new RoleGrant(r, unit))], "::1", 50000);

    public async ValueTask DisposeAsync()
    {
        Key.Dispose();
        await _services.DisposeAsync();
    }

    private const string OpenApi = """
        { "openapi": "3.0.3", "info": { "title": "Thửa đất", "version": "1.0.0" },
          "paths": { "/thua-dat/{ma}": { "get": {
            "parameters": [ { "name": "ma", "in": "path", "required": true, "schema": { "type": "string" } } ],
            "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": { "type": "object", "properties": { "soTo": { "type": "integer" }, "chuSuDung": { "type": "string" } } } } } } } } } } }
        """;

    private sealed class Acting : ICurrentUser
    {
        public CurrentUser Current { get; set; } = CurrentUser.System;
    }

    private sealed class Units : IOrgUnits
    {
        private static readonly OrgUnitView[] All =
        [
            View(Unit(1), "UBND", "Ủy ban nhân dân tỉnh", null, OrgUnitKind.Province), View(Land, "NNMT", "Sở Nông nghiệp và Môi trường", Unit(1), OrgUnitKind.Department),
            View(OneStop, "TTPVHCC", "Trung tâm Phục vụ hành chính công tỉnh", Unit(1), OrgUnitKind.PublicUnit),
        ];

        public Task<OrgUnitView?> FindAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult(All.FirstOrDefault(u => u.Id == id));

        public Task<IReadOnlyList<OrgUnitView>> TreeAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>(All);

        public Task<IReadOnlyList<OrgUnitView>> OutsideAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>([]);

        public Task<IReadOnlyList<UnitClassView>> ClassesAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UnitClassView>>([]);

        public Task<IReadOnlyList<OrgUnitView>> CurrentAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>([.. All.Where(u => u.Id == id)]);

        public Task<IReadOnlyList<OrgUnitId>> AboveAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<OrgUnitId>>(All.FirstOrDefault(u => u.Id == id)?.Parent is { } parent ? [parent] : []);

        public Task<IReadOnlySet<OrgUnitId>> SubtreeAsync(OrgUnitId id, DateOnly asOf, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlySet<OrgUnitId>>(All.Where(u => u.Id == id || u.Parent == id).Select(u => u.Id).ToHashSet());

        public Task<IReadOnlyList<OrgUnitView>> MembersAsync(UnitClassId unitClass, DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OrgUnitView>>([]);

        public Task<IReadOnlyList<NameMatch>> MatchAsync(IReadOnlyList<string> names, DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<NameMatch>>([]);

        public Task<OrgUnitView> ProvinceAsync(DateOnly asOf, CancellationToken cancellationToken) => Task.FromResult(All[0]);

        private static OrgUnitView View(OrgUnitId id, string code, string name, OrgUnitId? parent, OrgUnitKind kind) => new(id, code, name, name, kind, parent, new DateOnly(2020, 1, 1), null, true, 0);
    }
}
