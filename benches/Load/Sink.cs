using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LienThong.Load;

/// <summary>A provider of large things: counts what it is sent, and sends as many bytes as the path says.</summary>
internal static class Sink
{
    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = null;
            k.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Run(async http =>
        {
            var piece = new byte[64 * 1024];
            if (HttpMethods.IsPost(http.Request.Method))
            {
                var total = 0L;
                for (int count; (count = await http.Request.Body.ReadAsync(piece)) > 0;) total += count;
                await http.Response.WriteAsync(total.ToString(CultureInfo.InvariantCulture));
                return;
            }

            for (var left = long.Parse(http.Request.Path.Value![1..], CultureInfo.InvariantCulture); left > 0; left -= piece.Length) await http.Response.Body.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)));
        });
        await app.RunAsync();
        return 0;
    }
}

/// <summary>So many zero bytes, which do not tell how many they are.</summary>
internal sealed class Zeros(long length) : Stream
{
    private long _left = length;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var given = (int)Math.Min(count, _left);
        _left -= given;
        return given;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
