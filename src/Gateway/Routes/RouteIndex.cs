using System.Collections.Frozen;
using System.Text;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Forward;

namespace LienThong.Gateway.Routes;

/// <summary>
/// One snapshot, indexed once for all calls under it, immutable but for what counts: budgets, slots and the health of upstreams, which go over from the
/// snapshot before under their own keys. Whatever a call holds from here belongs to one snapshot.
/// </summary>
public sealed class RouteIndex
{
    private readonly FrozenDictionary<string, Subsystem> _subsystems;
    private readonly FrozenDictionary<string, Subsystem[]> _byThumbprint;
    private readonly FrozenDictionary<string, Service> _byPath;
    private readonly FrozenDictionary<string, Service>.AlternateLookup<ReadOnlySpan<char>> _byPathSpan;
    private readonly FrozenDictionary<string, Service> _byRoad;
    private readonly FrozenDictionary<string, Service>.AlternateLookup<ReadOnlySpan<char>> _byRoadSpan;
    private readonly FrozenDictionary<string, Subsystem>.AlternateLookup<ReadOnlySpan<char>> _subsystemSpan;
    private readonly int _segmentsMax;

    /// <exception cref="InvalidDataException">The snapshot contradicts itself; nothing of it is taken.</exception>
    internal RouteIndex(RouteSnapshot snapshot, RouteIndex? before, UpstreamDirectory upstreams, ShareKeeper? shares = null)
    {
        Snapshot = snapshot;
        if (!RoadIdentifier.IsPart(snapshot.Instance)) throw new InvalidDataException($"instance '{snapshot.Instance}' is not an identifier");

        var organisations = snapshot.Quotas.Organisations.ToDictionary(q => q.Key, q => Budget.Of(q, before?.BudgetOf(BudgetLevel.Organisation, q.Key), shares, BudgetLevel.Organisation), StringComparer.Ordinal);
        var systems = snapshot.Quotas.Subsystems.ToDictionary(q => q.Key, q => Budget.Of(q, before?.BudgetOf(BudgetLevel.Subsystem, q.Key), shares, BudgetLevel.Subsystem), StringComparer.Ordinal);
        Budgets = new Dictionary<(BudgetLevel, string), Budget>();
        foreach (var (key, budget) in organisations) Budgets[(BudgetLevel.Organisation, key)] = budget;
        foreach (var (key, budget) in systems) Budgets[(BudgetLevel.Subsystem, key)] = budget;

        var subsystems = new Dictionary<string, Subsystem>(StringComparer.Ordinal);
        foreach (var entry in snapshot.Subsystems)
        {
            if (!RoadIdentifier.IsIdentifier(entry.Identifier, 4)) throw new InvalidDataException($"subsystem '{entry.Identifier}' is not an identifier");
            var subsystem = new Subsystem(entry, organisations.GetValueOrDefault(entry.Organisation), systems.GetValueOrDefault(entry.Identifier));
            if (!subsystems.TryAdd(entry.Identifier, subsystem)) throw new InvalidDataException($"subsystem '{entry.Identifier}' is there twice");
        }

        _subsystems = subsystems.ToFrozenDictionary(StringComparer.Ordinal);
        _subsystemSpan = _subsystems.GetAlternateLookup<ReadOnlySpan<char>>();
        _byThumbprint = (from s in subsystems.Values from t in s.Entry.CertificateThumbprints select (t, s))
            .GroupBy(x => x.t.ToLowerInvariant(), x => x.s, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.Distinct().ToArray(), StringComparer.Ordinal);

        RevokedKeys = snapshot.RevokedKeys.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (var root in snapshot.ClientRoots) ClientRoots.Add(System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(Convert.FromBase64String(root)));
        }
        catch (Exception broken) when (broken is FormatException or System.Security.Cryptography.CryptographicException)
        {
            throw new InvalidDataException("a root for client certificates is none: " + broken.Message);
        }

        foreach (var gateway in snapshot.Gateways)
        {
            if (Call.Jwt.KeyOf(gateway) is { } key) TokenKeys[Call.Jwt.Thumbprint(gateway)] = key;
        }

