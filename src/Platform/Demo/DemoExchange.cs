using System.Text;
using LienThong.Gateway.Simulation;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform.Demo;

/// <summary>
/// Three simulated systems that share data, made through the slices of the exchange by simulated people on the days it would have happened: residence at
/// commune level (answers yes or no only, as population data must), land, and the one-stop shop; requests in every state, agreements, a stop ahead, a dispute,
/// and paper letters that a service could answer.
/// </summary>
internal sealed class DemoExchange(IServiceProvider services, StorageOptions storage, DemoClock clock, DemoCast cast, DateOnly today)
{
    /// <summary>Where the simulated systems listen if nobody else does; the demo registers where they really do at each start.</summary>
    private const string ResidenceAddress = "http://127.0.0.1:7101", LandAddress = "http://127.0.0.1:7102", OneStopAddress = "http://127.0.0.1:7103";

    private const string Basis = "Điều 7 Nghị định số 278/2025/NĐ-CP";

    public async Task PlayAsync(Action<string> say, CancellationToken cancellationToken)
    {
        say("Ba hệ thống mô phỏng, dịch vụ, yêu cầu và thỏa thuận chia sẻ …");
        var (police, land, oneStop) = (cast.Units["CA"].Id, cast.Units["NNMT"].Id, cast.Units["TTPVHCC"].Id);
        var (finance, science) = (cast.Units["TC"].Id, cast.Units["KHCN"].Id);

        At(-80, 8);
        var residence = await SystemAsync("chuquan.ca", "cu-tru", "Hệ thống xác nhận cư trú cấp xã", police, "Trả lời đúng hay không về nơi cư trú; không đưa hồ sơ dân cư ra ngoài", ArchitectureLayer.DataPlatform, SystemImportance.Critical, PersonalDataKind.Basic, cancellationToken);
        var parcels = await SystemAsync("chuquan", "dat-dai", "Cơ sở dữ liệu đất đai", land, "Quản lý thửa đất, quyền sử dụng đất", ArchitectureLayer.DataPlatform, SystemImportance.Important, PersonalDataKind.Basic, cancellationToken);
        var desk = await SystemAsync("thutruong.motcua", "mot-cua", "Hệ thống một cửa điện tử tỉnh", oneStop, "Tiếp nhận, giải quyết hồ sơ thủ tục hành chính", ArchitectureLayer.BusinessApplication, SystemImportance.Important, PersonalDataKind.Basic, cancellationToken);
        var budget = await SystemAsync("thutruong.tc", "tai-chinh-dat", "Hệ thống thu từ đất", finance, "Xác định nghĩa vụ tài chính về đất", ArchitectureLayer.BusinessApplication, SystemImportance.Ordinary, PersonalDataKind.Basic, cancellationToken);
        var research = await SystemAsync("thutruong.khcn", "tong-hop-khcn", "Hệ thống tổng hợp chỉ tiêu", science, "Tổng hợp chỉ tiêu chuyển đổi số", ArchitectureLayer.Channel, SystemImportance.Ordinary, PersonalDataKind.None, cancellationToken);

        At(-75, 9);
        var residenceService = await ServiceAsync("quantri.ca", "chuquan.ca", residence, "cu-tru/xac-nhan", "xacNhanCuTru", "Xác nhận cư trú", "Nơi cư trú của công dân, cấp xã", ResidenceAddress, true, Residence, cancellationToken);
        At(-70, 9);
        var landService = await ServiceAsync("quantridulieu", "chuquan", parcels, "dat-dai/thua-dat", "thuaDat", "Tra cứu thửa đất", "Thửa đất và quyền sử dụng đất", LandAddress, false, Land, cancellationToken);
        At(-66, 14);
        var dossierService = await ServiceAsync("thutruong.motcua.dl", "thutruong.motcua", desk, "mot-cua/ho-so", "hoSo", "Tra cứu tình trạng hồ sơ", "Hồ sơ thủ tục hành chính", OneStopAddress, false, Dossier, cancellationToken);

        // Two connections in use since weeks.
        At(-60, 8);
        var first = await RequestAsync("khaithac.motcua", desk, residenceService, [], "Xác nhận cư trú khi giải quyết hồ sơ, không yêu cầu giấy xác nhận", "15/TTPVHCC-CNTT", cancellationToken);
        At(-57, 10);
        await DoneAsync<AnswerSharing>("chuquan.ca", s => s.ReceiveAsync(first, null, cancellationToken));
        At(-56, 15);
        await DoneAsync<AnswerSharing>("chuquan.ca", s => s.ApproveAsync(first, null, "Chỉ dùng để xác nhận, không lưu kết quả", "212/CAT-QLHC", cancellationToken));
        await AgreeAsync(first, "quantri.ca", "chuquan.ca", "thutruong.motcua", -52, 300, [], cancellationToken);
        At(-58, 8);
        var second = await RequestAsync("khaithac.motcua", desk, landService, ["/soTo", "/soThua", "/dienTich", "/loaiDat"], "Giải quyết thủ tục về đất không yêu cầu nộp lại giấy tờ", "16/TTPVHCC-CNTT", cancellationToken);
        At(-56, 9);
        await DoneAsync<AnswerSharing>("quantridulieu", s => s.AskSupplementAsync(second, null, "Nêu rõ biện pháp xóa dữ liệu sau khi giải quyết hồ sơ", cancellationToken));
        At(-50, 9);
        await ActAsync("khaithac.motcua", s => s.GetRequiredService<AskForSharing>().SupplementAsync(
            Ask(desk, landService, ["/soTo", "/soThua", "/dienTich", "/loaiDat"], "Giải quyết thủ tục về đất không yêu cầu nộp lại giấy tờ", "21/TTPVHCC-CNTT") with { Id = second, Protection = "Xóa sau 30 ngày kể từ khi trả kết quả, có biên bản" }, cancellationToken));
        At(-48, 10);
        await DoneAsync<AnswerSharing>("chuquan", s => s.ApproveAsync(second, null, null, "330/SNNMT-CNTT", cancellationToken));
        var landAgreement = await AgreeAsync(second, "quantridulieu", "chuquan", "thutruong.motcua", -45, 365, ["/soTo", "/soThua", "/dienTich", "/loaiDat"], cancellationToken);

        // An agreement that ends soon, a refusal with its basis, one that waits for a signature, one late, one stopped, one just sent, a draft.
        At(-55, 9);
        var third = await RequestAsync("khaithac", budget, landService, ["/soTo", "/soThua", "/dienTich", "/mucDich"], "Xác định nghĩa vụ tài chính về đất", "88/STC-QLG", cancellationToken);
        At(-53, 9);
        await DoneAsync<AnswerSharing>("chuquan", s => s.ApproveAsync(third, null, null, "341/SNNMT-CNTT", cancellationToken));
        await AgreeAsync(third, "quantridulieu", "chuquan", "thutruong.tc", -50, 80, ["/soTo", "/soThua", "/dienTich", "/mucDich"], cancellationToken);
        At(-30, 9);
        var refused = await RequestAsync("khaithac", budget, residenceService, [], "Rà soát người nộp thuế theo nơi cư trú", "97/STC-QLG", cancellationToken);
        At(-27, 16);
        await DoneAsync<AnswerSharing>("chuquan.ca", s => s.RefuseAsync(refused, null, "Mục đích nằm ngoài phạm vi được xác nhận cư trú", "Khoản 2 Điều 9 Luật số 68/2020/QH14", "240/CAT-QLHC", cancellationToken));
        At(-12, 9);
        var fourth = await RequestAsync("khaithac", budget, dossierService, [], "Đối chiếu hồ sơ đất đã tiếp nhận với thông báo thuế", "120/STC-QLG", cancellationToken);
        At(-10, 9);
        await DoneAsync<AnswerSharing>("thutruong.motcua", s => s.ApproveAsync(fourth, null, null, null, cancellationToken));
        At(-9, 9);
        var pending = (await Act<MakeAgreement>("thutruong.motcua.dl").DraftAsync(fourth, Items(fourth, [], today.AddDays(2), 180), cancellationToken)).Expect();
        await ActAsync("thutruong.motcua", s => s.GetRequiredService<MakeAgreement>().SignAsync(pending, null, AgreementSide.Provider, "44/TTPVHCC", cancellationToken));
        At(-18, 9);
        await RequestAsync("khaithac.khcn", research, landService, [], "Tính chỉ tiêu số hóa dữ liệu đất đai", "210/SKHCN-CĐS", cancellationToken);
        At(-6, 9);
        var waiting = await RequestAsync("khaithac.khcn", research, dossierService, [], "Tính tỉ lệ hồ sơ trực tuyến theo ngày", "231/SKHCN-CĐS", cancellationToken);
        At(-5, 9);
        await DoneAsync<AnswerSharing>("thutruong.motcua.dl", s => s.AskSupplementAsync(waiting, null, "Nêu căn cứ được nhận dữ liệu ở mức từng hồ sơ", cancellationToken));
        At(-1, 15);
        (await Act<AskForSharing>("khaithac.khcn").DraftAsync(Ask(research, residenceService, [], "Thống kê lượt xác nhận cư trú", null), cancellationToken)).Expect();

        // A stop announced for later, a dispute on its way, letters on paper.
        At(-2, 9);
        var from = Vietnamese.StartOf(WorkCalendar.Vietnam.AddWorkingDays(today, 9)).AddHours(20);
        (await Act<StopSharing>("chuquan").SuspendAsync(new() { Service = landService, Cause = SuspensionCause.Planned, From = from, Until = from.AddHours(5), Notice = "Nâng cấp máy chủ cơ sở dữ liệu đất đai (mô phỏng)" }, cancellationToken)).Expect();
        At(-8, 9);
        (await Act<KeepDisputes>("khaithac.motcua").RaiseAsync(new() { Agreement = landAgreement, Kind = DisputeKind.Quality, Text = "12 thửa đất trả về thiếu diện tích" }, cancellationToken)).Expect();
        At(-20, 10);
        await LetterAsync("daumoi.khcn", "199/SKHCN-CĐS", -20, science, land, "Đề nghị cung cấp số liệu thửa đất đã số hóa và quyền sử dụng đất theo xã", cancellationToken);
        At(-7, 10);
        await LetterAsync("daumoi.khcn", "228/SKHCN-CĐS", -7, science, oneStop, "Đề nghị báo cáo tình trạng hồ sơ thủ tục hành chính trễ hạn", cancellationToken);
        At(-4, 10);
        await LetterAsync("daumoi.khcn", "235/SKHCN-CĐS", -4, science, finance, "Đề nghị cho ý kiến về dự toán năm sau", cancellationToken);

        clock.Set(today, new TimeOnly(7, 0));
        using var scope = services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<PublishRoutes>().HandleAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<ExchangeRound>().HandleAsync(cancellationToken);
    }

