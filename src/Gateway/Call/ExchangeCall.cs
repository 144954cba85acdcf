using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Forward;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace LienThong.Gateway.Call;

/// <summary>
/// One exchange call, from its first byte to its last, as a list: who, where, with what right, within what budget, is there room; put on record; carried;
/// put on record again; and only then is the answer's last byte let go.
/// </summary>
internal sealed class ExchangeCall(
    RouteTable routes, Callers callers, ExchangeLog log, Forwarder forward, IdempotencyStore idempotency, GatewayMeters meters, TimeProvider clock, ILogger logger, LogEvidence? evidence = null)
{
    /// <summary>States kept for the next calls; more than calls are ever under way on one node without queueing.</summary>
    private const int StatesKept = 1_024;

    private readonly ConcurrentQueue<CallState> _states = new();

    public async Task HandleAsync(HttpContext http, string target)
    {
        if (!_states.TryDequeue(out var call)) call = new CallState();
        call.Http = http;
        call.Target = target;
        call.Began = clock.GetTimestamp();
        call.Id = CallIds.Next(clock.GetUtcNow());
        try
        {
            var question = target.IndexOf('?', StringComparison.Ordinal);
            call.QueryFrom = question < 0 ? target.Length : question;
            call.IsSoap = SoapHeader.IsSoap(http.Request.Method, target.AsSpan(0, call.QueryFrom), http.Request.ContentType);
            var refusal = (call.IsSoap ? await ReadSoapAsync(call) : null) ?? Decide(call);
            if (refusal is not null && call.Budget.Short is not null) refusal = await WaitForShareAsync(call, refusal);
            if (refusal is not null) await RefuseAsync(call, refusal);
            else await CarryAsync(call);
        }
        catch (LogStoppedException stopped)
        {
            await AnswerAsync(call, new CallRefusal(CallFault.LoggingFailed, $"the evidence log stopped: {stopped.Reason}", RetryAfterSeconds: 5));
        }
        finally
        {
            call.Reset();
            if (_states.Count < StatesKept) _states.Enqueue(call);
            else call.Dispose();
        }
    }

    /// <summary>Everything that can be said without asking anybody: one snapshot for the whole call.</summary>
    private CallRefusal? Decide(CallState call)
    {
        var now = clock.GetUtcNow();
        var target = call.Target.AsSpan();
        var path = target[..call.QueryFrom];
        call.IsRoad = call.IsSoap || RoadRequest.IsRoad(target);

        if (routes.Current is not { } index || index.Snapshot.ValidUntil <= now) return new CallRefusal(CallFault.RoutesOutdated, "routes are missing or past their validity", RetryAfterSeconds: 10);
        call.Index = index;
        var method = call.Http.Request.Method;
        if (!IsKnownMethod(method)) return new CallRefusal(CallFault.BadRequest, $"the method '{Shown(method)}' is not carried");
        if (path.Length == 0 || path[0] != '/') return new CallRefusal(CallFault.InvalidRequest, "the address must begin with '/'");

        var headers = call.Http.Request.Headers;
        // Kestrel reads the chunks of a request that gives a length as well, and puts the length aside under this name. Somebody before it may have read the length.
        if (headers.TransferEncoding.Count > 0 && headers.ContainsKey("X-Content-Length")) return new CallRefusal(CallFault.BadRequest, "a length and chunks at once");
        var named = call.Soap?.Client;
        if (call.IsSoap)
        {
            call.RoadId = call.Soap!.Id;
        }
        else if (headers.TryGetValue("X-Road-Client", out var clients) && clients.Count > 0)
        {
            // Sent several times, the last one counts (PR-REST).
            if (!RoadRequest.TryReadIdentifier(clients[^1], 3, 4, out named)) return new CallRefusal(CallFault.InvalidClientIdentifier, "X-Road-Client must be instance/class/member/subsystem");
        }
        else if (call.IsRoad)
        {
            return new CallRefusal(CallFault.MissingHeader, "X-Road-Client is mandatory");
        }

        var roadIdentifier = call.Soap?.Service ?? "";
        ReadOnlySpan<char> rest = default;
        if (call.IsRoad && !call.IsSoap)
        {
            if (RoadRequest.Read(path, out roadIdentifier, out rest) is { } malformed) return malformed;
            if (CheckRoadHeaders(headers) is { } wrong) return wrong;
        }

        if (callers.Identify(call.Http, index, named, out var consumer, out var byToken) is { } unknown)
        {
            return call.IsRoad && named is not null && index.FindSubsystem(named) is null && unknown.Reason != "no_credential" ? new CallRefusal(CallFault.UnknownClient, $"client '{named}' is not registered here") : unknown;
        }

        (call.Consumer, call.IsByToken) = (consumer, byToken);

        Service? service;
        if (call.IsRoad)
        {
            service = index.ByRoadIdentifier(roadIdentifier);
            call.ServiceName = roadIdentifier;
            var provider = roadIdentifier.AsSpan(0, roadIdentifier.LastIndexOf('/'));
            if (service is null && index.FindSubsystem(provider) is null) return new CallRefusal(CallFault.UnknownProvider, $"provider '{provider}' is not registered");
        }
        else if (NationalRequest.Is(path))
        {
            if (NationalRequest.Read(index, call, out service) is { } unread) return unread;
            path = call.Target.AsSpan(0, call.QueryFrom);
            rest = path[call.RestFrom..];
        }
        else
        {
            service = index.ByPath(path, out rest);
        }

        if (service is null) return new CallRefusal(CallFault.UnknownService, "no service has this address");
        (call.Service, call.ServiceName) = (service, service.RoadIdentifier);
        call.RestFrom = path.Length - rest.Length;

        if (!CallPath.TryRead(rest, out var reading)) return new CallRefusal(CallFault.InvalidRequest, "the path climbs, has empty segments, or cannot be decoded in one way only");
        if (service.Entry.Kind is ServiceKind.Soap != call.IsSoap) return new CallRefusal(CallFault.ServiceType, call.IsSoap ? "the service is REST" : "the service is SOAP");

        if (call.IsSoap && service.Port is { CarriesSoap: false }) return new CallRefusal(CallFault.ServiceType, "SOAP is not carried to the exchange behind this service");

        if (!headers.TryGetValue("X-Road-Issue", out var issue)) headers.TryGetValue("Agreement-Number", out issue);
        var agreement = service.AgreementOf(consumer!.Identifier, issue.Count > 0 ? issue[^1] : default, now);
        if (agreement is null) return WhyNot(service, consumer, now);
        call.Dialect = agreement.Entry.Dialect;
        if (consumer.Entry.IsEnterprise && service.Entry.IsAgenciesOnly) return new CallRefusal(CallFault.AccessDenied, "the service is limited to agencies", "agencies_only");
        call.Agreement = agreement;
        // A SOAP service has one address; its right is the service itself.
        if (!call.IsSoap && !agreement.Allows(method, reading)) return new CallRefusal(CallFault.AccessDenied, $"the agreement does not allow {method} on this path", "endpoint");
        if (service.Entry.State is not ServiceState.Open) return new CallRefusal(CallFault.ServiceDisabled, service.Entry.Notice ?? "the service is switched off", service.Entry.State is ServiceState.Suspended ? "suspended" : "disabled");
        if (service.Upstreams.Length == 0 && service.Port is not PackagePort) return new CallRefusal(CallFault.ServiceMissingUrl, "the service has no address");
        if (call.Http.Request.ContentLength > service.Entry.MaxRequestBytes || call.Body.Length > service.Entry.MaxRequestBytes) return TooLarge(service);

        if (!call.IsSoap) call.RoadId = headers.TryGetValue("X-Road-Id", out var id) && id.Count > 0 ? id[^1] : null;
        if (agreement.Entry.NeedsReceipt && index.Snapshot.UnstampedHoursMax > 0 && evidence?.BehindSince is { } since && (now - since).TotalHours >= index.Snapshot.UnstampedHoursMax)
        {
            return new CallRefusal(CallFault.TimestampingFailed, $"the record of calls has waited for its witnesses or time-stamps since {since:O}, and the agreement needs a receipt", RetryAfterSeconds: 300);
        }

        if (log.Stopped is { } stop) return new CallRefusal(CallFault.LoggingFailed, $"the evidence log stopped: {stop}", RetryAfterSeconds: 5);
        if (!Admit.TryTake(agreement, clock.GetNanoseconds(), BudgetDay.Of(now), out call.Budget, out var level)) return OverQuota(call.Budget, level);
        return null;
    }

    /// <summary>The budget is not used up, only this node's share of it: more is on its way. Once for each level, and some times more while others are quicker.</summary>
    private async Task<CallRefusal?> WaitForShareAsync(CallState call, CallRefusal refusal)
    {
        const int Rounds = 8;
        for (var round = 0; round < Rounds && call.Budget.Short is { } share && await share.MoreAsync(call.Http.RequestAborted); round++)
        {
            if (Admit.TryTake(call.Agreement!, clock.GetNanoseconds(), BudgetDay.Of(clock.GetUtcNow()), out call.Budget, out var level)) return null;
            refusal = OverQuota(call.Budget, level);
        }

        return refusal;
    }

    /// <summary>What a SOAP message is about stands within it: its beginning is read before anything can be decided.</summary>
    private static async ValueTask<CallRefusal?> ReadSoapAsync(CallState call)
    {
        if (await Forwarder.ReadRequestAsync(call, long.MaxValue) is { } broken) return broken;
        var fault = SoapHeader.Read(call.Body.Memory, call.Http.Request.ContentType!, out var header);
        call.Soap = header;
        return fault;
    }

    private async Task CarryAsync(CallState call)
    {
        var service = call.Service!;
        if (!service.Slots.TryTake(service.Entry.ConcurrentMax))
        {
            await RefuseAsync(call, new CallRefusal(CallFault.ServiceBusy, $"{service.Entry.ConcurrentMax} calls are under way", RetryAfterSeconds: 1));
            return;
        }

        try
        {
            // A small body is read before the record is opened, so that a caller who stalls leaves no call of unknown outcome behind.
            if (!call.IsSoap && await Forwarder.ReadRequestAsync(call, service.Entry.MaxRequestBytes) is { } broken)
            {
                await RefuseAsync(call, broken);
                return;
            }

            var key = IdempotencyKey.None;
            if (call.Http.Request.Headers.TryGetValue("Idempotency-Key", out var keys) && !ExchangeLog.IsSafe(call.Http.Request.Method))
            {
                var earlier = await idempotency.BeginAsync(call, keys);
                if (earlier.Refusal is { } no)
                {
                    await RefuseAsync(call, no);
                    return;
                }

                if (earlier.Answer is { } answer)
                {
                    await ReplayAsync(call, answer);
                    return;
                }

                key = earlier.Key;
            }

            OpenCall open;
            try
            {
                open = await log.OpenAsync(Opening(call));
            }
            catch (LogStoppedException)
            {
                await idempotency.AbandonAsync(key, nothingLeft: true);
                throw;
            }

            log.UnderWay(1);
            try
            {
                await forward.SendAsync(call, open, key, this);
            }
            finally
            {
                log.UnderWay(-1);
            }
        }
        finally
        {
            service.Slots.Return();
        }
    }

    /// <summary>The evidence of the end: on disk when this returns.</summary>
    public Task CloseAsync(CallState call, OpenCall open, CallOutcome outcome, string? fault, int status)
    {
        var elapsed = clock.GetElapsedTime(call.Began);
        meters.Ended(outcome, elapsed);
        return log.CloseAsync(open, new CallClosing(outcome, fault, status, call.RequestBytes, call.ResponseBytes, (int)Math.Min(int.MaxValue, elapsed.TotalMilliseconds), call.Digests.Finish()));
    }

    /// <summary>A call that was under way ends with a fault of the exchange: recorded, then answered.</summary>
    public async Task FailAsync(CallState call, OpenCall open, CallRefusal refusal)
    {
        call.ResponseBytes = 0;
        await CloseAsync(call, open, refusal.Fault.Outcome, refusal.Fault.Code, call.IsRoad ? refusal.Fault.RoadStatus : refusal.Fault.Status);
        await AnswerAsync(call, refusal);
    }

    /// <summary>Headers that the exchange itself adds to an answer, after the provider's own, in the order of PR-REST.</summary>
    public static void AddExchangeHeaders(CallState call)
    {
        var headers = call.Http.Response.Headers;
        if (call.IsSoap) return;     // The envelope carries it all; of HTTP headers only two survive.
        if (call.IsRoad)
        {
            headers["x-road-id"] = call.RoadId ?? $"{call.Index.Snapshot.Instance}-{call.Id}";
            headers["x-road-client"] = call.Consumer!.HeaderValue;
            headers.Append("x-road-service", call.Service!.HeaderValue);
        }

        headers["x-road-request-id"] = call.Id.ToString();
        if (call.RequestHash is { } hash) headers["x-road-request-hash"] = hash;
        if (call.Budget.Budget is { } budget && (budget.HasRate || budget.Quota.QuotaPerDay > 0)) AddRateLimit(headers, call.Budget);
    }

    private async Task RefuseAsync(CallState call, CallRefusal refusal)
    {
        // A stranger is counted and no more: otherwise anybody could fill the disk of the log.
        if (call.Consumer is { } consumer)
        {
            if (refusal.Fault == CallFault.LoggingFailed)
            {
                // Nothing can be recorded, and nothing happened.
            }
            else if (consumer.Refusals.TryTake(clock.GetNanoseconds(), default, out _))
            {
                meters.Ended(refusal.Fault.Outcome, clock.GetElapsedTime(call.Began));
                await log.RefuseAsync(Opening(call), new CallClosing(refusal.Fault.Outcome, refusal.Fault.Code, call.IsRoad ? refusal.Fault.RoadStatus : refusal.Fault.Status, call.RequestBytes, 0, (int)clock.GetElapsedTime(call.Began).TotalMilliseconds, call.Digests.Finish()));
            }
            else
            {
                meters.RefusedUnrecorded();
            }
        }
        else
        {
            meters.Stranger();
        }

        await AnswerAsync(call, refusal);
    }

    private static async Task AnswerAsync(CallState call, CallRefusal refusal)
    {
        var http = call.Http;
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        if (call.Consumer is not null) http.Response.Headers["x-road-request-id"] = call.Id.ToString();
        if (refusal.Fault == CallFault.QuotaExceeded) AddRateLimit(http.Response.Headers, call.Budget);
        // A body that was announced and not read: the connection ends after the answer, or its bytes would be taken for the next request.
        if (refusal.Fault == CallFault.RequestTooLarge && http.Request.Protocol == HttpProtocol.Http11) http.Response.Headers.Connection = "close";
        if (!call.IsSoap)
        {
            await FaultAnswer.WriteAsync(http, refusal, call.Id, call.IsRoad, call.Dialect);
            return;
        }

        var fault = SoapHeader.Fault(refusal, call.Id, call.Dialect);
        http.Response.StatusCode = 500;
        http.Response.ContentType = "text/xml;charset=utf-8";
        http.Response.ContentLength = fault.Length;
        await http.Response.Body.WriteAsync(fault);
    }

    /// <summary>The answer that the first request with this key had.</summary>
    private async Task ReplayAsync(CallState call, IdempotentAnswer answer)
    {
        var open = await log.OpenAsync(Opening(call) with { UpstreamId = "idempotent-replay" });
        call.ResponseBytes = answer.Body.Length;
        call.Digests.Add(CallPart.ResponseBody, answer.Body);
        await CloseAsync(call, open, answer.Status < 400 ? CallOutcome.Success : answer.Status < 500 ? CallOutcome.Business : CallOutcome.Provider, "idempotent_replay", answer.Status);
        var response = call.Http.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) response.Headers.Append(name, value);
        response.Headers["Idempotent-Replayed"] = "true";
        AddExchangeHeaders(call);
        if (answer.Body.Length > 0 || answer.HasBody)
        {
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body);
        }
    }

    private static CallOpening Opening(CallState call) => new(
        call.Id, call.Consumer!.Identifier, call.Service?.Entry.Provider ?? "", call.ServiceName, call.Service?.Entry.Version ?? "", call.Agreement?.Entry.Number ?? "", call.Http.Request.Method, call.RoadId);

    private static CallRefusal WhyNot(Service service, Subsystem consumer, DateTimeOffset now)
    {
        var reason = "no_agreement";
        foreach (var agreement in service.Agreements)
        {
            if (agreement.Consumer != consumer) continue;
            reason = agreement.Entry.SuspendedFrom <= now ? "suspended" : now >= agreement.Entry.ValidUntil ? "expired" : "not_yet_valid";
        }

        return new CallRefusal(CallFault.AccessDenied, $"{consumer.Identifier} has no agreement in force for {service.RoadIdentifier} ({reason})", reason);
    }

    private static CallRefusal OverQuota(in BudgetAnswer budget, BudgetLevel level) => new(
        CallFault.QuotaExceeded,
        $"the {(budget.IsDay ? "daily quota" : "rate")} of the {level switch { BudgetLevel.Organisation => "agency", BudgetLevel.Subsystem => "system", _ => "agreement" }} is used up",
        budget.IsDay ? "day" : "rate",
        (int)Math.Clamp((budget.Nanoseconds + 999_999_999) / 1_000_000_000, 1, 86_400));

    public static CallRefusal TooLarge(Service service) => new(CallFault.RequestTooLarge, $"the service {service.RoadIdentifier} takes at most {service.Entry.MaxRequestBytes} bytes");

    /// <summary>draft-ietf-httpapi-ratelimit-headers: which policy, what is left (r), when it is whole again (t).</summary>
    private static void AddRateLimit(IHeaderDictionary headers, in BudgetAnswer answer)
    {
        if (answer.Budget is null) return;
        var budget = answer.Budget;
        var seconds = (answer.Nanoseconds + 999_999_999) / 1_000_000_000;
        headers["RateLimit-Policy"] = budget.PolicyHeader;
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{(answer.IsDay || !budget.HasRate ? "day" : "rate")}\";r={Math.Min(answer.Remaining, int.MaxValue)};t={seconds}");
    }

    /// <summary>Optional headers of PR-REST must be well formed when they are there.</summary>
    private static CallRefusal? CheckRoadHeaders(IHeaderDictionary headers)
    {
        if (headers.TryGetValue("X-Road-Security-Server", out var server) && !RoadRequest.TryReadIdentifier(server[^1], 4, 4, out _)) return new CallRefusal(CallFault.InvalidHeader, "X-Road-Security-Server must have four parts");
        if (headers.TryGetValue("X-Road-Represented-Party", out var party) && !RoadRequest.TryReadIdentifier(party[^1], 1, 2, out _)) return new CallRefusal(CallFault.InvalidHeader, "X-Road-Represented-Party must be [class/]code");
        return null;
    }

    private static bool IsKnownMethod(string method) => method is "GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" or "TRACE";

    private static string Shown(string text) => text.Length > 32 ? text[..32] : text;

    public ILogger Logger => logger;
}
