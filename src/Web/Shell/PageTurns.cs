using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;

namespace LienThong.Web.Shell;

/// <summary>
/// Pages are drawn a few at a time, in the order they were asked for. Two hundred half-made pages are each as slow as all of them together and hold
/// the memory of all of them; two hundred requests in a queue hold next to nothing, and the first of them is answered at once. Only reading takes a
/// turn: what sends a file may take minutes to arrive. A page fits into the buffer of its connection (see the host), so nobody who reads slowly
/// keeps a turn.
/// </summary>
internal sealed class PageTurns(RequestDelegate next) : IDisposable
{
    /// <summary>Drawing is work of the processor with short waits for the database between.</summary>
    internal static readonly int AtOnce = Math.Max(8, 4 * Environment.ProcessorCount);

    private readonly SemaphoreSlim _turns = new(AtOnce);

    public void Dispose() => _turns.Dispose();

    public async Task InvokeAsync(HttpContext context)
    {
        var isPage = (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        if (!isPage)
        {
            await next(context);
            return;
        }

        await _turns.WaitAsync(context.RequestAborted);
        try
        {
            await next(context);
        }
        finally
        {
            _turns.Release();
        }
    }
}
