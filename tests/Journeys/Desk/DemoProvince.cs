using System.Globalization;
using System.Security.Cryptography;
using LienThong.Cli;
using LienThong.Gateway.Log;
using LienThong.Kernel;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Demo;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Monitoring;
using LienThong.Platform.Plans;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using LienThong.Web.Shell;
using LienThong.Web.Shell.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Xunit;

namespace LienThong.Journeys.Desk;

/// <summary>
/// The demo in this process, on real Kestrel, with every way of signing in switched on so that every page has all its parts; and what pages can
/// show but the demo's story lacks, made by people through the pages: a file being read, a draft, a frozen period, a lent power, work that failed.
/// </summary>
public sealed class DemoProvince(DemoData data) : IAsyncLifetime
{
    /// <summary>As the sign-in list calls them.</summary>
    public const string
        Leader = "Lãnh đạo UBND tỉnh", StandingBody = "Cơ quan thường trực", UnitHead = "Thủ trưởng đơn vị (sở)", Focal = "Đầu mối đơn vị (sở)",
        DataOwner = "Chủ quản cơ sở dữ liệu", DataSteward = "Quản trị dữ liệu", Consumer = "Cơ quan khai thác dữ liệu",
        CommuneHead = "Chủ tịch UBND xã", Commune = "Đầu mối xã", Auditor = "Thanh tra, giám sát", Admin = "Quản trị nền tảng";

    private WebApplication? _app;
    private string _folder = "";

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    /// <summary>Addresses of things, by the name a visit calls them.</summary>
    public Dictionary<string, string> Places { get; } = [];

    public string DatabaseFile => new StorageOptions(_folder, null).SqliteFile;

