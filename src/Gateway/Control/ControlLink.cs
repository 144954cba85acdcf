using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Call;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Control;

/// <summary>
/// The line from a gateway to the control plane. Snapshots are signed, so the line cannot put in a right that was not given; answers about shares are signed for the
/// question they answer; and each question is signed by the node, for its method, address and body, within a minute. What the line can do is be silent.
/// </summary>
public sealed class ControlLink : IShareSource, IDisposable
{
    private const int AnswerBytesMax = 4 * 1024 * 1024;

    /// <summary>How long the control plane may hold a question for new routes; shorter than the patience of proxies.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly NodeIdentity _node;
    private readonly IReadOnlyList<ECDsa> _trusted;
    private readonly TimeProvider _clock;

    /// <param name="http">With the address of the control plane, the roots it is known by, and no limit of time of its own: a question for routes is held.</param>
    /// <param name="trusted">Keys that sign routes.</param>
    public ControlLink(HttpClient http, NodeIdentity node, IReadOnlyList<ECDsa> trusted, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(http);
        (_http, _node, _trusted, _clock) = (http, node, trusted, clock);
    }

    /// <summary>The newest snapshot when it is newer than that number; waits for one for some seconds. Null: there is none.</summary>
    public async Task<byte[]?> RoutesAsync(long than, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Hold + TimeSpan.FromSeconds(10));
        using var answer = await SendAsync(HttpMethod.Get, NodeCalls.Routes + "?than=" + than.ToString(CultureInfo.InvariantCulture) + "&hold=" + (int)Hold.TotalSeconds, [], patience.Token);
        if (answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified) return null;
        return await ReadAsync(answer, SnapshotEnvelope.BytesMax, patience.Token);
    }

    public async Task<ShareAnswer> AskAsync(ShareRequest request, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, ShareJson.Default.ShareRequest);
        using var answer = await SendAsync(HttpMethod.Post, NodeCalls.Shares, body, cancellationToken);
        var bytes = await ReadAsync(answer, AnswerBytesMax, cancellationToken);
        var signature = answer.Headers.TryGetValues(NodeCalls.SignatureHeader, out var values) ? values.Single() : "";
        if (!NodeCalls.IsAnswer(signature, body, bytes, _trusted)) throw new InvalidDataException("the answer about shares is not signed for this question");
        return JsonSerializer.Deserialize(bytes, ShareJson.Default.ShareAnswer) ?? throw new InvalidDataException("an empty answer about shares");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        if (method != HttpMethod.Get) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", NodeCalls.Sign(_node, method.Method, "/" + address, body, _clock.GetUtcNow()));
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, int bytesMax, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"answered {(int)answer.StatusCode}", null, answer.StatusCode);
        await answer.Content.LoadIntoBufferAsync(bytesMax, cancellationToken);
        return await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    public void Dispose()
    {
        _http.Dispose();
        _node.Dispose();
        foreach (var key in _trusted) key.Dispose();
    }
}

/// <summary>Who a gateway is to the control plane: an id it was given when it joined, and a key it made itself.</summary>
public sealed class NodeIdentity(Guid id, ECDsa key) : IDisposable
{
    public Guid Id => id;

    public ECDsa Key => key;

    public void Dispose() => key.Dispose();
}

/// <summary>How nodes and control plane speak: addresses, and signatures over what is said. Both ends read it here.</summary>
public static class NodeCalls
{
    public const string Join = "api/exchange/nodes/join";
    public const string Routes = "api/exchange/nodes/routes";
    public const string Shares = "api/exchange/nodes/shares";
    public const string SignatureHeader = "X-Answer-Signature";

    /// <summary>Clocks of machines differ; what is older was recorded by somebody.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>A statement that lives for a minute and holds for one method, address and body.</summary>
    public static string Sign(NodeIdentity node, string method, string address, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(node);
        var header = """{"alg":"ES256","typ":"node+jwt"}"""u8;
        return Jwt.Sign(node.Key, header, Statement(node.Id, method, address, body, now.ToUnixTimeSeconds()));
    }

