using LienThong.Web.Shell;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace LienThong.Unit.Shell;

/// <summary>R-NFR-09: a burst of readers waits in a queue, not in half-made pages; who sends something never waits for them.</summary>
public sealed class PageTurnsTests
{
    private static DefaultHttpContext Request(string method, bool page = true, CancellationToken gone = default)
    {
        var http = new DefaultHttpContext { RequestAborted = gone };
        http.Request.Method = method;
        http.SetEndpoint(new Endpoint(null, page ? new EndpointMetadataCollection(new ComponentTypeMetadata(typeof(object))) : EndpointMetadataCollection.Empty, null));
        return http;
    }

    [Fact]
    public async Task Pages_are_drawn_a_few_at_a_time_and_in_order_while_forms_and_files_go_their_way()
    {
        var open = new TaskCompletionSource();
        var drawing = 0;
        using var turns = new PageTurns(http =>
        {
            Interlocked.Increment(ref drawing);
            return http.Request.Method == "GET" && http.GetEndpoint()!.Metadata.Count > 0 ? open.Task : Task.CompletedTask;
        });

        var pages = Enumerable.Range(0, PageTurns.AtOnce + 3).Select(_ => turns.InvokeAsync(Request("GET"))).ToList();
        Assert.Equal(PageTurns.AtOnce, drawing);
        await turns.InvokeAsync(Request("POST"));
        await turns.InvokeAsync(Request("GET", page: false));
        Assert.Equal(PageTurns.AtOnce + 2, drawing);

        // Who goes away while waiting leaves the queue; the others get their turn.
        using var gone = new CancellationTokenSource();
        var left = turns.InvokeAsync(Request("GET", gone: gone.Token));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        open.SetResult();
        await Task.WhenAll(pages);
        Assert.Equal(PageTurns.AtOnce + 5, drawing);
    }

    [Fact]
    public async Task A_page_that_fails_gives_its_turn_back()
    {
        using var turns = new PageTurns(_ => throw new InvalidOperationException("page"));
        for (var i = 0; i < PageTurns.AtOnce * 2; i++) await Assert.ThrowsAsync<InvalidOperationException>(() => turns.InvokeAsync(Request("GET")));
    }
}