    /// <summary>That many days from today, or the working day before.</summary>
    private void At(int days, int hour)
    {
        var day = today.AddDays(days);
        while (!WorkCalendar.Vietnam.IsWorkingDay(day)) day = day.AddDays(-1);
        clock.Set(day, new TimeOnly(hour, 0));
    }

    private IServiceProvider As(string person)
    {
        var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<ActingPerson>().Current = cast.By(person);
        return scope.ServiceProvider;
    }

    private T Act<T>(string person) where T : notnull => As(person).GetRequiredService<T>();

    private async Task<TAnswer> ActAsync<TAnswer>(string person, Func<IServiceProvider, Task<Result<TAnswer>>> deed) => (await deed(As(person))).Expect();

    private async Task DoneAsync<T>(string person, Func<T, Task<Result<Done>>> deed) where T : notnull => (await deed(Act<T>(person))).Expect();

    private async Task<SubsystemId> SystemAsync(
        string person, string code, string name, OrgUnitId owner, string purpose, ArchitectureLayer layer, SystemImportance importance, PersonalDataKind personal, CancellationToken cancellationToken)
    {
        var system = (await Act<KeepSystems>(person).HandleAsync(
            new()
            {
                Code = code,
                Name = name,
                Owner = owner,
                Operator = cast.Units["TTCDS"].Id,
                Purpose = purpose,
                Users = "Cán bộ, công chức của cơ quan chủ quản",
                Layer = layer,
                Importance = importance,
                Hosting = "Trung tâm dữ liệu tỉnh",
                Ipv6 = Ipv6State.DualStack,
                PersonalData = personal,
                IsSimulated = true,
            }, cancellationToken)).Expect();
        var subsystem = (await Act<KeepSubsystems>(person).HandleAsync(new() { System = system, Code = code, Name = name }, cancellationToken)).Expect();
        using var key = DemoSystems.Key(storage, code);
        (await Act<KeepSubsystems>(person).AddCredentialAsync(
            new() { Subsystem = subsystem, Kind = CredentialKind.Jwk, Key = SimulatedClient.JwkOf(key), Label = DemoSystems.KeyLabel, ValidFrom = today.AddDays(-90), ValidUntil = today.AddDays(365) }, cancellationToken)).Expect();
        return subsystem;
    }

