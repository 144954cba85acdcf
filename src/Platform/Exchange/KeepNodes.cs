using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using LienThong.Gateway.Control;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Exchange;

/// <summary>A gateway of the province: invited with a code that is good once, then known by the keys it made itself.</summary>
public sealed class GatewayNode
{
    public required GatewayNodeId Id { get; init; }

    /// <summary>What operators call it; unique.</summary>
    public required string Name { get; init; }
    public required string CodeHash { get; init; }
    public required DateTimeOffset InvitedAt { get; init; }
    public required DateTimeOffset CodeUntil { get; init; }
    public DateTimeOffset? JoinedAt { get; set; }

    /// <summary>PEM of the key it signs its questions with, and of the one it signs access tokens with.</summary>
    public string? PublicKey { get; set; }
    public string? TokenKey { get; set; }

    /// <summary>The line its sealed log is checked with.</summary>
    public string? LogKey { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>Invites gateways, lets them in once, serves them routes, and shuts them out again. Done from the command line of the control plane: whoever holds its data folder.</summary>
public sealed class KeepNodes(IDbContextFactory<PlatformDb> databases, ExchangeIndex index, PublishRoutes routes, RouteKey routeKey, TimeProvider clock, ILogger<KeepNodes> log) : IExchangeNodes
{
    /// <summary>A province has some gateways; a list of hundreds is a mistake of a script.</summary>
    private const int NodesMax = 200;

    /// <summary>Long enough to walk to the machine, short enough that a code left lying about is worth nothing.</summary>
    private static readonly TimeSpan CodeLife = TimeSpan.FromHours(24);

    /// <summary>How long a question for routes may be held.</summary>
    private static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(30);

    private const int NameMax = 80, BodyBytesMax = 64 * 1024;

    public sealed record Invitation(GatewayNodeId Node, string Code, DateTimeOffset Until);

    /// <summary>A code for one gateway. It is shown now and never again; what is kept is its digest.</summary>
    public async Task<Result<Invitation>> InviteAsync(string name, CurrentUser by, CancellationToken cancellationToken)
    {
        if (Typing.Need("Name", name, NameMax) is { } wrong) return wrong;
        name = VietnameseText.Clean(name);
        await using var work = await ExchangeWork.BeginAsync(databases, index, by, clock, cancellationToken);
        if (await work.Db.GatewayNodes.CountAsync(cancellationToken) >= NodesMax) return ExchangeRefusals.TooManyNodes(NodesMax);
        if (await work.Db.GatewayNodes.AnyAsync(n => n.Name == name, cancellationToken)) return ExchangeRefusals.NodeNameTaken(name);
        using var key = routeKey.Open();
        var invitation = new Invitation(StrongId.New<GatewayNodeId>(clock), JoinCode.New(JoinCode.FingerprintOf(key)), work.Now + CodeLife);
        work.Db.GatewayNodes.Add(new GatewayNode { Id = invitation.Node, Name = name, CodeHash = JoinCode.HashOf(invitation.Code), InvitedAt = work.Now, CodeUntil = invitation.Until });
        work.Audit("exchange.node.invited", "gateway-node", invitation.Node, after: new { name, invitation.Until });
        await work.CommitAsync(cancellationToken);
        return invitation;
    }

    public async Task<Result<JoinAnswer>> JoinAsync(JoinRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Pem(request.Key) is not { } own || Pem(request.TokenKey) is not { } token || !NoteKey.TryParse(request.LogKey, out var logKey)) return ExchangeRefusals.KeyNotP256;
        logKey.Dispose();
        var hash = JoinCode.HashOf(request.Code);
        await using var work = await ExchangeWork.BeginAsync(databases, index, CurrentUser.System, clock, cancellationToken);
        var node = await work.Db.GatewayNodes.SingleOrDefaultAsync(n => n.CodeHash == hash, cancellationToken);
        if (node is null || node.JoinedAt is not null || node.RevokedAt is not null || node.CodeUntil <= work.Now) return ExchangeRefusals.CodeNotGood;
        (node.JoinedAt, node.PublicKey, node.TokenKey, node.LogKey) = (work.Now, own, token, request.LogKey.Trim());
        work.ChangesRights();
        work.Audit("exchange.node.joined", "gateway-node", node.Id, after: new { node.Name, request.LogKey });
        await work.CommitAsync(cancellationToken);
        log.NodeJoined(node.Name, node.Id.Value);
        using var key = routeKey.Open();
        return new JoinAnswer(node.Id.Value, key.ExportSubjectPublicKeyInfoPem());
    }

    public async Task<Result<Done>> RevokeAsync(string name, CurrentUser by, CancellationToken cancellationToken)
    {
        await using var work = await ExchangeWork.BeginAsync(databases, index, by, clock, cancellationToken);
        if (await work.Db.GatewayNodes.SingleOrDefaultAsync(n => n.Name == name && n.RevokedAt == null, cancellationToken) is not { } node) return ExchangeRefusals.UnknownNode;
        node.RevokedAt = work.Now;
        work.ChangesRights();
        work.Audit("exchange.node.revoked", "gateway-node", node.Id, after: new { name });
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }

    public async Task<IReadOnlyList<GatewayNodeView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var seen = await db.ShareNodes.AsNoTracking().ToDictionaryAsync(n => n.Id, n => n.SeenAt, cancellationToken);
        return [.. (await db.GatewayNodes.AsNoTracking().Where(n => n.JoinedAt != null).OrderBy(n => n.Name).Take(NodesMax).ToListAsync(cancellationToken))
            .Select(n => new GatewayNodeView(n.Id, n.Name, n.LogKey!, n.JoinedAt!.Value, seen.TryGetValue(n.Id.Value, out var at) ? at : null, n.RevokedAt))];
    }

