using System.Globalization;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Registry;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform.Demo;

/// <summary>Plays the story through the slices of Plans: each deed by its person, on its day.</summary>
internal sealed class DemoDeeds(IServiceProvider services, DemoClock clock, DemoCast cast, DateOnly issuedOn, DateOnly today)
{
    private readonly Dictionary<(string Row, string Unit), AssignmentId> _parts = [];
    private readonly Dictionary<string, TaskId> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<AssignmentId, ReportId> _reports = [];
    private readonly Dictionary<string, ExtensionId> _extensions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObstacleId> _obstacles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> _indicators = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    /// <summary>Our own plan and its three months.</summary>
    public async Task<Result<DemoOutcome>> PlayAsync(Action<string> say, CancellationToken cancellationToken)
    {
        var plan = new DemoPlan(issuedOn);
        clock.Set(issuedOn, new TimeOnly(16, 30));
        say("Kế hoạch mô phỏng: dựng tệp Word, đọc và đối chiếu …");
        using var file = new MemoryStream(DemoDocument.Plan(plan));
        var confirmed = await ReadAsync(file, "ke-hoach-mo-phong-118.docx", cancellationToken);
        if (!confirmed.IsGranted(out var receipt, out var refusal)) return refusal;
        await LearnAsync(receipt.Plan, plan, cancellationToken);

        say("Chỉ tiêu, tài khoản trong hệ thống khác …");
        await FurnishAsync(cancellationToken);

        say("Ba tháng tiến độ: báo cáo, minh chứng, thẩm tra, vướng mắc, gia hạn …");
        var deeds = DemoStory.Of([.. cast.Communes.Select(u => u.Code)])
            .Select((deed, order) => (deed, day: WorkDay(issuedOn.AddDays(deed.Day)), order))
            .OrderBy(d => d.day).ThenBy(d => d.deed.Hour).ThenBy(d => d.order).ToList();
        var months = ClosableMonths();
        foreach (var (deed, day, order) in deeds)
        {
            while (months.Count > 0 && months[0].On < day)
            {
                await CloseAsync(months[0], cancellationToken);
                months.RemoveAt(0);
            }

            clock.Set(day, new TimeOnly(deed.Hour, order % 60));
            await DoAsync(deed, day, cancellationToken);
        }

        foreach (var month in months) await CloseAsync(month, cancellationToken);
        await services.GetRequiredService<JobLoop>().DrainAsync(cancellationToken);
        return new DemoOutcome(false, 0, receipt.Tasks, deeds.Count, _notes);
    }

    /// <summary>Somebody's own plan: read and taken over as it is today, with its gaps.</summary>
    public async Task<Result<DemoOutcome>> ImportAsync(string path, Action<string> say, CancellationToken cancellationToken)
    {
        clock.Set(today, new TimeOnly(8, 0));
        say($"Đọc {Path.GetFileName(path)} …");
        await using var file = File.OpenRead(path);
        var confirmed = await ReadAsync(file, Path.GetFileName(path), cancellationToken);
        return confirmed.IsGranted(out var receipt, out var refusal) ? new DemoOutcome(false, 0, receipt.Tasks, 0, _notes, IsPlanKnown: receipt.IsKnown) : refusal;
    }

    private async Task<Result<ConfirmPlanImport.Receipt>> ReadAsync(Stream file, string name, CancellationToken cancellationToken)
    {
        using var turn = Turn(cast.By(DemoPeople.StandingBody));
        var uploaded = await turn.Get<UploadPlanFile>().HandleAsync(file, name, cancellationToken);
        if (!uploaded.IsGranted(out var receipt, out var refusal)) return refusal;
        if (receipt.Plan is { } known) return new ConfirmPlanImport.Receipt(known, 0, 0, 0, IsKnown: true);
        await services.GetRequiredService<JobLoop>().DrainAsync(cancellationToken);
        var preview = await turn.Get<PreviewPlanImport>().HandleAsync(receipt.Import, cancellationToken);
        if (!preview.IsGranted(out var view, out refusal)) return refusal;
        if (view.Refusal is { } unreadable) return unreadable;
        return await turn.Get<ConfirmPlanImport>().HandleAsync(new ConfirmPlanImport.Request { Import = receipt.Import, AcceptDoubtful = true, Publish = true }, cancellationToken);
    }