        var byPath = new Dictionary<string, Service>(StringComparer.Ordinal);
        var byRoad = new Dictionary<string, Service>(StringComparer.Ordinal);
        var byCode = new Dictionary<(string, int), Service>();
        foreach (var entry in snapshot.Services)
        {
            var service = new Service(entry, before?.FindService(entry.Code, Service.MajorOf(entry)), upstreams);
            if (!subsystems.ContainsKey(entry.Provider)) throw new InvalidDataException($"provider '{entry.Provider}' of '{entry.Code}' is no subsystem");
            if (!byCode.TryAdd((entry.Code, service.MajorVersion), service)) throw new InvalidDataException($"service '{entry.Code}' v{service.MajorVersion} is there twice");
            if (!byPath.TryAdd(service.Path, service)) throw new InvalidDataException($"path '{service.Path}' is there twice");
            if (!byRoad.TryAdd(service.RoadIdentifier, service)) throw new InvalidDataException($"'{service.RoadIdentifier}' is there twice");
            _segmentsMax = Math.Max(_segmentsMax, service.Path.Count(c => c == '/') + 1);
        }

        _byPath = byPath.ToFrozenDictionary(StringComparer.Ordinal);
        _byPathSpan = _byPath.GetAlternateLookup<ReadOnlySpan<char>>();
        _byRoad = byRoad.ToFrozenDictionary(StringComparer.Ordinal);
        _byRoadSpan = _byRoad.GetAlternateLookup<ReadOnlySpan<char>>();

        foreach (var entry in snapshot.Agreements)
        {
            if (!subsystems.TryGetValue(entry.Consumer, out var consumer)) throw new InvalidDataException($"consumer '{entry.Consumer}' of agreement {entry.Number} is no subsystem");
            if (!byCode.TryGetValue((entry.Service, entry.MajorVersion), out var service)) throw new InvalidDataException($"agreement {entry.Number} is for no service: '{entry.Service}' v{entry.MajorVersion}");
            if (entry.ValidFrom >= entry.ValidUntil) throw new InvalidDataException($"agreement {entry.Number} ends before it begins");
            var budget = Budget.Of(new QuotaEntry(entry.Number, entry.RatePerSecond, entry.Burst, entry.QuotaPerDay), before?.BudgetOf(BudgetLevel.Agreement, entry.Number), shares);
            if (!Budgets.TryAdd((BudgetLevel.Agreement, entry.Number), budget)) throw new InvalidDataException($"agreement {entry.Number} is there twice");
            var agreement = new Agreement(entry, consumer, service, budget);
            service.Add(agreement);
        }
    }

    public RouteSnapshot Snapshot { get; }

    public long Number => Snapshot.Number;

    internal Dictionary<(BudgetLevel Level, string Key), Budget> Budgets { get; }

    /// <summary>Keys that were taken back before their time: whoever shows one is told so.</summary>
    internal FrozenSet<string> RevokedKeys { get; }

    /// <summary>Keys with which the gateways of the province sign access tokens, by their thumbprints.</summary>
    internal Dictionary<string, System.Security.Cryptography.ECDsa> TokenKeys { get; } = new(StringComparer.Ordinal);

    internal System.Security.Cryptography.X509Certificates.X509Certificate2Collection ClientRoots { get; } = [];

    internal IReadOnlyCollection<Service> Services => _byPath.Values;

    internal IReadOnlyCollection<Subsystem> Subsystems => _subsystems.Values;

    /// <summary>Every subsystem that registered this certificate's key; none for a stranger.</summary>
    internal ReadOnlySpan<Subsystem> ByThumbprint(string thumbprint) => _byThumbprint.TryGetValue(thumbprint, out var found) ? found : [];

    internal Subsystem? FindSubsystem(ReadOnlySpan<char> identifier) => _subsystemSpan.TryGetValue(identifier, out var found) ? found : null;

    internal Service? FindService(string code, int major) => _byPath.Values.FirstOrDefault(s => s.Entry.Code == code && s.MajorVersion == major);

    /// <summary>The service whose path is the longest beginning of this one, and what of the path is left for it.</summary>
    internal Service? ByPath(ReadOnlySpan<char> path, out ReadOnlySpan<char> rest)
    {
        rest = default;
        if (path.Length < 2 || path[0] != '/') return null;
        Span<int> ends = stackalloc int[16];
        var count = 0;
        for (var i = 1; i <= path.Length && count < Math.Min(_segmentsMax, ends.Length); i++)
        {
            if (i == path.Length || path[i] == '/') ends[count++] = i;
        }

        while (count-- > 0)
        {
            if (_byPathSpan.TryGetValue(path[1..ends[count]], out var service))
            {
                rest = path[ends[count]..];
                return service;
            }
        }

        return null;
    }

    /// <summary>By the five parts, decoded and joined by '/'.</summary>
    internal Service? ByRoadIdentifier(ReadOnlySpan<char> identifier) => _byRoadSpan.TryGetValue(identifier, out var found) ? found : null;

    private Budget? BudgetOf(BudgetLevel level, string key) => Budgets.GetValueOrDefault((level, key));
}

