using System.Net;
using System.Security.Cryptography;
using LienThong.Gateway.Simulation;
using LienThong.Platform.Demo;
using LienThong.Platform.Storage;

namespace LienThong.Cli.Demo;

/// <summary>
/// The three simulated systems of the demo, each on a free port of this machine, and the calls they make to one another through the gateway: with their own keys,
/// their own agreements and now and then their own troubles.
/// </summary>
internal sealed partial class DemoExchangeRun(HostedGateway gateway, StorageOptions storage, TimeProvider clock, ILogger<DemoExchangeRun> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Who asks whom; a system that was closed takes no part any more.</summary>
    private const string Residence = "cu-tru", Land = "dat-dai", OneStop = "mot-cua", Budget = "tai-chinh-dat", Research = "tong-hop-khcn";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var servers = new List<IAsyncDisposable>();
        var held = new List<IDisposable>();
        try
        {
            var book = new DemoSystems(storage, clock);
            var systems = (await book.FindAsync(stoppingToken)).ToDictionary(s => s.Code);
            if (!systems.TryGetValue(Residence, out var residence) || !systems.TryGetValue(Land, out var land) || !systems.TryGetValue(OneStop, out var oneStop) || !systems.TryGetValue(Budget, out var budget) || !systems.TryGetValue(Research, out var research)
                || residence.Service is null || land.Service is null || oneStop.Service is null)
            {
                return;
            }

            var addresses = new Dictionary<string, Uri>();
            foreach (var (system, answers, weather) in new (DemoSystem, ISimulatedSystem, SimulatedWeather)[]
            {
                (residence, new ResidenceSystem(clock), new SimulatedWeather(SlowEvery: 61, SlowFor: TimeSpan.FromSeconds(5))),
                (land, new LandSystem(), new SimulatedWeather(ErrorEvery: 37, SlowEvery: 23, SlowFor: TimeSpan.FromSeconds(1))),
                (oneStop, new DossierSystem(clock), new SimulatedWeather()),
            })
            {
                var guard = new GatewayGuard(system.Identifier, () => gateway.Address, [], clock);
                held.Add(guard);
                var server = await StartAsync(answers, system.Service?.Address?.Port ?? 0, guard, weather, stoppingToken);
                servers.Add(server);
                addresses[system.Code] = server.Address;
            }

            foreach (var note in await book.PlaceAsync(addresses, stoppingToken)) NotPlaced(logger, note);
            while (gateway.State != "ok") await Task.Delay(LookEvery, clock, stoppingToken);
            SimulatedClient Client(DemoSystem system)
            {
                var key = DemoSystems.Key(storage, system.Code);
                var client = new SimulatedClient(system.Identifier, key, gateway.Address!, gateway.Issuer, clock);
                held.AddRange([client, key]);
                return client;
            }

            var services = new SimulatedServices(Of(residence.Service), Of(land.Service), Of(oneStop.Service));
            await new SimulatedTraffic(Client(oneStop), Client(budget), Client(research), services, clock).RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { /* The demo ends. */ }
        catch (Exception fault) when (fault is IOException or CryptographicException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            NotRunning(logger, fault);   // The pages go on without traffic.
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
            foreach (var thing in held) thing.Dispose();
        }
    }

    private static SimulatedService Of(DemoSystemService service) => new(service.Path, service.Identifier);

    /// <summary>Where it was registered the last time, or wherever there is room.</summary>
    private async Task<SimulatedServer> StartAsync(ISimulatedSystem system, int port, GatewayGuard guard, SimulatedWeather weather, CancellationToken cancellationToken)
    {
        var options = new SimulatedServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, port), Guard = guard, Weather = weather };
        try
        {
            return await SimulatedServer.StartAsync(system, options, clock, cancellationToken);
        }
        catch (IOException) when (port != 0)
        {
            return await SimulatedServer.StartAsync(system, options with { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, clock, cancellationToken);
        }
    }

    [LoggerMessage(8301, LogLevel.Warning, "A simulated system was not registered anew: {Note}")]
    private static partial void NotPlaced(ILogger log, string note);

    [LoggerMessage(8302, LogLevel.Error, "The simulated systems of the demo do not run")]
    private static partial void NotRunning(ILogger log, Exception why);
}
