using LienThong.Gateway.Routes;

namespace LienThong.Unit.Gateway;

/// <summary>Valid things of the exchange; a test changes only what it is about.</summary>
internal static class Some
{
    public const string Consumer = "VN-QNG/GOV/H48/mot-cua";
    public const string Provider = "VN-QNG/GOV/H48/dan-cu";

    public static RouteSnapshot Snapshot(long number, DateTimeOffset now, params string[] upstreams) => new()
    {
        Number = number,
        Instance = "VN-QNG",
        MadeAt = now,
        ValidUntil = now.AddDays(7),
        Subsystems =
        [
            new() { Identifier = Consumer, Organisation = "H48.05", Name = "One-stop shop", OrganisationName = "Centre" },
            new() { Identifier = Provider, Organisation = "H48.01", Name = "Residents", OrganisationName = "Police" },
        ],
        Services =
        [
            new()
            {
                Code = "dan-cu/tra-cuu",
                Version = "1.4.0",
                ServiceCode = "tra-cuu",
                Provider = Provider,
                Upstreams = upstreams.Length > 0 ? upstreams : ["http://127.0.0.1:9/"],
                Endpoints = [new("GET", "/nguoi/*"), new("POST", "/nguoi"), new("GET", "/ho/**")],
                TimeoutMs = 5_000,
            },
        ],
        Agreements =
        [
            new() { Number = "05/TT-QNG", Consumer = Consumer, Service = "dan-cu/tra-cuu", MajorVersion = 1, ValidFrom = now.AddDays(-1), ValidUntil = now.AddDays(30) },
        ],
    };
}
