using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Plans.Import;
using Xunit;

namespace LienThong.Unit.Plans.Import;

public sealed class PlanExtractionTests
{
    /// <summary>Runs out of the time of a pattern so many times before it reads.</summary>
    private sealed class Slow(int times) : ISourceReader
    {
        private int _left = times;

        public Task<Result<SourceDocument>> ReadAsync(string path, CancellationToken cancellationToken) => _left-- > 0
            ? throw new RegexMatchTimeoutException("x", "x", TimeSpan.FromSeconds(2))
            : Task.FromResult<Result<SourceDocument>>(new SourceDocument(SourceFormat.Text, [new SourceParagraph(1, "KẾ HOẠCH")], 1, []));
    }

    [Fact]
    public async Task A_machine_that_was_busy_is_asked_again_and_a_file_that_takes_all_time_twice_is_refused_in_words()
    {
        Assert.Empty((await new PlanExtraction(new Slow(1)).ExtractAsync("x", TestContext.Current.CancellationToken)).Expect().Tasks);
        var refused = (await new PlanExtraction(new Slow(2)).ExtractAsync("x", TestContext.Current.CancellationToken)).Refusal!;
        Assert.Equal("plans.import.took-too-long", refused.Code);
        Assert.Contains("2 giây", ImportText.Of(refused.Code, refused.Arguments), StringComparison.Ordinal);
    }
}
