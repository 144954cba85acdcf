using System.Net;
using System.Security.Cryptography;
using LienThong.Gateway.Log;
using LienThong.Gateway.Simulation;
using LienThong.Platform.Exchange;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform.Demo;

/// <summary>One simulated system of the register, for whoever runs it.</summary>
/// <param name="Code">Of the subsystem: <c>dat-dai</c>.</param>
/// <param name="Identifier">As the gateway knows it.</param>
/// <param name="Service">The service it offers: its path, its five-part identifier and where it is registered to listen; null for one that only asks.</param>
public sealed record DemoSystem(string Code, string Identifier, DemoSystemService? Service);

public sealed record DemoSystemService(string Path, string Identifier, Uri? Address);

/// <summary>
/// Ties the simulated systems of the register to those that run: each has a key of its own in the data folder, whose public half is registered, and
/// its service the address at which it listens today. Done through the slices, as an agency would.
/// </summary>
public sealed class DemoSystems(StorageOptions storage, TimeProvider clock)
{
    internal const string KeyLabel = "Máy chủ mô phỏng";

    /// <summary>Short, so that a slow answer is seen as what it is.</summary>
    internal const int TimeoutMilliseconds = 3_000;

    /// <summary>Who keeps each system, as the story has it (<see cref="DemoExchange"/>).</summary>
    private static readonly (string Code, string Keeper, string Steward)[] Known =
    [
        ("cu-tru", "chuquan.ca", "quantri.ca"),
        ("dat-dai", "chuquan", "quantridulieu"),
        ("mot-cua", "thutruong.motcua", "thutruong.motcua.dl"),
        ("tai-chinh-dat", "thutruong.tc", ""),
        ("tong-hop-khcn", "thutruong.khcn", ""),
    ];

    /// <summary>The private key of a simulated system; made on first use, for the owner of the folder only.</summary>
    public static ECDsa Key(StorageOptions storage, string code)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return KeyFile.LoadOrCreate(Path.Combine(storage.KeyFolder, "mo-phong", code + ".pem"));
    }

    /// <summary>The simulated systems as they are registered; none in a store that has none.</summary>
    public async Task<IReadOnlyList<DemoSystem>> FindAsync(CancellationToken cancellationToken)
    {
        await using var services = DemoSeed.Services(storage, clock);
        var book = await services.GetRequiredService<ExchangeIndex>().CurrentAsync(cancellationToken);
        var instance = services.GetRequiredService<ExchangeOptions>().Instance;
        return [.. from known in Known let subsystem = Find(book, known.Code) where subsystem is not null select Describe(book, subsystem, instance)];
    }

    /// <summary>Registers keys that are not known yet and addresses that moved; what a person withdrew stays withdrawn.</summary>
    /// <returns>What could not be done, in codes.</returns>
    public async Task<IReadOnlyList<string>> PlaceAsync(IReadOnlyDictionary<string, Uri> addresses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        await using var services = DemoSeed.Services(storage, clock);
        var today = WorkCalendar.Today(clock);
        var cast = new DemoCast(services);
        await cast.RecallAsync(await services.GetRequiredService<IOrgUnits>().TreeAsync(today, cancellationToken), cancellationToken);
        var notes = new List<string>();
        foreach (var (code, keeper, steward) in Known)
        {
            var book = await services.GetRequiredService<ExchangeIndex>().CurrentAsync(cancellationToken);
            if (Find(book, code) is not { } subsystem) continue;
            using var key = Key(storage, code);
            if (book.Credentials.Of(subsystem.Id).All(c => c.Thumbprint != SimulatedClient.KidOf(key)))
            {
                using var scope = As(services, cast, keeper);
                var added = await scope.ServiceProvider.GetRequiredService<KeepSubsystems>().AddCredentialAsync(
                    new() { Subsystem = subsystem.Id, Kind = CredentialKind.Jwk, Key = SimulatedClient.JwkOf(key), Label = KeyLabel, ValidFrom = today, ValidUntil = today.AddDays(365) }, cancellationToken);
                if (added.Refusal is { } no) notes.Add($"{code}: {no.Code}");
            }

            if (steward.Length == 0 || !addresses.TryGetValue(code, out var address) || book.Services.Values.FirstOrDefault(s => s.Provider == subsystem.Id) is not { } service) continue;
            var said = book.Of(service.Id);
            var wanted = address.GetLeftPart(UriPartial.Authority);

            // Somebody may have pointed the service elsewhere to try something; only an address of this machine is ours to move.
            if (said.Upstreams.Contains(wanted) || !said.Upstreams.All(IsOwn)) continue;
            using var own = As(services, cast, steward);
            var moved = await own.ServiceProvider.GetRequiredService<KeepServices>().HandleAsync(Moved(service, said, wanted), cancellationToken);
            if (moved.Refusal is { } refusal) notes.Add($"{code}: {refusal.Code}");
        }

        return notes;
    }

    private static KeepServices.Request Moved(DataService service, ServiceRevision said, string address) => new()
    {
        Id = service.Id,
        Version = service.Version,
        Code = service.Code,
        ServiceCode = service.ServiceCode,
        Provider = service.Provider,
        Name = said.Name,
        Dataset = said.Dataset,
        Method = said.Method,
        Audience = said.Audience,
        IsVerificationOnly = said.IsVerificationOnly,
        Quality = said.Quality,
        ServiceLevel = said.ServiceLevel,
        Contact = said.Contact,
        Regulation = said.Regulation,
        Upstreams = [address],
        TimeoutMilliseconds = said.TimeoutMilliseconds,
        RequestBytesMax = said.RequestBytesMax,
        ResponseBytesMax = said.ResponseBytesMax,
        RetriesIdempotent = said.RetriesIdempotent,
        Adapter = said.Adapter,
        AdapterClient = said.AdapterClient,
        AdapterTarget = said.AdapterTarget,
        AdapterAddress = said.AdapterAddress,
        AdapterSecret = said.AdapterSecret,
    };

    private static Subsystem? Find(ExchangeBook book, string code) => book.Subsystems.Values.FirstOrDefault(s => s.Code == code && SubsystemStanding.IsOpen(book, s) && book.Of(s.System).IsSimulated);

    private static DemoSystem Describe(ExchangeBook book, Subsystem subsystem, string instance)
    {
        var service = book.Services.Values.FirstOrDefault(s => s.Provider == subsystem.Id);
        return new DemoSystem(
            subsystem.Code, subsystem.Identifier(instance),
            service is null ? null : new DemoSystemService(service.Code, $"{subsystem.Identifier(instance)}/{service.ServiceCode}", book.Of(service.Id).Upstreams.FirstOrDefault(IsOwn) is { } own ? new Uri(own) : null));
    }

    private static bool IsOwn(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && IPAddress.TryParse(uri.Host, out var ip) && IPAddress.IsLoopback(ip);

    private static IServiceScope As(ServiceProvider services, DemoCast cast, string person)
    {
        var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<ActingPerson>().Current = cast.By(person);
        return scope;
    }
}