/// <summary>A subsystem of the snapshot, with the budgets above it.</summary>
internal sealed class Subsystem(SubsystemEntry entry, Budget? organisation, Budget? own)
{
    public SubsystemEntry Entry => entry;

    public string Identifier => entry.Identifier;

    public Budget? OrganisationBudget => organisation;

    public Budget? Budget => own;

    /// <summary>Keys that may sign its assertions.</summary>
    public IReadOnlyList<(string Kid, System.Security.Cryptography.ECDsa Key, string Thumbprint)> Keys { get; } =
        [.. from k in entry.JwtKeys let key = Call.Jwt.KeyOf(k) where key is not null select (k.Kid, key, Call.Jwt.Thumbprint(k))];

    /// <summary>Whether a key is still one of its own: a token that was asked for with a key lives no longer than the key.</summary>
    public bool HasKey(string thumbprint)
    {
        for (var i = 0; i < Keys.Count; i++)
        {
            if (Keys[i].Thumbprint == thumbprint) return true;
        }

        return false;
    }

    /// <summary>As the X-Road-Client header carries it.</summary>
    public string HeaderValue { get; } = entry.Identifier.Replace("?", "%3F", StringComparison.Ordinal);

    /// <summary>
    /// Refusals that are put on record. A known caller without agreement could otherwise fill the disk of the log with them; what comes above this is refused
    /// all the same and only counted.
    /// </summary>
    public Budget Refusals { get; } = Budget.Of(new QuotaEntry(entry.Identifier, 20, 200, 0), null);
}

/// <summary>A service of the snapshot.</summary>
internal sealed class Service
{
    private readonly Dictionary<string, List<Agreement>> _agreements = new(StringComparer.Ordinal);

    public Service(ServiceEntry entry, Service? before, UpstreamDirectory upstreams)
    {
        Entry = entry;
        MajorVersion = MajorOf(entry);
        Path = entry.Path ?? (MajorVersion == 1 ? entry.Code : $"{entry.Code}/v{MajorVersion}");
        RoadIdentifier = $"{entry.Provider}/{entry.ServiceCode}";
        if (!IsPlainPath(Path)) throw new InvalidDataException($"'{Path}' cannot be a path of the plain face");
        if (!Routes.RoadIdentifier.IsPart(entry.ServiceCode)) throw new InvalidDataException($"'{entry.ServiceCode}' cannot be an X-Road service code");
        if (Reserved.Contains(entry.ServiceCode)) throw new InvalidDataException($"'{entry.ServiceCode}' is a service of the exchange itself");
        if (entry.TimeoutMs <= 0 || entry.ConcurrentMax <= 0 || entry.MaxRequestBytes < 0 || entry.MaxResponseBytes < 0) throw new InvalidDataException($"a limit of '{entry.Code}' is not positive");
        Slots = before?.Slots ?? new Slots();
        Upstreams = [.. entry.Upstreams.Distinct(StringComparer.Ordinal).Select(upstreams.Of)];
        Port = entry.Adapter is { } adapter ? ForeignPort.Of(adapter, upstreams) : null;
        HeaderValue = RoadIdentifier.Replace("?", "%3F", StringComparison.Ordinal);
    }

    /// <summary>Codes of the metadata services; an agency may not take them.</summary>
    public static readonly FrozenSet<string> Reserved = FrozenSet.Create(StringComparer.Ordinal,
        "listClients", "listMethods", "allowedMethods", "getWsdl", "getOpenAPI", "getSecurityServerMetrics", "getSecurityServerOperationalData", "getSecurityServerHealthData");

    /// <summary>First segments of addresses that are the gateway's own.</summary>
    private static readonly FrozenSet<string> Own = FrozenSet.Create(StringComparer.Ordinal, "oauth", "health", "listClients", "asic", "verificationconf");

    public ServiceEntry Entry { get; }