    private async Task<DataServiceId> ServiceAsync(
        string maker, string publisher, SubsystemId provider, string code, string serviceCode, string name, string dataset, string address, bool isVerification, string openApi, CancellationToken cancellationToken)
    {
        var service = (await Act<KeepServices>(maker).HandleAsync(
            new()
            {
                Code = code,
                ServiceCode = serviceCode,
                Provider = provider,
                Name = name,
                Dataset = dataset,
                IsVerificationOnly = isVerification,
                Contact = "Bộ phận kỹ thuật của cơ quan cung cấp (mô phỏng)",
                ServiceLevel = "Sẵn sàng 99,5 % trong giờ làm việc, trả lời dưới 1 giây",
                Quality = "Cập nhật hằng ngày",
                Upstreams = [address],
                TimeoutMilliseconds = DemoSystems.TimeoutMilliseconds,
            }, cancellationToken)).Expect();
        var version = (await Act<AddServiceVersion>(maker).HandleAsync(new() { Service = service, Document = Encoding.UTF8.GetBytes(openApi) }, cancellationToken)).Expect();
        (await Act<PublishService>(maker).DeclareReadyAsync(service, null, cancellationToken)).Expect();
        (await Act<PublishService>(publisher).HandleAsync(service, version.Id, null, cancellationToken)).Expect();
        return service;
    }