    internal static async Task<IReadOnlyList<JwtKeyEntry>> TokenKeysAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var keys = await db.GatewayNodes.AsNoTracking().Where(n => n.JoinedAt != null && n.RevokedAt == null).OrderBy(n => n.Id).Select(n => n.TokenKey!).ToListAsync(cancellationToken);
        return [.. keys.Select(k =>
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(k);
            var q = key.ExportParameters(false).Q;
            return new JwtKeyEntry { Kid = "", X = Base64Url.EncodeToString(q.X), Y = Base64Url.EncodeToString(q.Y) };
        })];
    }

    /// <summary>The node that said this, or null: unknown, shut out, or not said by it for this address and body.</summary>
    internal async Task<GatewayNodeId?> WhoAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (NodeCalls.Claimed(authorization) is not { } id) return null;
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        var nodeId = new GatewayNodeId(id);
        var pem = await db.GatewayNodes.AsNoTracking().Where(n => n.Id == nodeId && n.JoinedAt != null && n.RevokedAt == null).Select(n => n.PublicKey).SingleOrDefaultAsync(http.RequestAborted);
        if (pem is null) return null;
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        if (NodeCalls.IsSaid(authorization, id, key, http.Request.Method, http.Request.Path + http.Request.QueryString, body.Span, clock.GetUtcNow())) return nodeId;
        log.NodeRefused("a statement that is not its own, or not of this minute");
        return null;
    }

    internal static async Task<byte[]?> BodyAsync(HttpContext http, int bytesMax)
    {
        if (http.Request.ContentLength is not { } length || length > bytesMax) return null;
        var body = new byte[length];
        await http.Request.Body.ReadExactlyAsync(body, http.RequestAborted);
        return body;
    }

    internal static async Task<IResult> Join(HttpContext http, KeepNodes slice)
    {
        JoinRequest? request = null;
        try
        {
            if (await BodyAsync(http, BodyBytesMax) is { } body) request = JsonSerializer.Deserialize(body, JoinJson.Default.JoinRequest);
        }
        catch (Exception broken) when (broken is JsonException or EndOfStreamException) { /* No request. */ }

        if (request is not { Code: not null, Key: not null, TokenKey: not null, LogKey: not null }) return Results.BadRequest();
        var answer = await slice.JoinAsync(request, http.RequestAborted);
        return answer.IsGranted(out var joined, out var refusal) ? Results.Json(joined, JoinJson.Default.JoinAnswer) : refusal.AsProblem();
    }

    internal static async Task<IResult> Routes(HttpContext http, long than, int? hold, KeepNodes slice, IHostApplicationLifetime host)
    {
        if (http.Request.Headers.Authorization.Count == 0) return Results.BadRequest();
        if (await slice.WhoAsync(http, default) is null) return Results.Unauthorized();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping);
        try
        {
            var wait = TimeSpan.FromSeconds(Math.Clamp(hold ?? 0, 0, (int)HoldMax.TotalSeconds));
            var newest = await slice.NewerAsync(than, wait, end.Token);
            if (newest is null) return Results.NoContent();
            http.Response.Headers.ETag = $"\"{newest.Number}\"";
            return Results.Bytes(newest.Envelope, "application/octet-stream");
        }
        catch (OperationCanceledException) when (host.ApplicationStopping.IsCancellationRequested) { return Results.NoContent(); }
    }

    private Task<RouteEnvelope?> NewerAsync(long than, TimeSpan wait, CancellationToken cancellationToken) => routes.WaitNewerAsync(than, wait, cancellationToken);

    /// <summary>A public key on P-256 in one form; null for anything else, a private key above all.</summary>
    private static string? Pem(string text)
    {
        try
        {
            if (!PemEncoding.TryFind(text, out var fields) || text[fields.Label] != "PUBLIC KEY") return null;
            using var key = ECDsa.Create();
            key.ImportFromPem(text);
            return key.KeySize == 256 && key.ExportParameters(false).Curve.Oid.Value == "1.2.840.10045.3.1.7" ? key.ExportSubjectPublicKeyInfoPem() : null;
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException) { return null; }
    }
}
