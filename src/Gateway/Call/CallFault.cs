using System.Collections.Frozen;
using System.Text;
using LienThong.Gateway.Log;

namespace LienThong.Gateway.Call;

/// <summary>Who has to repair it.</summary>
internal enum FaultSide
{
    /// <summary>The caller: its request, its credential, its pace.</summary>
    Caller,

    /// <summary>Nobody's machine: the agreement, the quota or the state of the service says no.</summary>
    Policy,

    /// <summary>The provider's system answered wrongly or not at all.</summary>
    Provider,

    /// <summary>The way between, or this gateway itself.</summary>
    Transport,
}

/// <summary>
/// One way in which the exchange says no. The code is for machines and never changes its meaning; the plain face sends it as a problem (RFC 9457) with a status of
/// its own, the X-Road face with the code of PR-REST and 500, or 400 where the code begins with <c>client.</c>.
/// </summary>
/// <param name="Code">Of the plain face.</param>
/// <param name="RoadCode">Of the X-Road face, dialect 7.8.</param>
internal sealed record CallFault(string Code, string RoadCode, int Status, FaultSide Side, string Title)
{
    public static readonly CallFault BadRequest = new("bad_request", "server.clientproxy.bad_request", 400, FaultSide.Caller, "The request does not follow the protocol");
    public static readonly CallFault InvalidRequest = new("invalid_request", "server.clientproxy.invalid_request", 400, FaultSide.Caller, "The address of the request cannot be read");
    public static readonly CallFault MissingHeader = new("missing_header", "server.clientproxy.missing_header", 400, FaultSide.Caller, "A mandatory header is absent");
    public static readonly CallFault InvalidHeader = new("invalid_header", "server.clientproxy.bad_request", 400, FaultSide.Caller, "A header is malformed");
    public static readonly CallFault InvalidClientIdentifier = new("invalid_client_identifier", "server.clientproxy.invalid_client_identifier", 400, FaultSide.Caller, "The client identifier is malformed");
    public static readonly CallFault InvalidProtocolVersion = new("invalid_protocol_version", "server.clientproxy.invalid_protocol_version", 400, FaultSide.Caller, "Only version 1 of the message protocol for REST is spoken here");
    public static readonly CallFault UnknownCaller = new("unknown_caller", "server.clientproxy.ssl_authentication_failed", 401, FaultSide.Caller, "The caller is not known by its certificate or token");
    public static readonly CallFault UnknownClient = new("unknown_member", "server.clientproxy.unknown_member", 404, FaultSide.Caller, "The client subsystem is not registered");
    public static readonly CallFault UnknownProvider = new("unknown_member", "server.clientproxy.unknown_member", 404, FaultSide.Caller, "The provider subsystem is not registered");
    public static readonly CallFault UnknownService = new("unknown_service", "server.serverproxy.unknown_service", 404, FaultSide.Caller, "No such service");
    public static readonly CallFault ServiceType = new("service_type", "server.serverproxy.service_type", 400, FaultSide.Caller, "The service is of another kind");
    public static readonly CallFault AccessDenied = new("access_denied", "server.serverproxy.access_denied", 403, FaultSide.Policy, "No agreement allows this call");
    public static readonly CallFault ServiceDisabled = new("service_disabled", "server.serverproxy.service_disabled", 503, FaultSide.Policy, "The service is switched off");
    public static readonly CallFault QuotaExceeded = new("quota_exceeded", "server.clientproxy.quota_exceeded", 429, FaultSide.Policy, "The quota is used up");
    public static readonly CallFault ServiceBusy = new("service_busy", "server.clientproxy.service_busy", 503, FaultSide.Provider, "As many calls are under way as the service takes");
    public static readonly CallFault RequestTooLarge = new("request_too_large", "server.clientproxy.request_too_large", 413, FaultSide.Caller, "The request is larger than the service takes");
    public static readonly CallFault RequestBroken = new("request_broken", "server.clientproxy.io_error", 400, FaultSide.Caller, "The request ended before it was whole");
    public static readonly CallFault IdempotencyKey = new("idempotency_key_invalid", "server.clientproxy.idempotency_key_invalid", 400, FaultSide.Caller, "The Idempotency-Key cannot be used");
    public static readonly CallFault IdempotencyReused = new("idempotency_key_reused", "server.clientproxy.idempotency_key_reused", 422, FaultSide.Caller, "The Idempotency-Key was used for another request");
    public static readonly CallFault IdempotencyRunning = new("idempotency_in_progress", "server.clientproxy.idempotency_in_progress", 409, FaultSide.Caller, "The first request with this Idempotency-Key is still under way");
    public static readonly CallFault IdempotencyUnknown = new("idempotency_outcome_unknown", "server.clientproxy.idempotency_outcome_unknown", 409, FaultSide.Transport, "The first request with this Idempotency-Key was cut off; ask the provider whether it took effect");
    public static readonly CallFault IdempotencyFull = new("idempotency_store_full", "server.clientproxy.idempotency_store_full", 503, FaultSide.Transport, "No more idempotency keys can be kept for now");
    public static readonly CallFault RoutesOutdated = new("routes_outdated", "server.clientproxy.global_conf_outdated", 503, FaultSide.Transport, "This gateway has no valid routes");
    public static readonly CallFault LoggingFailed = new("logging_failed", "server.clientproxy.logging_failed", 503, FaultSide.Transport, "The call cannot be put on record, so it is not carried");
    public static readonly CallFault TimestampingFailed = new("timestamping_failed", "server.clientproxy.timestamping_failed", 503, FaultSide.Transport, "The record of calls is without its witnesses or time-stamps for too long");
    public static readonly CallFault ServiceMissingUrl = new("service_missing_url", "server.serverproxy.service_missing_url", 502, FaultSide.Provider, "The provider has named no address");
    public static readonly CallFault UnknownHost = new("unknown_host", "server.serverproxy.service_failed.unknown_host", 502, FaultSide.Provider, "The name of the provider's system does not resolve");
    public static readonly CallFault NetworkError = new("network_error", "server.serverproxy.service_failed.network_error", 502, FaultSide.Provider, "The provider's system cannot be reached");
    public static readonly CallFault ProviderTimeout = new("provider_timeout", "server.serverproxy.service_failed.network_error", 504, FaultSide.Provider, "The provider's system took too long");
    public static readonly CallFault ProviderBroken = new("io_error", "server.serverproxy.service_failed.io_error", 502, FaultSide.Provider, "The provider's system broke off its answer");
    public static readonly CallFault ProviderMalformed = new("http_error", "server.serverproxy.service_failed.http_error", 502, FaultSide.Provider, "The provider's system answered something that is not HTTP");
    public static readonly CallFault ResponseTooLarge = new("response_too_large", "server.serverproxy.service_failed.response_too_large", 502, FaultSide.Provider, "The answer is larger than the service may send");
    public static readonly CallFault FieldsUnreadable = new("fields_unreadable", "server.serverproxy.service_failed.fields_unreadable", 502, FaultSide.Provider, "The agreement limits fields and the answer is no JSON that could be limited");
    public static readonly CallFault ForeignDenied = new("foreign_access_denied", "server.serverproxy.access_denied", 403, FaultSide.Policy, "The other exchange gives no right to this call");
    public static readonly CallFault ForeignQuota = new("foreign_quota_exceeded", "server.clientproxy.quota_exceeded", 503, FaultSide.Policy, "The limit of the other exchange is reached");
    public static readonly CallFault ForeignClosed = new("foreign_service_disabled", "server.serverproxy.service_disabled", 503, FaultSide.Policy, "The other exchange has switched the service off");
    public static readonly CallFault ForeignUnknown = new("foreign_service_unknown", "server.serverproxy.unknown_service", 502, FaultSide.Provider, "The other exchange does not know the service");
    public static readonly CallFault ForeignRefused = new("foreign_exchange_refused", "server.clientproxy.service_failed.foreign_exchange_refused", 502, FaultSide.Transport, "The other exchange does not take what this gateway says");
    public static readonly CallFault Inconsistent = new("inconsistent_response", "server.clientproxy.inconsistent_response", 502, FaultSide.Transport, "The answer does not belong to the request");
    public static readonly CallFault Internal = new("internal_error", "server.clientproxy.internal_error", 500, FaultSide.Transport, "The gateway failed");