    /// <summary>Finds the rows of the plan among the tasks that were read, by their content.</summary>
    private async Task LearnAsync(PlanId planId, DemoPlan plan, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync(cancellationToken);
        var tasks = await db.Tasks.AsNoTracking().Where(t => t.Plan == planId).Select(t => new { t.Id, t.Content }).ToListAsync(cancellationToken);
        var ids = tasks.Select(t => t.Id).ToList();
        var parts = await db.Assignments.AsNoTracking().Where(a => ids.Contains(a.Task) && a.Unit != null).Select(a => new { a.Id, a.Task, a.Unit, a.Role }).ToListAsync(cancellationToken);
        var codes = cast.Units.Values.ToDictionary(u => u.Id, u => u.Code);
        foreach (var row in plan.Groups.SelectMany(g => g.Rows))
        {
            var start = VietnameseText.Fold(row.Content)[..40];
            if (tasks.FirstOrDefault(t => VietnameseText.Fold(t.Content).Contains(start, StringComparison.Ordinal)) is not { } task)
            {
                _notes.Add($"Không thấy nhiệm vụ “{row.Content[..40]}…” trong kết quả đọc.");
                continue;
            }

            _tasks[row.Key] = task.Id;
            foreach (var part in parts.Where(p => p.Task == task.Id).OrderBy(p => p.Role))
            {
                if (codes.TryGetValue(part.Unit!.Value, out var code)) _parts.TryAdd((row.Key, code), part.Id);
            }
        }
    }

    private async Task DoAsync(DemoDeed deed, DateOnly day, CancellationToken cancellationToken)
    {
        switch (deed)
        {
            case DemoReport report when Part(report.Row, report.Unit) is { } part: await ReportAsync(report, part, day, cancellationToken); break;
            case DemoReview review when Part(review.Row, review.Unit) is { } part && _reports.TryGetValue(part, out var report): await ReviewAsync(review, report, cancellationToken); break;
            case DemoExtensionAsked asked when Part(asked.Row, asked.Unit) is { } part:
                Keep(_extensions, asked.Row, await By(asked.Unit, turn => turn.Get<RequestExtension>().HandleAsync(
                    new RequestExtension.Request { Assignment = part, NewDue = issuedOn.AddDays(asked.NewDay), Reason = asked.Reason, Document = asked.Document }, cancellationToken)), deed);
                break;
            case DemoExtensionDecided decided when _extensions.TryGetValue(decided.Row, out var extension):
                Check(await As(DemoPeople.Leader, turn => turn.Get<DecideExtension>().HandleAsync(
                    new DecideExtension.Request { Extension = extension, Grant = decided.Granted, NewDue = decided.Granted ? issuedOn.AddDays(decided.NewDay) : null, Document = decided.Document, Text = decided.Text }, cancellationToken)), deed);
                break;
            case DemoObstacle obstacle when Part(obstacle.Row, obstacle.Unit) is { } part:
                var kind = obstacle.Kind switch { DemoObstacleKind.Budget => ObstacleKind.Budget, DemoObstacleKind.Quality => ObstacleKind.Quality, _ => ObstacleKind.Infrastructure };
                var raised = await By(obstacle.Unit, turn => turn.Get<RaiseObstacle>().HandleAsync(
                    new RaiseObstacle.Request { Assignment = part, Kind = kind, Level = obstacle.BeyondAuthority ? ObstacleLevel.ProvinceLeader : ObstacleLevel.StandingBody, Text = obstacle.Text }, cancellationToken));
                if (raised.IsGranted(out var receipt, out _)) _obstacles[obstacle.Row] = receipt.Obstacle;
                Check(raised, deed);
                break;
            case DemoObstacleAnswered answered when _obstacles.TryGetValue(answered.Row, out var obstacle):
                Check(await As(DemoPeople.StandingBody, turn => turn.Get<AnswerObstacle>().HandleAsync(new AnswerObstacle.Request { Obstacle = obstacle, Answer = answered.Text }, cancellationToken)), deed);
                break;
            case DemoFollowUp sent when _tasks.TryGetValue(sent.Row, out var task):
                Check(await As(DemoPeople.Office, turn => turn.Get<SendFollowUp>().HandleAsync(
                    new SendFollowUp.Request { Task = task, Level = sent.Urge ? FollowUpLevel.Urge : FollowUpLevel.Remind, Text = sent.Text, Document = sent.Document.Length > 0 ? sent.Document : null }, cancellationToken)), deed);
                break;
            case DemoMeasured measured when _tasks.TryGetValue(measured.Row, out var task):
                Check(await As(DemoPeople.StandingBody, turn => turn.Get<RecordMeasuredValue>().HandleAsync(
                    new RecordMeasuredValue.Request { Task = task, On = day, Value = measured.Percent, Provenance = measured.Provenance }, cancellationToken)), deed);
                break;
            case DemoFieldCheck check when _tasks.TryGetValue(check.Row, out var task):
                Check(await As(DemoPeople.StandingBody, turn => turn.Get<RecordFieldCheck>().HandleAsync(
                    new RecordFieldCheck.Request { Task = task, Unit = cast.Units[check.Unit].Id, Place = check.Place, On = day, Checklist = check.Checklist, Finding = check.Finding, FindingDue = issuedOn.AddDays(check.FindingDay) }, cancellationToken)), deed);
                break;
            case DemoIndicatorValue value when _indicators.TryGetValue(value.Code, out var node):
                Check(await As(DemoPeople.StandingBody, turn => turn.Get<KpiTree>().RecordAsync(new KpiTree.ActualRequest { Node = node, On = day, Value = value.Value, Source = value.Source }, cancellationToken)), deed);
                break;
            default: _notes.Add($"Bỏ qua: {deed}"); break;
        }
    }

