using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LienThong.Journeys.Gateway;

/// <summary>Any file server, for a log that is read over HTTP.</summary>
internal sealed class FileSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileSite(WebApplication app, string address) => (_app, Address) = (app, address);

    public string Address { get; }

    public static async Task<FileSite> ServeAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            var file = Path.GetFullPath(Path.Combine(folder, http.Request.Path.Value!.TrimStart('/')));
            if (file.StartsWith(folder, StringComparison.Ordinal) && File.Exists(file)) await http.Response.SendFileAsync(file);
            else http.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        await app.StartAsync();
        return new FileSite(app, app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
