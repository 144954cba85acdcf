using LienThong.Kernel;
using Wire = LienThong.Gateway.Routes;

namespace LienThong.Platform.Exchange;

/// <summary>
/// Makes what a gateway is told from the book: a pure function, so that a right can be traced to the agreement it comes from, and so that it can be
/// tried ten thousand times. An agreement is in it exactly while it is signed by both, within its days, and its parties and its service stand; nothing
/// else puts a right into it.
/// </summary>
public static class RouteMaking
{
    /// <param name="frame">What stands around the rights: quotas of the upper levels, keys of gateways.</param>
    /// <param name="description">The text of a version's document by its SHA-256, or null when it is not to travel.</param>
    public static Wire.RouteSnapshot Make(ExchangeBook book, long number, DateTimeOffset now, RouteNaming naming, TimeSpan validFor, Func<string, string?>? description = null, RouteFrame? frame = null)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(naming);
        var open = book.Subsystems.Values.Where(s => SubsystemStanding.IsOpen(book, s)).ToDictionary(s => s.Id);
        var services = book.Services.Values.Where(s => open.ContainsKey(s.Provider)).Select(s => (Service: s, Standing: ServiceStanding.Of(book, s, now)))
            .Where(s => s.Standing.State is ServiceState.Published or ServiceState.Suspended).ToDictionary(s => s.Service.Id);

        var agreements = new List<Wire.AgreementEntry>();
        foreach (var agreement in book.Agreements.Values.OrderBy(a => a.Code, StringComparer.Ordinal))
        {
            if (Right(book, agreement, now, open, services) is { } right) agreements.Add(Entry(agreement, right, open[agreement.ConsumerSubsystem], services[agreement.Service].Service, naming));
        }