    private AskForSharing.Request Ask(SubsystemId consumer, DataServiceId service, IReadOnlyList<string> fields, string purpose, string? document) => new()
    {
        ConsumerSubsystem = consumer,
        Service = service,
        Major = 1,
        Fields = fields,
        Purpose = purpose,
        LegalBasis = Basis,
        CallsPerDay = 20_000,
        CallsPerSecond = 20,
        WantedFrom = today.AddDays(-40),
        WantedUntil = today.AddDays(400),
        Contact = "Đầu mối kỹ thuật của cơ quan khai thác (mô phỏng)",
        Protection = "Chỉ máy chủ nghiệp vụ được đọc, không lưu quá thời hạn",
        Document = document,
    };

    private async Task<SharingRequestId> RequestAsync(string person, SubsystemId consumer, DataServiceId service, IReadOnlyList<string> fields, string purpose, string document, CancellationToken cancellationToken)
    {
        var id = (await Act<AskForSharing>(person).DraftAsync(Ask(consumer, service, fields, purpose, document), cancellationToken)).Expect();
        (await Act<AskForSharing>(person).SendAsync(id, null, cancellationToken)).Expect();
        return id;
    }

    private static MakeAgreement.Items Items(SharingRequestId _, IReadOnlyList<string> fields, DateOnly from, int days) => new()
    {
        Purpose = "Giải quyết thủ tục hành chính, không yêu cầu nộp lại giấy tờ đã có",
        LegalBasis = Basis,
        Fields = fields,
        RatePerSecond = 50,
        Burst = 100,
        QuotaPerDay = 100_000,
        ValidFrom = from,
        ValidUntil = from.AddDays(days),
        RetentionDays = 30,
        Deletion = "Xóa sau 30 ngày, lập biên bản",
        Protection = "Mã hóa khi lưu, chỉ máy chủ nghiệp vụ được đọc",
        Duties = "Hai bên cử đầu mối kỹ thuật; sự cố báo nhau trong 2 giờ (mô phỏng)",
    };

    private async Task<AgreementId> AgreeAsync(SharingRequestId request, string writer, string provider, string consumer, int day, int days, IReadOnlyList<string> fields, CancellationToken cancellationToken)
    {
        At(day, 9);
        var agreement = (await Act<MakeAgreement>(writer).DraftAsync(request, Items(request, fields, WorkCalendar.Today(clock), days), cancellationToken)).Expect();
        At(day + 1, 10);
        await ActAsync(provider, s => s.GetRequiredService<MakeAgreement>().SignAsync(agreement, null, AgreementSide.Provider, null, cancellationToken));
        At(day + 2, 10);
        await ActAsync(consumer, s => s.GetRequiredService<MakeAgreement>().SignAsync(agreement, null, AgreementSide.Consumer, null, cancellationToken));
        return agreement;
    }

