using System.Net;

namespace LienThong.Gateway.Simulation;

/// <summary>
/// What the three systems say to one another all day: mostly what is agreed, on both faces; now and then a number that does not exist, a call that no agreement
/// allows. One call at a time, so that whatever happens to the gateway, no more than one waits.
/// </summary>
/// <param name="OneStop">Has agreements for residence and land.</param>
/// <param name="Budget">Has an agreement for land, none for residence.</param>
/// <param name="Research">Has none.</param>
public sealed class SimulatedTraffic(SimulatedClient OneStop, SimulatedClient Budget, SimulatedClient Research, SimulatedServices Services, TimeProvider clock)
{
    /// <summary>Between two calls; a demo is to be lively, not loaded.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(600);

    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);

    private long _calls;

    public long Calls => Interlocked.Read(ref _calls);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var step = 0; !cancellationToken.IsCancellationRequested; step++)
        {
            var pause = Pause;
            try
            {
                await StepAsync(step, cancellationToken);
                Interlocked.Increment(ref _calls);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                pause = PauseAfterFault;   // The gateway is away; agencies try again too.
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The same step is the same call in every run.</summary>
    internal Task<HttpStatusCode> StepAsync(int step, CancellationToken cancellationToken)
    {
        var mixed = SimulatedPeople.Mix(step);
        var isRoad = (mixed & 3) == 0;
        var commune = (int)((mixed >> 8) % SimulatedPeople.Communes);
        var parcel = "/thua-dat/" + LandSystem.Code(commune, 1 + (int)((mixed >> 16) % LandSystem.Maps), 1 + (int)((mixed >> 24) % LandSystem.ParcelsOfMap));
        return (step % 40) switch
        {
            7 => Ask(Research, Services.Land, "/thua-dat/MP001-1-1", isRoad, cancellationToken),                                                        // no agreement
            17 => Verify(Budget, 3, matches: true, isRoad, cancellationToken),                                                                            // was refused
            27 => Ask(OneStop, Services.Land, "/thua-dat/MP001-1-9999", isRoad, cancellationToken),                                                      // no such parcel
            33 => Ask(OneStop, Services.Dossier, "/ho-so/" + DossierSystem.Code(1 + (int)((mixed >> 40) % DossierSystem.Count)), isRoad, cancellationToken),   // of its own service no agreement speaks
            var n when n % 5 == 2 => Ask(Budget, Services.Land, parcel, isRoad, cancellationToken),
            var n when n % 5 == 4 => Ask(OneStop, Services.Land, $"/thua-dat?soTo={SimulatedServer.Number(1 + (int)((mixed >> 16) % LandSystem.Maps))}&maXa={SimulatedPeople.CommuneCode(commune)}", isRoad, cancellationToken),
            var n when n % 3 == 0 => Ask(OneStop, Services.Land, parcel, isRoad, cancellationToken),
            _ => Verify(OneStop, (int)((mixed >> 30) % SimulatedPeople.Count), (mixed >> 60) != 0, isRoad, cancellationToken),
        };
    }

    private Task<HttpStatusCode> Verify(SimulatedClient client, int person, bool matches, bool isRoad, CancellationToken cancellationToken)
    {
        var known = SimulatedPeople.Of(person);
        return client.CallAsync(HttpMethod.Post, Services.Residence.Path(isRoad) + "/xac-nhan", new { soDinhDanh = known.Id, hoTen = known.Name, maXa = matches ? known.Commune : "MP000" }, isRoad, cancellationToken);
    }

    private static Task<HttpStatusCode> Ask(SimulatedClient client, SimulatedService service, string rest, bool isRoad, CancellationToken cancellationToken) =>
        client.CallAsync(HttpMethod.Get, service.Path(isRoad) + rest, null, isRoad, cancellationToken);
}

/// <param name="Code">Its path on the plain face.</param>
/// <param name="Identifier">Its five-part identifier.</param>
public sealed record SimulatedService(string Code, string Identifier)
{
    public string Path(bool isRoad) => isRoad ? "/r1/" + Identifier : "/" + Code;
}

public sealed record SimulatedServices(SimulatedService Residence, SimulatedService Land, SimulatedService Dossier);