    /// <summary>What stands before the story begins: the tree of indicators, and accounts in systems of others.</summary>
    private async Task FurnishAsync(CancellationToken cancellationToken)
    {
        foreach (var of in DemoFigures.Indicators)
        {
            var node = new KpiTree.NodeRequest
            {
                Parent = of.Parent is { } parent ? _indicators[parent] : null,
                Kind = of.Kind,
                Code = of.Code,
                Name = of.Name,
                Unit = of.Unit,
                Baseline = of.Baseline,
                Target = of.Target,
                Weight = of.Weight,
                LowerIsBetter = of.LowerIsBetter,
            };
            Keep(_indicators, of.Code, await As(DemoPeople.StandingBody, turn => turn.Get<KpiTree>().SaveAsync(node, cancellationToken)), of);
        }

        foreach (var system in DemoFigures.Systems) Check(await As(DemoPeople.Admin, turn => turn.Get<KeepExternalAccounts>().SetSystemAsync(system, cancellationToken)), system);
        foreach (var account in DemoFigures.Accounts(cast.Departments, issuedOn))
        {
            Check(await As(DemoPeople.Admin, turn => turn.Get<KeepExternalAccounts>().RecordAsync(account, cancellationToken)), account);
        }
    }

    private async Task ReportAsync(DemoReport report, AssignmentId part, DateOnly day, CancellationToken cancellationToken)
    {
        var unit = cast.Units[report.Unit];
        var result = await By(report.Unit, async turn =>
        {
            var slice = turn.Get<ReportProgress>();
            var proof = report.IsNil ? null : await ProofAsync(slice, report, unit.Name, day, cancellationToken);
            return await slice.HandleAsync(
                new ReportProgress.Request { Assignment = part, Percent = report.Percent, Narrative = report.Text, IsNil = report.IsNil, Submit = true, Evidence = proof is null ? [] : [proof] }, cancellationToken);
        });
        if (result.IsGranted(out var receipt, out _)) _reports[part] = receipt.Report;
        Check(result, report);
    }

    private static async Task<ReportProgress.EvidenceItem> ProofAsync(ReportProgress slice, DemoReport report, string unit, DateOnly day, CancellationToken cancellationToken)
    {
        // The same unit, row and day give the same number, so that every start makes the same province.
        var number = 100 + (((report.Day * 7) + (unit.Length * 31) + report.Row.Length) % 900);
        switch (report.Proof)
        {
            case DemoProof.File:
                {
                    using var bytes = new MemoryStream(DemoDocument.Report(unit, "Kết quả thực hiện nhiệm vụ", day, report.Text));
                    var blob = (await slice.AttachAsync(bytes, "bao-cao-ket-qua.docx", cancellationToken)).Expect();
                    return new() { Kind = EvidenceKind.File, Title = "Báo cáo kết quả (mô phỏng)", Sha256 = blob.Sha256, FileName = "bao-cao-ket-qua.docx", ContentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document" };
                }

            case DemoProof.Log:
                {
                    var log = new StringBuilder("ngay,so_luot,thanh_cong\n");
                    for (var i = 9; i >= 0; i--) log.Append(CultureInfo.InvariantCulture, $"{day.AddDays(-i):yyyy-MM-dd},{1200 + (i * 37 % 130)},{1190 + (i * 37 % 130)}\n");
                    using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(log.ToString()));
                    var blob = (await slice.AttachAsync(bytes, "trich-nhat-ky.csv", cancellationToken)).Expect();
                    return new() { Kind = EvidenceKind.LogExtract, Title = "Trích nhật ký 10 ngày (mô phỏng)", Sha256 = blob.Sha256, FileName = "trich-nhat-ky.csv", ContentType = "text/csv", Reference = "10 ngày gần nhất" };
                }

            case DemoProof.Link: return new() { Kind = EvidenceKind.Link, Title = "Trang dịch vụ dữ liệu (mô phỏng)", Reference = "https://dulieu.example.vn/dich-vu/doanh-nghiep" };
            default: return new() { Kind = EvidenceKind.DocumentNumber, Title = "Văn bản của đơn vị (mô phỏng)", Reference = $"{number}/BC", Issuer = unit, Dated = day };
        }
    }