    private async Task LetterAsync(string person, string document, int day, OrgUnitId from, OrgUnitId to, string text, CancellationToken cancellationToken) =>
        (await Act<KeepLetters>(person).RegisterAsync(new() { Document = document, Dated = WorkCalendar.Today(clock), From = from, To = to, Text = text }, cancellationToken)).Expect();

    private const string Residence = """
        { "openapi": "3.0.3", "info": { "title": "Xác nhận cư trú", "version": "1.0.0" }, "paths": { "/xac-nhan": { "post": { "summary": "Nơi cư trú khai báo có đúng không",
          "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object", "required": ["soDinhDanh", "maXa"], "properties": { "soDinhDanh": { "type": "string", "maxLength": 12 }, "hoTen": { "type": "string" }, "maXa": { "type": "string" } } } } } },
          "responses": { "200": { "description": "Kết quả", "content": { "application/json": { "schema": { "type": "object", "required": ["khop"], "properties": { "khop": { "type": "boolean", "description": "Đúng là cư trú tại xã" }, "thoiDiem": { "type": "string", "format": "date-time" } } } } } } } } } } }
        """;

    private const string Land = """
        { "openapi": "3.0.3", "info": { "title": "Thửa đất", "version": "1.0.0" }, "paths": {
          "/thua-dat/{maThua}": { "get": { "summary": "Thông tin một thửa đất", "parameters": [ { "name": "maThua", "in": "path", "required": true, "schema": { "type": "string" } } ], "responses": { "200": { "description": "Thửa đất", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ThuaDat" } } } } } } },
          "/thua-dat": { "get": { "summary": "Các thửa đất của một tờ bản đồ", "parameters": [ { "name": "soTo", "in": "query", "required": true, "schema": { "type": "integer" } }, { "name": "maXa", "in": "query", "required": true, "schema": { "type": "string" } } ], "responses": { "200": { "description": "Danh sách", "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/ThuaDat" } } } } } } } } },
          "components": { "schemas": { "ThuaDat": { "type": "object", "required": ["soTo", "soThua"], "properties": { "soTo": { "type": "integer", "description": "Số tờ bản đồ" }, "soThua": { "type": "integer", "description": "Số thửa" }, "dienTich": { "type": "number", "description": "Diện tích, mét vuông" }, "loaiDat": { "type": "string", "enum": ["ONT", "ODT", "LUC", "CLN"], "description": "Loại đất" }, "mucDich": { "type": "string", "description": "Mục đích sử dụng" }, "chuSuDung": { "type": "object", "properties": { "hoTen": { "type": "string", "description": "Họ tên chủ sử dụng" }, "soDinhDanh": { "type": "string", "description": "Số định danh" } } } } } } } }
        """;

    private const string Dossier = """
        { "openapi": "3.0.3", "info": { "title": "Hồ sơ thủ tục hành chính", "version": "1.2.0" }, "paths": { "/ho-so": { "post": { "summary": "Nộp một hồ sơ", "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object", "required": ["tenThuTuc"], "properties": { "tenThuTuc": { "type": "string", "maxLength": 200 } } } } } },
          "responses": { "201": { "description": "Đã tiếp nhận", "content": { "application/json": { "schema": { "type": "object", "required": ["soHoSo"], "properties": { "soHoSo": { "type": "string" }, "trangThai": { "type": "string" } } } } } } } } }, "/ho-so/{soHoSo}": { "get": { "summary": "Tình trạng một hồ sơ", "parameters": [ { "name": "soHoSo", "in": "path", "required": true, "schema": { "type": "string" } } ],
          "responses": { "200": { "description": "Hồ sơ", "content": { "application/json": { "schema": { "type": "object", "required": ["soHoSo", "trangThai"], "properties": { "soHoSo": { "type": "string", "description": "Số hồ sơ" }, "trangThai": { "type": "string", "description": "Tình trạng hồ sơ" }, "ngayTiepNhan": { "type": "string", "format": "date" }, "ngayHenTra": { "type": "string", "format": "date" }, "tenThuTuc": { "type": "string", "description": "Thủ tục hành chính" } } } } } } } } } } }
        """;
}
