using System.Text;
using System.Text.Json;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Call;

/// <summary>What Kestrel hands requests to: the few addresses that are the gateway's own, and everything else as an exchange call.</summary>
internal sealed class GatewayApplication(
    ExchangeCall calls, Callers callers, TokenEndpoint tokenEndpoint, AccessTokens tokens, RouteTable routes, ExchangeLog log, GatewayMeters meters, TimeProvider clock, ILogger logger, LogEvidence? evidence = null) : IHttpApplication<HttpContext>
{
    /// <summary>Kestrel keeps one context per connection for us, so a call does not make one.</summary>
    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is IHostContextContainer<HttpContext> container)
        {
            if (container.HostContext is DefaultHttpContext kept)
            {
                kept.Initialize(contextFeatures);
                return kept;
            }

            var fresh = new DefaultHttpContext(contextFeatures);
            container.HostContext = fresh;
            return fresh;
        }

        return new DefaultHttpContext(contextFeatures);
    }

    public void DisposeContext(HttpContext context, Exception? exception) => ((DefaultHttpContext)context).Uninitialize();

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        try
        {
            if (target.StartsWith("/oauth/", StringComparison.Ordinal) || target.StartsWith("/listClients", StringComparison.Ordinal) || target.StartsWith("/health", StringComparison.Ordinal) || target.StartsWith("/r1/", StringComparison.Ordinal))
            {
                var own = OwnAsync(context, target);
                if (own is not null)
                {
                    await own;
                    return;
                }
            }

            await calls.HandleAsync(context, target);
        }
        catch (Exception fault) when (fault is BadHttpRequestException or OperationCanceledException or IOException or Microsoft.AspNetCore.Connections.ConnectionAbortedException)
        {
            // The caller broke the protocol or went away; Kestrel answers what can still be answered.
            if (fault is BadHttpRequestException) throw;
            context.Abort();
        }
        catch (Exception fault)
        {
            GatewayLog.CallFailed(logger, fault, Guid.Empty);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            await FaultAnswer.WriteAsync(context, new CallRefusal(CallFault.Internal, "the fault is in the gateway's own log"), Guid.CreateVersion7(clock.GetUtcNow()), RoadRequest.IsRoad(target), ErrorDialect.Road78);
        }
    }

    private Task? OwnAsync(HttpContext http, string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        return path switch
        {
            "/oauth/token" => tokenEndpoint.HandleAsync(http),
            "/oauth/jwks" => SendAsync(http, 200, "application/jwk-set+json", tokens.KeySet(routes.Current)),
            "/health" or "/health/live" => SendAsync(http, 200, "application/json", "{\"status\":\"ok\"}"u8.ToArray()),
            "/health/ready" => ReadyAsync(http),
            "/listClients" => ListClientsAsync(http, question < 0 ? "" : target[question..]),
            _ when path.StartsWith("/r1/", StringComparison.Ordinal) => MetadataAsync(http, path, question < 0 ? "" : target[question..]),
            _ => null,
        };
    }

    /// <summary>Ready to take calls: valid routes, and a log that takes entries. A load balancer asks here.</summary>
    private Task ReadyAsync(HttpContext http)
    {
        var index = routes.Current;
        var hasRoutes = index is not null && index.Snapshot.ValidUntil > clock.GetUtcNow();
        var stopped = log.Stopped;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("status", hasRoutes && stopped is null ? "ok" : "unavailable");
            json.WriteNumber("routes", index?.Number ?? 0);
            if (index is not null) json.WriteString("routesValidUntil", index.Snapshot.ValidUntil);
            json.WriteString("log", stopped?.ToString() ?? "open");
            json.WriteNumber("calls", meters.EndedCount);
            if (evidence is not null)
            {
                // Behind is no reason to send callers elsewhere: other nodes ask the same witnesses.
                json.WriteString("evidence", evidence.Alarms.Count > 0 ? "forked" : evidence.BehindSince is null ? "ok" : "behind");
                if (evidence.BehindSince is { } since) json.WriteString("evidenceBehindSince", since);
            }

            json.WriteEndObject();
        }

        return SendAsync(http, hasRoutes && stopped is null ? 200 : 503, "application/json", stream.ToArray());
    }

    private Task ListClientsAsync(HttpContext http, string query)
    {
        if (!HttpMethods.IsGet(http.Request.Method)) return Refuse(http, new CallRefusal(CallFault.BadRequest, "listClients is asked with GET"));
        if (routes.Current is not { } index) return Refuse(http, new CallRefusal(CallFault.RoutesOutdated, "no routes", RetryAfterSeconds: 10));
        if (callers.Identify(http, index, null, out _, out _) is { } unknown)
        {
            meters.Stranger();
            return Refuse(http, unknown);
        }

        var instance = QueryHelpers.ParseQuery(query).TryGetValue("xRoadInstance", out var named) ? named.ToString() : null;
        var (body, type) = RoadMetadata.ListClients(index, instance, http.Request.Headers.Accept.ToString());
        return SendAsync(http, 200, type, body);
    }

    /// <summary>Null when the address names no metadata service, and the call is an ordinary one.</summary>
    private Task? MetadataAsync(HttpContext http, string path, string query)
    {
        var last = path.AsSpan(path.LastIndexOf('/') + 1);
        var name = Array.Find(RoadMetadata.Services, s => path.EndsWith("/" + s, StringComparison.Ordinal));
        if (name is null || !last.SequenceEqual(name) || RoadRequest.Read(path, out var identifier, out var rest) is not null || rest.Length > 0) return null;
        var provider = identifier[..identifier.LastIndexOf('/')];
        if (!HttpMethods.IsGet(http.Request.Method)) return Refuse(http, new CallRefusal(CallFault.AccessDenied, "metadata services are asked with GET"));
        if (routes.Current is not { } index || index.Snapshot.ValidUntil <= clock.GetUtcNow()) return Refuse(http, new CallRefusal(CallFault.RoutesOutdated, "no valid routes", RetryAfterSeconds: 10));
        var client = http.Request.Headers["X-Road-Client"];
        if (client.Count == 0) return Refuse(http, new CallRefusal(CallFault.MissingHeader, "X-Road-Client is mandatory"));
        if (!RoadRequest.TryReadIdentifier(client[^1], 3, 4, out var named)) return Refuse(http, new CallRefusal(CallFault.InvalidClientIdentifier, "X-Road-Client must be instance/class/member/subsystem"));
        if (callers.Identify(http, index, named, out var consumer, out _) is { } unknown)
        {
            meters.Stranger();
            return Refuse(http, unknown);
        }

        return AnswerMetadataAsync(http, index, name, provider, consumer!, query);
    }

    private async Task AnswerMetadataAsync(HttpContext http, RouteIndex index, string name, string provider, Subsystem consumer, string query)
    {
        // Metadata services skip the check of rights but are put on record like calls.
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var began = clock.GetTimestamp();
        CallRefusal? refusal = null;
        (byte[] Body, string Type) answer = ([], "");
        if (index.FindSubsystem(provider) is null)
        {
            refusal = new CallRefusal(CallFault.UnknownProvider, $"provider '{provider}' is not registered");
        }
        else if (name is "getOpenAPI")
        {
            var code = QueryHelpers.ParseQuery(query).TryGetValue("serviceCode", out var asked) ? asked.ToString() : "";
            var service = index.ByRoadIdentifier($"{provider}/{code}");
            if (code.Length == 0) refusal = new CallRefusal(CallFault.InvalidRequest, "serviceCode is missing");
            else if (service is null) refusal = new CallRefusal(CallFault.UnknownService, $"no service '{code}'");
            else if (service.Entry.Kind is not ServiceKind.Rest || service.Entry.Description is null) refusal = new CallRefusal(CallFault.ServiceType, "the service has no OpenAPI description");
            else answer = RoadMetadata.OpenApi(service);
        }
        else
        {
            answer = (RoadMetadata.ListMethods(index, provider, name is "allowedMethods" ? consumer : null, clock.GetUtcNow()), "application/json");
        }

        var opening = new CallOpening(id, consumer.Identifier, provider, $"{provider}/{name}", "", "", "GET");
        var closing = new CallClosing(refusal?.Fault.Outcome ?? CallOutcome.Success, refusal?.Fault.Code, refusal?.Fault.RoadStatus ?? 200, 0, answer.Body.Length, (int)clock.GetElapsedTime(began).TotalMilliseconds, default);
        if (consumer.Refusals.TryTake(clock.GetNanoseconds(), default, out _)) await log.CloseAsync(await log.OpenAsync(opening), closing);
        if (refusal is not null)
        {
            await Refuse(http, refusal);
            return;
        }

        var headers = http.Response.Headers;
        headers["x-road-id"] = http.Request.Headers.TryGetValue("X-Road-Id", out var given) && given.Count > 0 ? given[^1] : $"{index.Snapshot.Instance}-{id}";
        headers["x-road-client"] = consumer.HeaderValue;
        headers["x-road-service"] = $"{provider}/{name}";
        headers["x-road-request-id"] = id.ToString();
        await SendAsync(http, 200, answer.Type, answer.Body);
    }

    private Task Refuse(HttpContext http, CallRefusal refusal) => FaultAnswer.WriteAsync(http, refusal, Guid.CreateVersion7(clock.GetUtcNow()), isRoad: true, ErrorDialect.Road78);

    private static async Task SendAsync(HttpContext http, int status, string type, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(body);
    }
}
