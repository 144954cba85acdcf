using System.Globalization;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LienThong.Gateway.Control;
using LienThong.Gateway.Log;

namespace LienThong.Cli;

/// <summary>How a gateway comes to know its control plane: once with a code, from then on with what it wrote down.</summary>
internal static class ControlJoin
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="InvalidDataException">There is neither a code nor what an earlier one left, or the other side is not the one the code names.</exception>
    public static async Task<(ControlLink Link, IReadOnlyList<ECDsa> RouteKeys)> OpenAsync(
        string folder, Uri control, X509Certificate2Collection roots, string? code, IReadOnlyList<ECDsa> routeKeys, ECDsa tokenKey, string logKey, CancellationToken cancellationToken)
    {
        var key = KeyFile.LoadOrCreate(Path.Combine(folder, "node-key.pem"));
        var http = Http(control, roots);
        var (idFile, routeFile) = (Path.Combine(folder, "node.id"), Path.Combine(folder, "routes.pub.pem"));
        if (!File.Exists(idFile))
        {
            if (string.IsNullOrWhiteSpace(code)) throw new InvalidDataException("Cổng này chưa vào mạng: cần --join MÃ (lienthong node invite trên máy chủ điều khiển).");
            var joined = await JoinAsync(http, new JoinRequest(code.Trim(), key.ExportSubjectPublicKeyInfoPem(), tokenKey.ExportSubjectPublicKeyInfoPem(), logKey), cancellationToken);
            DurableFile.Write(routeFile, System.Text.Encoding.ASCII.GetBytes(joined.RouteKey + "\n"));
            DurableFile.Write(idFile, System.Text.Encoding.ASCII.GetBytes(joined.Node.ToString("D", CultureInfo.InvariantCulture) + "\n"));
        }

        if (routeKeys.Count == 0) routeKeys = [PublicKey(await File.ReadAllTextAsync(routeFile, cancellationToken))];
        var node = new NodeIdentity(Guid.Parse((await File.ReadAllTextAsync(idFile, cancellationToken)).Trim(), CultureInfo.InvariantCulture), key);
        return (new ControlLink(http, node, routeKeys, TimeProvider.System), routeKeys);
    }

    private static async Task<JoinAnswer> JoinAsync(HttpClient http, JoinRequest request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);

        // With its length: the other side reads no body whose length it does not know.
        using var body = new ByteArrayContent(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(request, JoinJson.Default.JoinRequest)) { Headers = { ContentType = new("application/json") } };
        using var answer = await http.PostAsync(new Uri(NodeCalls.Join, UriKind.Relative), body, patience.Token);
        if (!answer.IsSuccessStatusCode) throw new InvalidDataException($"Máy chủ điều khiển không nhận mã này ({(int)answer.StatusCode}): sai, đã dùng hoặc quá hạn.");
        var joined = await answer.Content.ReadFromJsonAsync(JoinJson.Default.JoinAnswer, patience.Token) ?? throw new InvalidDataException("Máy chủ điều khiển trả lời rỗng.");
        using var routeKey = PublicKey(joined.RouteKey);
        return JoinCode.Names(request.Code, JoinCode.FingerprintOf(routeKey)) ? joined : throw new InvalidDataException("Nơi trả lời không phải máy chủ điều khiển mà mã nêu: dừng lại và báo người cấp mã.");
    }

    public static HttpClient Http(Uri address, X509Certificate2Collection roots)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(10) };
        if (roots.Count > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(roots);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return new HttpClient(handler) { BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public static ECDsa PublicKey(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }
}
