using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LienThong.Unit.Gateway;

/// <summary>Bytes in, bytes out: for requests and answers that a proper client or server would not make.</summary>
internal static class RawExchange
{
    /// <summary>Sends these bytes and reads until the other side closes.</summary>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // Reset after what was answered.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}

/// <summary>A provider that answers each connection with a script of the test's own.</summary>
internal sealed class RawProvider : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<NetworkStream, string, Task> _script;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;
    private int _requests;

    public RawProvider(Func<NetworkStream, string, Task> script)
    {
        _script = script;
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Requests => Volatile.Read(ref _requests);

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (!_end.IsCancellationRequested) open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException) { /* The test is over. */ }

        await Task.WhenAll(open);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            try
            {
                while (await ReadHeadAsync(stream) is { Length: > 0 } head)
                {
                    Interlocked.Increment(ref _requests);
                    await _script(stream, head);
                }
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException) { /* The gateway hung up. */ }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0) return "";
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    public static Task WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _loop;
        _end.Dispose();
    }
}