    public int MajorVersion { get; }

    public string Path { get; }

    public string RoadIdentifier { get; }

    /// <summary>The five parts as headers carry them: of the legal characters only '?' is percent-encoded in a path segment.</summary>
    public string HeaderValue { get; }

    public Slots Slots { get; }

    /// <summary>How another exchange is spoken to; null where the provider stands there itself.</summary>
    public ForeignPort? Port { get; }

    /// <summary>What was last shown to the provider; null before the first call.</summary>
    public GatewayProof.Header? Proof { get; set; }

    public Upstream[] Upstreams { get; }

    public static int MajorOf(ServiceEntry entry) =>
        int.TryParse(entry.Version.AsSpan(0, entry.Version.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? dot : entry.Version.Length), out var major) && major > 0
            ? major
            : throw new InvalidDataException($"version '{entry.Version}' of '{entry.Code}' does not begin with a number");

    public void Add(Agreement agreement)
    {
        if (!_agreements.TryGetValue(agreement.Entry.Consumer, out var list)) _agreements[agreement.Entry.Consumer] = list = [];
        list.Add(agreement);
    }

    public IEnumerable<Agreement> Agreements => _agreements.Values.SelectMany(a => a);

    /// <summary>What this consumer may do now; the one it names by number if it names one, otherwise the first of those in force.</summary>
    public Agreement? AgreementOf(string consumer, ReadOnlySpan<char> named, DateTimeOffset now)
    {
        if (!_agreements.TryGetValue(consumer, out var list)) return null;
        Agreement? first = null;
        foreach (var agreement in list)
        {
            if (!agreement.IsInForce(now)) continue;
            if (named.Length > 0 && (named.SequenceEqual(agreement.Entry.Number) || named.SequenceEqual(agreement.HeaderValue))) return agreement;
            first ??= agreement;
        }

        return first;
    }

    private static bool IsPlainPath(string path) =>
        path.Length is > 0 and <= 200 && path.Split('/') is { Length: <= 12 } segments && !Own.Contains(segments[0]) &&
        !(segments[0].Length == 2 && segments[0][0] == 'r' && char.IsAsciiDigit(segments[0][1])) &&
        segments.All(s => s.Length > 0 && s is not ("." or "..") && s.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or '_'));
}

/// <summary>An agreement of the snapshot: the right to call.</summary>
internal sealed class Agreement
{
    public Agreement(AgreementEntry entry, Subsystem consumer, Service service, Budget budget)
    {
        (Entry, Consumer, Service, Budget) = (entry, consumer, service, budget);
        Fields = entry.Fields.Count == 0 ? null : FieldTree.Of(entry.Fields);
        FieldsOfErrors = entry.Fields.Count == 0 ? null : FieldTree.Of([.. entry.Fields, "/type", "/title", "/status", "/detail", "/instance"]);
        HeaderValue = System.Text.Ascii.IsValid(entry.Number) ? entry.Number : Uri.EscapeDataString(entry.Number);
    }

    /// <summary>The number as headers carry it: percent-encoded when it holds a letter such as Đ.</summary>
    public string HeaderValue { get; }

    /// <summary>For answers of 400 and above: the members of a problem (RFC 9457) say what went wrong and pass too.</summary>
    public FieldTree? FieldsOfErrors { get; }

    public AgreementEntry Entry { get; }

    public Subsystem Consumer { get; }

    public Service Service { get; }

    public Budget Budget { get; }

    /// <summary>What may leave; null means everything.</summary>
    public FieldTree? Fields { get; }

    public bool IsInForce(DateTimeOffset now) => Entry.ValidFrom <= now && now < Entry.ValidUntil && !(Entry.SuspendedFrom <= now);

    /// <summary>Both the service must have the endpoint and the agreement must allow it.</summary>
    public bool Allows(string method, in Call.CallPath path) =>
        Matches(Service.Entry.Endpoints, method, path) && (Entry.Endpoints.Count == 0 || Matches(Entry.Endpoints, method, path));

    private static bool Matches(IReadOnlyList<EndpointEntry> endpoints, string method, in Call.CallPath path)
    {
        for (var i = 0; i < endpoints.Count; i++)
        {
            var endpoint = endpoints[i];
            if (endpoint.Method != "*" && endpoint.Method != method) continue;
            if (path.Matches(endpoint.PathGlob)) return true;
        }

        return false;
    }
}
