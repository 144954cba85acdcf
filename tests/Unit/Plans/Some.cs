using System.Text;
using System.Text.Json;
using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LienThong.Unit.Plans;

/// <summary>Valid things of this module; a test changes only what it is about.</summary>
internal static class Some
{
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static CurrentUser Officer { get; } = User(101, "Chuyên viên Văn phòng", FakeOrgUnits.Office, Role.ProvinceOffice);
    public static CurrentUser Reviewer { get; } = User(102, "Chuyên viên Sở KHCN", FakeOrgUnits.Science, Role.StandingBody);
    public static CurrentUser Leader { get; } = User(103, "Phó Chủ tịch", FakeOrgUnits.Province, Role.ProvinceLeader);
    public static CurrentUser Auditor { get; } = User(104, "Thanh tra", FakeOrgUnits.Province, Role.Auditor);

    public static CurrentUser Focal(OrgUnitId unit, int number = 200) => User(number, "Đầu mối", unit, Role.UnitFocal);

    public static CurrentUser User(int number, string name, OrgUnitId unit, Role role) =>
        new(new UserId(new Guid(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 2])), name, unit, name, [new RoleGrant(role, unit)], "::1", 50000);

    /// <summary>A platform whose registry is the small province of <see cref="FakeOrgUnits"/>.</summary>
    public static Task<TestPlatform> StartAsync() => TestPlatform.StartAsync(services => services.AddSingleton<IOrgUnits, FakeOrgUnits>());

    public static ExtractedTask Task(
        int ordinal, string content = "Kết nối cơ sở dữ liệu đất đai với hệ thống giải quyết thủ tục hành chính", string? lead = "Sở Khoa học và Công nghệ", string? coordinators = null,
        ExtractedDeadline? deadline = null, string? product = "Biên bản nghiệm thu", string? group = null, IReadOnlyList<ExtractedTarget>? targets = null) =>
        new(ordinal, $"{ordinal}", $"{ordinal}", group is null ? [] : [group], null, content, lead is null ? [] : [lead], coordinators is null ? [] : coordinators.Split(';'),
            deadline ?? On(2026, 12, 31), product, [], targets ?? [], null, null, false, new SourcePlace(1, ordinal), new Dictionary<PlanField, FieldReading>(), []);

    public static ExtractedDeadline On(int year, int month, int day) => new($"{day:00}/{month:00}/{year}", DeadlineRule.On, new DateOnly(year, month, day));

    public static ExtractedPlan Plan(IReadOnlyList<ExtractedTask> tasks, DateOnly? issuedOn = null, string? number = "187/KH-UBND", IReadOnlyList<string>? bases = null) => new(
        new ExtractedHeader(number, "KH-UBND", "Kế hoạch", "Ủy ban nhân dân tỉnh", issuedOn, "Thực hiện mô hình liên thông số", bases ?? [], false, false, null, null, null, null),
        tasks, [], [], 1, SourceFormat.Text);

    /// <summary>An import that was uploaded and read, waiting for the officer. The file's bytes are the seed of its SHA-256.</summary>
    public static async Task<ImportId> ReadImport(this TestPlatform platform, ExtractedPlan plan, string bytes = "plan")
    {
        using var scope = platform.As(Officer);
        var receipt = (await scope.Get<UploadPlanFile>().HandleAsync(new MemoryStream(Encoding.UTF8.GetBytes(bytes)), "ke-hoach.txt", Cancellation)).Expect();
        await using var db = await platform.OpenAsync();
        var (json, now) = (JsonSerializer.Serialize(plan, ImportDraft.Json), platform.Clock.GetUtcNow());
        await db.PlanImports.Where(i => i.Id == receipt.Import).ExecuteUpdateAsync(s => s.SetProperty(i => i.Extracted, json).SetProperty(i => i.ReadAt, now), Cancellation);
        await db.Jobs.ExecuteDeleteAsync(Cancellation);
        return receipt.Import;
    }

    public static async Task<PlanId> ConfirmedPlan(this TestPlatform platform, ExtractedPlan plan, string bytes = "plan")
    {
        var import = await platform.ReadImport(plan, bytes);
        return (await platform.As<ConfirmPlanImport>(Officer).HandleAsync(new() { Import = import, AcceptDoubtful = true }, Cancellation)).Expect().Plan;
    }

    public static async Task<(TaskId Task, AssignmentId Lead)> TaskNumber(this TestPlatform platform, PlanId plan, int ordinal)
    {
        await using var db = await platform.OpenAsync();
        var task = await db.Tasks.AsNoTracking().SingleAsync(t => t.Plan == plan && t.Ordinal == ordinal, Cancellation);
        var lead = await db.Assignments.AsNoTracking().Where(a => a.Task == task.Id && a.Role == AssignmentRole.Lead).OrderBy(a => a.Order).FirstOrDefaultAsync(Cancellation);
        return (task.Id, lead?.Id ?? default);
    }

    public static ReportProgress.Request Report(AssignmentId assignment, decimal percent = 100, string document = "112/BC-SKHCN") => new()
    {
        Assignment = assignment,
        Percent = percent,
        Narrative = "Đã kết nối và nghiệm thu.",
        Submit = true,
        Evidence = [new() { Kind = EvidenceKind.DocumentNumber, Title = "Báo cáo kết quả", Reference = document }],
    };
}
