using System.Diagnostics;
using Xunit;

namespace LienThong.Journeys;

/// <summary>Waiting for something to be so, by asking often; how long is a limit, never a guess.</summary>
internal static class Waiting
{
    public static async Task UntilAsync(Func<Task<bool>> holds, string otherwise)
    {
        for (var limit = Stopwatch.StartNew(); limit.Elapsed < TimeSpan.FromMinutes(2);)
        {
            if (await holds()) return;
            await Task.Delay(50);
        }

        Assert.Fail(otherwise);
    }
}