    public async ValueTask InitializeAsync()
    {
        _folder = await data.CopyAsync();
        var port = RunningApp.FreePort();
        Address = new Uri($"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}/");
        _app = Host.Build(
            new HostOptions
            {
                Storage = new StorageOptions(_folder, null),
                Port = port,
                Demo = true,
                Site = new SiteIdentity("Tỉnh Quảng Ngãi", "Ủy ban nhân dân tỉnh Quảng Ngãi", "localhost", IsSimulated: true),
                Security = new SecurityOptions { Oidc = new OidcOptions { Authority = new Uri("http://localhost:9/"), ClientId = "test" }, Certificates = new CertificateOptions { TrustFolder = _folder } },
            },
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Critical);
                builder.Services.AddScoped<IDemoSignIn, DemoSignIn>();
            });
        await _app.StartAsync();
        await FurnishAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_folder.Length > 0) Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A page of that person, signed in by one click as in the demo.</summary>
    public async Task<IPage> EnterAsync(Browsing browsing, string person, int width = 1280)
    {
        ArgumentNullException.ThrowIfNull(browsing);
        var page = await browsing.VisitAsync(Address, width);
        await page.GotoAsync("/dang-nhap?ve=/tro-giup");
        await page.Locator("section button", new() { HasText = person + ":" }).Or(page.Locator("section button", new() { HasText = person })).First.ClickAsync();
        await Browsing.ArriveAsync(page, "/tro-giup");
        return page;
    }

    public PlatformDb Open() => Services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContext();

    /// <summary><c>{name}</c> becomes the address of that place.</summary>
    public string Resolve(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address[0] != '{') return address;
        var end = address.IndexOf('}', StringComparison.Ordinal);
        return Places[address[1..end]] + address[(end + 1)..];
    }

    /// <summary>Whether somebody wrote that: it stands in the database, as one value or within one.</summary>
    public bool IsData(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        _data ??= ReadData();
        return _data.Contains(Plain(words), StringComparison.OrdinalIgnoreCase) || Site.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    private const string Site = "Tỉnh Quảng Ngãi | Ủy ban nhân dân tỉnh Quảng Ngãi | Liên Thông";

    private string? _data;

    private static string Plain(string text) => string.Join(' ', text.Normalize().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private string ReadData()
    {
        var all = new System.Text.StringBuilder();
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder { DataSource = DatabaseFile, Mode = Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly }.ConnectionString);
        connection.Open();
        foreach (var table in Names(connection))
        {
            using var command = Ask(connection, $"SELECT * FROM \"{table}\"");
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                for (var i = 0; i < rows.FieldCount; i++)
                {
                    if (rows.GetValue(i) is not string { Length: > 1 } text) continue;
                    if (text.Contains("\\u", StringComparison.Ordinal)) text = System.Text.RegularExpressions.Regex.Unescape(text.Replace("\\\"", "\"", StringComparison.Ordinal));
                    all.Append(Plain(text.Replace("\\n", " ", StringComparison.Ordinal))).Append('\n');
                }
            }
        }

        return all.ToString();
    }

    private static List<string> Names(Microsoft.Data.Sqlite.SqliteConnection connection)
    {
        using var command = Ask(connection, "SELECT name FROM sqlite_master WHERE type = 'table'");
        using var rows = command.ExecuteReader();
        var names = new List<string>();
        while (rows.Read()) names.Add(rows.GetString(0));
        return names;
    }

    private static Microsoft.Data.Sqlite.SqliteCommand Ask(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of our own tables.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    /// <summary>What a gateway beside the platform would have put on record under an agreement in force; the platform takes it in by itself.</summary>
    private async Task CallAsync()
    {
        const int Calls = 300;
        var clock = TimeProvider.System;
        var connection = (await Services.GetRequiredService<IExchangeFacts>().ConnectionsAsync(CancellationToken.None)).First(c => c.State is ConnectionState.Granted && c.ServiceCode == "dat-dai/thua-dat");
        using var witness = new NoteSigner("nhanchung.example/thanh-tra", ECDsa.Create(ECCurve.NamedCurves.nistP256), NoteAlgorithm.Cosignature);
        await using var log = SealedLog.Open(
            new SealedLogOptions { Folder = Path.Combine(_folder, "log", "gateway"), Origin = "demo.example/gateway", Signer = new NoteSigner("demo.example/gateway", ECDsa.Create(ECCurve.NamedCurves.nistP256)) }, clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var calls = new ExchangeLog(log, clock);
        Guid Id() => Guid.CreateVersion7(clock.GetUtcNow());
        var last = Id();
        for (var i = 0; i < Calls; i++)
        {
            using var digests = new CallDigests();
            digests.Add(CallPart.UserId, "VN051203004567"u8);
            var open = await calls.OpenAsync(new CallOpening(i == Calls - 1 ? last : Id(), connection.Consumer, connection.Provider, connection.Service, "1.0.0", connection.Code, "GET"));
            var (outcome, fault, status) = (i % 10) switch { 7 => (CallOutcome.Transport, "provider_timeout", 504), 8 => (CallOutcome.Business, null, 404), _ => (CallOutcome.Success, (string?)null, 200) };
            await calls.CloseAsync(open, new CallClosing(outcome, fault, status, 120, 1_184, 20 + i, digests.Finish()));
        }

        await calls.RefuseAsync(new CallOpening(Id(), connection.Consumer, connection.Provider, connection.Provider + "/khongCo", "", "", "GET"), new CallClosing(CallOutcome.Policy, "unknown_service", 404, 0, 0, 1, default));
        await log.SealAsync();
        var note = log.LatestNote!;
        await File.WriteAllTextAsync(Path.Combine(log.PublicFolder, PublicFiles.Witnesses), witness.Key + "\n");
        await File.WriteAllTextAsync(Path.Combine(log.PublicFolder, PublicFiles.Witnessed), note + witness.Cosign(note[..(note.LastIndexOf("\n\n", StringComparison.Ordinal) + 1)], clock.GetUtcNow()));
        Places["call"] = "/luot-goi/" + last;
        Places["connection"] = "/ket-noi/" + connection.Agreement;
        await Waiting.UntilAsync(async () =>
        {
            await using var db = Open();
            return await db.Set<LogNode>().AsNoTracking().ToListAsync() is [{ Pulled: > 0, Behind: 0 }];
        }, "The calls were not taken in.");
    }

    private async Task FurnishAsync()
    {
        await CallAsync();
        var today = WorkCalendar.Today(TimeProvider.System);
        await NameAsync();
        using (var focal = new Visitor(Address))
        {
            await focal.SignInAsync(Focal);
            await focal.OpenAsync(Places["own-task"] + "/gia-han");
            await focal.SendAsync("name=\"ly-do\"", new() { ["han"] = Vietnamese.Day(today.AddDays(90)), ["ly-do"] = "Chờ văn bản hướng dẫn của bộ.", ["van-ban"] = "2001/SKHCN-CĐS" });
        }

        var period = ReportingPeriod.Containing(PeriodKind.Quarter, today.AddMonths(-3)).ToString();
        Places["period"] = "/chot-ky/" + period;
        using (var officer = new Visitor(Address))
        {
            await officer.SignInAsync(StandingBody);
            await officer.OpenAsync("/nhiem-vu/nhap");
            await officer.SendAsync("name=\"tep\"", new() { ["khong-mat"] = "1" }, ("tep", "ke-hoach.txt", await File.ReadAllBytesAsync(DeskWorld.PlanFile)));
            Places["import"] = officer.Address.AbsolutePath;
            await officer.OpenAsync("/nhiem-vu/tao");
            await officer.SendAsync("name=\"noi-dung\"", new() { ["ten-ke-hoach"] = "Kế hoạch thử", ["noi-dung"] = "Lập danh mục dữ liệu mở của tỉnh.", ["chu-tri"] = "Sở Khoa học và Công nghệ" });
            Places["draft-task"] = officer.Address.AbsolutePath;
            await officer.OpenAsync("/chot-ky");
            await officer.SendAsync("name=\"Other\"", new() { ["Other"] = period });
        }

        await using var db = Open();
        var now = TimeProvider.System.GetUtcNow();
        db.Jobs.Add(new Job { Id = StrongId.New<JobId>(TimeProvider.System), Kind = "plans.import.read", Payload = "{}", CreatedAt = now, RunAfter = now, Attempts = 8, LastError = "FileNotFoundException: blob", DeadAt = now });
        await db.SaveChangesAsync();
        Places["extension"] = Places["own-task"] + "/gia-han?so=" + (await db.Extensions.SingleAsync(e => e.DecidedAt == null)).Id;
        Places["draft-plan"] = "/ke-hoach/" + (await db.Plans.SingleAsync(p => p.Name == "Kế hoạch thử" || p.Subject == "Kế hoạch thử")).Id;
        await Waiting.UntilAsync(async () => await db.PlanImports.AnyAsync(i => i.ReadAt != null && i.FileName == "ke-hoach.txt") && await db.PeriodCloses.AnyAsync(), "The file was not read, or the period not closed.");
    }

    private async Task NameAsync()
    {
        await using var db = Open();
        var focal = await db.Users.SingleAsync(u => u.SignInName == "daumoi.khcn");
        var pending = await db.ProgressReports.Where(r => r.SubmittedAt != null && r.DecidedAt == null && !r.IsNil)
            .Join(db.Assignments, r => r.Assignment, a => a.Id, (r, a) => new { r.Id, r.Task, a.Unit }).ToListAsync();
        var (own, other) = (pending.First(r => r.Unit == focal.HomeUnit), pending.First(r => r.Unit != focal.HomeUnit));
        var commune = await db.Users.SingleAsync(u => u.SignInName == "daumoi.xa");
        Places["unit"] = "/don-vi/" + focal.HomeUnit;
        Places["user"] = "/quan-tri/nguoi-dung/" + focal.Id;
        Places["plan"] = "/ke-hoach/" + (await db.Plans.SingleAsync()).Id;
        Places["pending-task"] = "/nhiem-vu/" + other.Task;
        Places["pending-report"] = $"/nhiem-vu/bao-cao/{other.Id}/tham-tra";
        Places["own-task"] = "/nhiem-vu/" + own.Task;
        Places["own-report"] = $"/nhiem-vu/bao-cao/{own.Id}/tham-tra";
        Places["commune-task"] = "/nhiem-vu/" + (await db.Assignments.Where(a => a.Unit == commune.HomeUnit && a.Role == AssignmentRole.Lead).OrderBy(a => a.Id).FirstAsync()).Task;
        Places["obstacle-task"] = "/nhiem-vu/" + (await db.Obstacles.FirstAsync(o => o.ClosedAt == null)).Task;
        Places["waiting-task"] = "/nhiem-vu/" + (await db.Tasks.FirstAsync(t => t.DeadlineText != null && t.DeadlineText.Contains("hướng dẫn"))).Id;
        Places["directive"] = $"/van-ban/{(await db.Directives.OrderBy(d => d.Id).FirstAsync()).Id}/sua";
        Places["system"] = "/he-thong/" + (await db.Set<Platform.Exchange.InformationSystem>().SingleAsync(s => s.Code == "dat-dai")).Id;
        var service = await db.Set<Platform.Exchange.DataService>().SingleAsync(s => s.Code == "dat-dai/thua-dat");
        Places["service"] = "/dich-vu/" + service.Id;
        Places["ask"] = "/yeu-cau-chia-se/moi?dich-vu=" + service.Id;
        var agreement = await db.Set<Platform.Exchange.DataSharingAgreement>().Where(a => a.Service == service.Id).OrderBy(a => a.Code).FirstAsync();
        Places["agreement"] = "/thoa-thuan/" + agreement.Id;
        Places["new-agreement"] = "/thoa-thuan/moi?yeu-cau=" + agreement.Request;
        var consumer = (await db.Users.SingleAsync(u => u.SignInName == "khaithac")).HomeUnit;
        Places["own-request"] = "/yeu-cau-chia-se/" + (await db.Set<Platform.Exchange.SharingRequest>().Where(r => r.Consumer == consumer).OrderBy(r => r.Code).FirstAsync()).Id;
        Places["request"] = "/yeu-cau-chia-se/" + agreement.Request;
        Places["audit"] = "/quan-tri/nhat-ky/" + (await db.Audit.OrderByDescending(a => a.Id).FirstAsync(a => a.Before != null && a.After != null)).Id;
    }
}
