using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Unit.Plans;
using Xunit;
using static LienThong.Unit.Plans.Some;

namespace LienThong.Unit.Shared;

/// <summary>Parameters are effective-dated data with a basis (requirements §6); what a province sets is what the product does.</summary>
public sealed class ParameterTests
{
    [Fact]
    public void Every_default_is_a_value_its_own_form_accepts()
    {
        Assert.All(ParameterDefaults.All, p => Assert.True(p.Accepts(p.Value), p.Key));
        Assert.DoesNotContain(ParameterDefaults.All, p => p.Certainty is Certainty.Uncertain);
    }

    [Fact]
    public async Task A_value_set_for_a_period_moves_the_standing_of_tasks_and_ends_with_its_period()
    {
        await using var platform = await StartAsync();
        platform.Clock.Set(new DateOnly(2026, 12, 1));
        var plan = await platform.ConfirmedPlan(Plan([Some.Task(1, deadline: On(2026, 12, 20))]));
        var (task, _) = await platform.TaskNumber(plan, 1);
        async Task<TimeState> TimeAsync() => (await platform.As<FindTask>(Officer).HandleAsync(task, null, Cancellation)).Expect().Standing.Time;
        Assert.Equal(TimeState.InTime, await TimeAsync());

        (await platform.As<SetParameter>(Admin).HandleAsync(new() { Key = "task.due.soon.days", Value = "30", From = new(2026, 12, 1), To = new(2026, 12, 5), Basis = "Quyết định 12/QĐ-UBND" }, Cancellation)).Expect();
        Assert.Equal(TimeState.DueSoon, await TimeAsync());

        // The later row holds over the earlier; the history keeps both.
        (await platform.As<SetParameter>(Admin).HandleAsync(new() { Key = "task.due.soon.days", Value = "10", From = new(2026, 12, 1), Basis = "Quyết định 13/QĐ-UBND" }, Cancellation)).Expect();
        Assert.Equal(TimeState.InTime, await TimeAsync());
        var line = (await platform.As<FindParameters>(Admin).HandleAsync(new(2026, 12, 3), Cancellation)).Expect().Single(l => l.Default.Key == "task.due.soon.days");
        Assert.Equal(("10", "Quyết định 13/QĐ-UBND", 2), (line.Value, line.Basis, line.History.Count));
        Assert.Equal("7", (await platform.As<FindParameters>(Admin).HandleAsync(new(2026, 11, 30), Cancellation)).Expect().Single(l => l.Default.Key == "task.due.soon.days").Value);
    }

    [Theory]
    [InlineData("task.due.soon.days", "mot", "parameters.value.number")]
    [InlineData("task.due.soon.days", "0", "parameters.value.number")]
    [InlineData("task.remind.offsets", "-7,weekly", "parameters.value.DayOffsets")]
    [InlineData("task.remind.offsets", "-7,-7", "parameters.value.DayOffsets")]
    [InlineData("sec.mfa.roles", "Emperor", "parameters.value.Roles")]
    [InlineData("sec.mfa.roles", "7", "parameters.value.Roles")]
    [InlineData("report.three.indicators.cycle", "sometimes", "parameters.value.Cycle")]
    [InlineData("no.such.key", "1", "parameters.unknown")]
    public async Task What_the_product_could_not_use_is_refused_when_it_is_set(string key, string value, string code)
    {
        await using var platform = await StartAsync();
        Assert.Equal(code, (await platform.As<SetParameter>(Admin).HandleAsync(new() { Key = key, Value = value, From = new(2026, 12, 1), Basis = "Quyết định 12/QĐ-UBND" }, Cancellation)).Refusal?.Code);
        Assert.Equal("parameters.not-allowed", (await platform.As<SetParameter>(Officer).HandleAsync(new() { Key = key, Value = value, From = new(2026, 12, 1), Basis = "x" }, Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task A_value_needs_its_document_and_a_period_that_ends_after_it_begins()
    {
        await using var platform = await StartAsync();
        var request = new SetParameter.Request { Key = "task.review.days", Value = "4", From = new(2026, 12, 1), Basis = "Quyết định 12/QĐ-UBND" };
        Assert.Equal("parameters.basis-missing", (await platform.As<SetParameter>(Admin).HandleAsync(request with { Basis = "  " }, Cancellation)).Refusal?.Code);
        Assert.Equal("parameters.period-reversed", (await platform.As<SetParameter>(Admin).HandleAsync(request with { To = new(2026, 11, 1) }, Cancellation)).Refusal?.Code);
    }

    private static CurrentUser Admin { get; } = User(105, "Quản trị", FakeOrgUnits.Office, Role.PlatformAdmin);
}