    private async Task ReviewAsync(DemoReview review, ReportId report, CancellationToken cancellationToken)
    {
        // The standing body concludes on everybody else; on itself the province's office does.
        var reviewer = cast.Units[review.Unit].Id == cast.By(DemoPeople.StandingBody).Unit ? DemoPeople.Office : DemoPeople.StandingBody;
        var decision = review.Verdict switch { DemoVerdict.Return => ReviewDecision.Return, DemoVerdict.AskMore => ReviewDecision.AskMore, _ => ReviewDecision.Accept };
        Check(await As(reviewer, turn => turn.Get<ReviewReport>().HandleAsync(new ReviewReport.Request { Report = report, Decision = decision, Reason = review.Reason }, cancellationToken)), review);
    }

    /// <summary>Months that lie wholly between the issue and today, each closed on its fifth day after.</summary>
    private List<(string Period, DateOnly On)> ClosableMonths()
    {
        var months = new List<(string, DateOnly)>();
        for (var first = new DateOnly(issuedOn.Year, issuedOn.Month, 1).AddMonths(1); first.AddMonths(1).AddDays(4) < today; first = first.AddMonths(1))
        {
            months.Add((ReportingPeriod.Containing(PeriodKind.Month, first).ToString(), WorkDay(first.AddMonths(1).AddDays(4))));
        }

        return months;
    }

    private async Task CloseAsync((string Period, DateOnly On) month, CancellationToken cancellationToken)
    {
        clock.Set(month.On, new TimeOnly(17, 0));
        Check(await As(DemoPeople.Office, turn => turn.Get<ClosePeriod>().HandleAsync(month.Period, cancellationToken)), month);
        await services.GetRequiredService<JobLoop>().DrainAsync(cancellationToken);
    }

    /// <summary>Offices are closed on weekends; a deed that would fall there waits for Monday, unless that is still to come.</summary>
    private DateOnly WorkDay(DateOnly day)
    {
        var moved = day.DayOfWeek switch { DayOfWeek.Saturday => day.AddDays(2), DayOfWeek.Sunday => day.AddDays(1), _ => day };
        return moved < today ? moved : day < today ? day : today.AddDays(-1);
    }

    private AssignmentId? Part(string row, string unit) => _parts.TryGetValue((row, unit), out var part) ? part : null;

    private Task<T> By<T>(string unit, Func<Turn, Task<T>> deed) => DoAs(cast.For(cast.Units[unit].Id), deed);

    private Task<T> As<T>(string person, Func<Turn, Task<T>> deed) => DoAs(cast.By(person), deed);

    private async Task<T> DoAs<T>(CurrentUser person, Func<Turn, Task<T>> deed)
    {
        using var turn = Turn(person);
        return await deed(turn);
    }

    private Turn Turn(CurrentUser person)
    {
        var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<ActingPerson>().Current = person;
        return new Turn(scope);
    }

    private void Keep<T>(Dictionary<string, T> kept, string key, Result<T> result, object deed)
    {
        if (result.IsGranted(out var value, out _)) kept[key] = value;
        Check(result, deed);
    }

    private void Check<T>(Result<T> result, object deed)
    {
        if (result.Refusal is { } refusal) _notes.Add($"{refusal.Code} ({string.Join(", ", refusal.Arguments)}): {deed}");
    }
}

/// <summary>One person's turn: a scope in which the slices see them as the current user.</summary>
internal sealed class Turn(IServiceScope scope) : IDisposable
{
    public T Get<T>() where T : notnull => scope.ServiceProvider.GetRequiredService<T>();

    public void Dispose() => scope.Dispose();
}