        return new Wire.RouteSnapshot
        {
            Number = number,
            Instance = naming.Instance,
            MadeAt = now,
            ValidUntil = now + validFor,
            Subsystems = [.. open.Values.OrderBy(s => s.Identifier(naming.Instance), StringComparer.Ordinal).Select(s => Entry(book, s, now, naming))],
            Services = [.. services.Values.OrderBy(s => s.Service.Code, StringComparer.Ordinal).SelectMany(s => s.Standing.Published.Select(v => Entry(book, s.Service, s.Standing, v, open[s.Service.Provider], naming, description)))],
            Agreements = agreements,
            Quotas = frame is null ? new() : Quotas(agreements, open.Values, naming, frame),
            RevokedKeys = [.. book.Subsystems.Values.SelectMany(s => book.Credentials.Of(s.Id).Where(c => c.Kind is CredentialKind.SpkiThumbprint && now < c.ValidUntil && SubsystemStanding.RevokedAt(book, s, c) is not null))
                .Select(c => c.Thumbprint).Order(StringComparer.Ordinal)],
            Gateways = frame?.Gateways ?? [],
            ClientRoots = frame?.ClientRoots ?? [],
            UnstampedHoursMax = frame?.UnstampedHours ?? 0,
        };
    }

    /// <summary>The two levels above agreements, for whoever consumes.</summary>
    private static Wire.QuotaEntries Quotas(List<Wire.AgreementEntry> agreements, IEnumerable<Subsystem> open, RouteNaming naming, RouteFrame frame)
    {
        var consumers = agreements.Select(a => a.Consumer).ToHashSet(StringComparer.Ordinal);
        var systems = open.Select(s => (Identifier: s.Identifier(naming.Instance), s.MemberCode)).Where(s => consumers.Contains(s.Identifier)).OrderBy(s => s.Identifier, StringComparer.Ordinal).ToList();
        return new Wire.QuotaEntries
        {
            Organisations = frame.Agency is (0, 0) ? [] : [.. systems.Select(s => s.MemberCode).Distinct(StringComparer.Ordinal).Select(code => new Wire.QuotaEntry(code, frame.Agency.Rate, 0, frame.Agency.Day))],
            Subsystems = frame.System is (0, 0) ? [] : [.. systems.Select(s => new Wire.QuotaEntry(s.Identifier, frame.System.Rate, 0, frame.System.Day))],
        };
    }

    /// <summary>The next instant after which the clock alone makes another snapshot; null when none is ahead.</summary>
    public static DateTimeOffset? NextBoundary(ExchangeBook book, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        var ahead = new List<DateTimeOffset>();
        foreach (var agreement in book.Agreements.Values) ahead.AddRange(AgreementStanding.Of(book, agreement, now).Boundaries(now));
        foreach (var service in book.Services.Values)
        {
            foreach (var stop in Suspension.Of(book.EventsOf(service.Id.Value), now))
            {
                ahead.Add(stop.From);
                if (stop.Until is { } until) ahead.Add(until);
            }
        }

        foreach (var subsystem in book.Subsystems.Values)
        {
            foreach (var credential in SubsystemStanding.Valid(book, subsystem, now, orLater: true)) ahead.AddRange([credential.ValidFrom, credential.ValidUntil]);
        }

        foreach (var contract in book.Contracts.Values) ahead.AddRange([Vietnamese.StartOf(contract.ValidFrom), Vietnamese.EndOf(EnterpriseStanding.LastDay(book, contract))]);
        return ahead.Where(a => a > now).Cast<DateTimeOffset?>().Min();
    }

    /// <summary>What an agreement gives now: the revision in force, until when, and from when it is stopped.</summary>
    private sealed record RightNow(AgreementRevision Revision, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset? SuspendedFrom);

    private static RightNow? Right(
        ExchangeBook book, DataSharingAgreement agreement, DateTimeOffset now, Dictionary<SubsystemId, Subsystem> open,
        Dictionary<DataServiceId, (DataService Service, ServiceStanding Standing)> services)
    {
        if (!open.TryGetValue(agreement.ConsumerSubsystem, out var consumer)) return null;
        if (!services.TryGetValue(agreement.Service, out var service) || service.Standing.OfMajor(agreement.Major) is null) return null;
        var standing = AgreementStanding.Of(book, agreement, now);
        if (standing.Windows.FirstOrDefault(w => w.Covers(now)) is not { } window) return null;
        var until = window.Until;
        if (consumer.IsEnterprise)
        {
            // An enterprise calls only under a contract that holds, and only what is open to enterprises, whatever was agreed before that changed.
            if (book.Of(agreement.Service).Audience is ServiceAudience.Agencies) return null;
            if (EnterpriseStanding.Contract(book, agreement.Consumer, Vietnamese.DayOf(now)) is not { } contract) return null;
            var end = Vietnamese.EndOf(EnterpriseStanding.LastDay(book, contract));
            if (end < until) until = end;
        }

        // A gateway that hears nothing more must still stop at an announced instant, hence stops ahead travel with the agreement too.
        var stops = standing.Stops.Concat(Suspension.Of(book.EventsOf(agreement.Service.Value), now)).Where(s => s.Until is null || s.Until > now).ToList();
        return new RightNow(window.Revision, window.From, until, stops.Count == 0 ? null : stops.Min(s => s.From));
    }

    private static Wire.SubsystemEntry Entry(ExchangeBook book, Subsystem subsystem, DateTimeOffset now, RouteNaming naming)
    {
        var keys = SubsystemStanding.Valid(book, subsystem, now);
        return new Wire.SubsystemEntry
        {
            Identifier = subsystem.Identifier(naming.Instance),
            Organisation = subsystem.MemberCode,
            Name = subsystem.Name,
            OrganisationName = naming.Units.GetValueOrDefault(subsystem.Unit) ?? subsystem.MemberCode,
            CertificateThumbprints = [.. keys.Where(k => k.Kind is CredentialKind.SpkiThumbprint).Select(k => k.Thumbprint).Order(StringComparer.Ordinal)],
            JwtKeys = [.. keys.Where(k => k.PublicJwk is not null).OrderBy(k => k.Thumbprint, StringComparer.Ordinal).Select(k => PublicKeys.Point(k.PublicJwk!)).Select(p => new Wire.JwtKeyEntry { Kid = p.Kid, X = p.X, Y = p.Y })],
            IsEnterprise = subsystem.IsEnterprise,
        };
    }

    private static Wire.ServiceEntry Entry(
        ExchangeBook book, DataService service, ServiceStanding standing, ServiceVersion version, Subsystem provider, RouteNaming naming, Func<string, string?>? description)
    {
        var said = book.Of(service.Id);
        var isSoap = version.Kind is Interfaces.InterfaceKind.Soap;
        return new Wire.ServiceEntry
        {
            Code = service.Code,
            Version = version.Label,
            ServiceCode = version.Major == 1 ? service.ServiceCode : $"{service.ServiceCode}.v{version.Major}",
            Name = said.Name,
            Provider = provider.Identifier(naming.Instance),
            Kind = isSoap ? Wire.ServiceKind.Soap : Wire.ServiceKind.Rest,
            Upstreams = said.Upstreams,
            TimeoutMs = said.TimeoutMilliseconds,
            RetryIdempotent = said.RetriesIdempotent,
            Endpoints = isSoap ? [new Wire.EndpointEntry("POST", "/**")] : [.. version.Document.Operations.Select(o => new Wire.EndpointEntry(o.Method, o.Glob))],
            Adapter = said.Adapter is UpstreamAdapter.Plain ? null : new Wire.AdapterEntry
            {
                Kind = said.Adapter switch { UpstreamAdapter.Road => Wire.AdapterKind.Road, UpstreamAdapter.Token => Wire.AdapterKind.Token, UpstreamAdapter.Package => Wire.AdapterKind.Package, _ => Wire.AdapterKind.National },
                Client = said.AdapterClient,
                Target = said.AdapterTarget,
                Address = said.AdapterAddress,
                Secret = said.AdapterSecret,
            },
            MaxRequestBytes = said.RequestBytesMax,
            MaxResponseBytes = said.ResponseBytesMax,
            State = standing.Stop is null ? Wire.ServiceState.Open : Wire.ServiceState.Suspended,
            Notice = standing.Stop?.Notice,
            IsVerificationOnly = said.IsVerificationOnly,
            IsAgenciesOnly = said.Audience is ServiceAudience.Agencies,
            Description = isSoap ? null : description?.Invoke(version.Sha256),
        };
    }

    private static Wire.AgreementEntry Entry(DataSharingAgreement agreement, RightNow right, Subsystem consumer, DataService service, RouteNaming naming) => new()
    {
        Number = agreement.Code,
        Consumer = consumer.Identifier(naming.Instance),
        Service = service.Code,
        MajorVersion = agreement.Major,
        Purpose = right.Revision.Purpose,
        Fields = right.Revision.Fields,
        Endpoints = [.. right.Revision.Operations.Select(Endpoint)],
        ValidFrom = right.From,
        ValidUntil = right.Until,
        SuspendedFrom = right.SuspendedFrom,
        RatePerSecond = right.Revision.RatePerSecond,
        Burst = right.Revision.Burst,
        QuotaPerDay = right.Revision.QuotaPerDay,
        KeepBodies = right.Revision.Bodies switch { BodyKeeping.Requests => Wire.BodyKeeping.Request, BodyKeeping.Both => Wire.BodyKeeping.Both, _ => Wire.BodyKeeping.None },
        NeedsReceipt = right.Revision.NeedsReceipt,
    };

    private static Wire.EndpointEntry Endpoint(string operation)
    {
        var space = operation.IndexOf(' ', StringComparison.Ordinal);
        var (method, path) = (operation[..space], operation[(space + 1)..]);
        return method == "SOAP" ? new Wire.EndpointEntry("POST", "/**") : new Wire.EndpointEntry(method, new Interfaces.InterfaceOperation(method, path, null, [], [], false, []).Glob);
    }
}

/// <summary>The X-Road instance of the province, and the names of units as they are today.</summary>
public sealed record RouteNaming(string Instance, IReadOnlyDictionary<OrgUnitId, string> Units);

/// <summary>Calls in a second and in a day of each agency and each system, zero for no limit; the keys with which gateways sign access tokens; the authority of enrolled certificates.</summary>
public sealed record RouteFrame((int Rate, int Day) Agency, (int Rate, int Day) System, IReadOnlyList<Wire.JwtKeyEntry> Gateways, IReadOnlyList<string> ClientRoots, int UnstampedHours);