    /// <summary>Whose statement it claims to be; nothing is proven by that yet.</summary>
    public static Guid? Claimed(string? authorization) =>
        authorization?.StartsWith(AccessTokens.Scheme, StringComparison.OrdinalIgnoreCase) is true && Jwt.Read(authorization.AsSpan(AccessTokens.Scheme.Length).Trim()) is { Type: "node+jwt", Subject: { } subject }
            && Guid.TryParse(subject, out var id) ? id : null;

    /// <summary>Whether that node said just this, just now.</summary>
    public static bool IsSaid(string authorization, Guid id, ECDsa key, string method, string address, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        if (Jwt.Read(authorization.AsSpan(AccessTokens.Scheme.Length).Trim()) is not { IssuedAt: { } at } token) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - at) > (long)Skew.TotalSeconds || !token.IsSignedBy(key)) return false;

        // One text for one statement: what was signed must be exactly what this request says.
        var middle = authorization.Split('.')[1];
        return middle == Base64Url.EncodeToString(Statement(id, method, address, body, at));
    }

    public static string SignAnswer(ECDsa key, ReadOnlySpan<byte> question, ReadOnlySpan<byte> answer)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SnapshotEnvelope.KeyId(key) + "." + Base64Url.EncodeToString(key.SignData(AnswerText(question, answer), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    public static bool IsAnswer(string signature, ReadOnlySpan<byte> question, ReadOnlySpan<byte> answer, IReadOnlyList<ECDsa> trusted)
    {
        ArgumentNullException.ThrowIfNull(signature);
        var dot = signature.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || trusted.FirstOrDefault(k => SnapshotEnvelope.KeyId(k) == signature[..dot]) is not { } key) return false;
        var bytes = new byte[64];
        return Base64Url.DecodeFromChars(signature.AsSpan(dot + 1), bytes, out _, out var written) is OperationStatus.Done && written == 64 &&
               key.VerifyData(AnswerText(question, answer), bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static byte[] AnswerText(ReadOnlySpan<byte> question, ReadOnlySpan<byte> answer) => [.. "lienthong-shares/v1\n"u8, .. SHA256.HashData(question), .. SHA256.HashData(answer)];

    private static byte[] Statement(Guid node, string method, string address, ReadOnlySpan<byte> body, long seconds) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $$"""{"sub":"{{node:D}}","iat":{{seconds}},"htm":"{{method}}","htu":"{{Uri.EscapeDataString(address)}}","hash":"{{Convert.ToHexStringLower(SHA256.HashData(body))}}"}"""));
}

/// <summary>How a gateway joins: with a code that is good once, it tells its public keys and learns which key signs routes.</summary>
/// <param name="Code">As the operator was given it; see <see cref="JoinCode"/>.</param>
/// <param name="Key">Public key of the node, PEM.</param>
/// <param name="TokenKey">Public key with which it signs access tokens, PEM.</param>
/// <param name="LogKey">The key its log is checked with, as a line.</param>
public sealed record JoinRequest(string Code, string Key, string TokenKey, string LogKey);

/// <param name="RouteKey">Public key that signs routes, PEM.</param>
public sealed record JoinAnswer(Guid Node, string RouteKey);

/// <summary>A one-time code with the fingerprint of whom it is for, so that the newcomer knows it speaks to the right one: <c>secret.fingerprint</c>.</summary>
public static class JoinCode
{
    /// <summary>A hundred and twenty bits, in letters that are not mistaken for each other.</summary>
    private const string Letters = "23456789abcdefghjkmnpqrstuvwxyz";

    public static string New(ReadOnlySpan<byte> fingerprint) => RandomNumberGenerator.GetString(Letters, 25) + "." + Convert.ToHexStringLower(fingerprint)[..16];

    /// <summary>What is kept of it.</summary>
    public static string HashOf(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("lienthong-code\n" + code.Trim())));
    }

    public static bool Names(string code, ReadOnlySpan<byte> fingerprint)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.Trim().EndsWith("." + Convert.ToHexStringLower(fingerprint)[..16], StringComparison.Ordinal);
    }

    public static byte[] FingerprintOf(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SHA256.HashData(key.ExportSubjectPublicKeyInfo());
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JoinRequest))]
[JsonSerializable(typeof(JoinAnswer))]
public sealed partial class JoinJson : JsonSerializerContext;