    /// <summary>How the log counts it: not reached is the way's failure, wrongly answered the provider's.</summary>
    public CallOutcome Outcome => Side switch
    {
        FaultSide.Provider when this == NetworkError || this == UnknownHost || this == ProviderTimeout => CallOutcome.Transport,
        FaultSide.Provider when this == ServiceBusy => CallOutcome.Policy,
        FaultSide.Provider => CallOutcome.Provider,
        FaultSide.Transport => CallOutcome.Transport,
        _ when this == RequestBroken => CallOutcome.Caller,
        _ => CallOutcome.Policy,
    };

    public string SideName => Side switch
    {
        FaultSide.Caller => "caller",
        FaultSide.Policy => "policy",
        FaultSide.Provider => "provider",
        _ => "transport",
    };

    /// <summary>500 for the server's codes, 400 for the client's: so PR-REST, also where the plain face has a better word.</summary>
    public int RoadStatus => RoadCode.StartsWith("server.", StringComparison.Ordinal) ? 500 : 400;

    /// <summary>Words of 7.7.1 that do not follow from those of 7.8.</summary>
    private static readonly FrozenDictionary<string, string> OldWords = new Dictionary<string, string>
    {
        ["clientproxy"] = "ClientProxy",
        ["serverproxy"] = "ServerProxy",
        ["io_error"] = "IOError",
        ["hsm_non_operational"] = "HSMNonOperational",
        ["hashchain_unused_inputs"] = "HashChainUnusedInputs",
        ["token_readonly"] = "TokenReadOnly",
        ["global_conf_outdated"] = "OutdatedGlobalConf",
        ["unknown_host"] = "NetworkError",     // There was no word for it.
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The code in the dialect up to 7.7.1: <c>Server.ServerProxy.AccessDenied</c>.</summary>
    public static string OldDialect(string code)
    {
        var old = new StringBuilder(code.Length);
        foreach (var part in code.Split('.'))
        {
            if (old.Length > 0) old.Append('.');
            if (OldWords.TryGetValue(part, out var word))
            {
                old.Append(word);
                continue;
            }

            foreach (var syllable in part.Split('_')) old.Append(char.ToUpperInvariant(syllable[0])).Append(syllable, 1, syllable.Length - 1);
        }

        return old.ToString();
    }
}

/// <summary>A fault with what this call adds to it.</summary>
/// <param name="Detail">The exact deviation, in English for the developer; it never repeats a secret.</param>
/// <param name="Reason">One word more for machines, where one code has several causes.</param>
/// <param name="RetryAfterSeconds">When it is worth trying again; 0 when it is not a matter of time.</param>
internal sealed record CallRefusal(CallFault Fault, string Detail, string? Reason = null, int RetryAfterSeconds = 0);
