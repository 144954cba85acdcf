using LienThong.Kernel;
using LienThong.Platform.Exchange.Interfaces;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Exchange;

public sealed record ServiceLine(
    DataServiceId Id, string Code, string Name, string Dataset, SubsystemId Provider, OrgUnitId Unit, string UnitName, ConnectionMethod Method, ServiceAudience Audience, bool IsVerificationOnly, ServiceState State,
    string? VersionLabel, DateOnly? PublishDue, bool IsLate, int Consumers, bool IsSimulated);

public sealed record VersionLine(ServiceVersion Version, bool IsPublished, bool IsWaiting);

/// <param name="Notices">Stops that hold or are announced, as everybody who uses it may read them.</param>
public sealed record ServiceView(
    DataService Service, ServiceRevision Said, string UnitName, string SystemName, InformationSystemId System, string Identifier, ServiceStanding Standing, IReadOnlyList<VersionLine> Versions, InterfaceDocument? Interface,
    IReadOnlyList<Suspension> Notices, IReadOnlyList<ExchangeEvent> Events, int Consumers, bool MayEdit, bool MayPublish, bool MayStop, bool MayAsk, bool IsSimulated);

/// <summary>The register of data services (R-SHR-01): published ones for every officer, drafts for those who make them and who oversees.</summary>
public sealed class FindServices(ExchangeAccess access, ExchangeIndex index, ExchangeOptions options, TimeProvider clock)
{
    public sealed record Request
    {
        public string? Query { get; set; }
        public ServiceState? State { get; set; }
        public ConnectionMethod? Method { get; set; }
        public bool MineOnly { get; set; }
        public int Page { get; set; } = 1;
    }

    public async Task<Result<ExchangePage<ServiceLine>>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (await AllAsync(request, cancellationToken)).IsGranted(out var all, out var refusal) ? ExchangePage<ServiceLine>.Of(all, request.Page) : refusal;
    }

    public async Task<Result<IReadOnlyList<ServiceLine>>> AllAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!access.User.May(Permission.ViewServices)) return ExchangeRefusals.NotAllowed(nameof(Permission.ViewServices));
        var book = await index.CurrentAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var sees = await SightAsync(cancellationToken);
        var names = await access.NamesAsync(book.Services.Values.Select(s => s.Unit), cancellationToken);
        var rows = new List<ServiceLine>();
        foreach (var service in book.Services.Values)
        {
            var standing = ServiceStanding.Of(book, service, now);
            var said = book.Of(service.Id);
            if (!sees.Sees(service, said, standing)) continue;
            if (request.State is { } state && standing.State != state) continue;
            if (request.Method is { } method && said.Method != method) continue;
            if (request.MineOnly && !sees.Own.Holds(service.Unit)) continue;
            var fields = string.IsNullOrWhiteSpace(request.Query) || standing.Newest is null ? "" : string.Join(' ', standing.Newest.Document.AnswerFields.Select(f => f.Place + " " + f.Description));
            if (!Searching.Finds(request.Query, service.Code, said.Name, said.Dataset, names[service.Unit], fields)) continue;
            rows.Add(new ServiceLine(
                service.Id, service.Code, said.Name, said.Dataset, service.Provider, service.Unit, names[service.Unit], said.Method, said.Audience, said.IsVerificationOnly, standing.State, standing.Newest?.Label,
                standing.PublishDue, standing.IsLate, Consumers(book, service.Id, now), book.Of(book.Subsystems[service.Provider].System).IsSimulated));
        }

        return rows.OrderBy(r => r.State is ServiceState.Withdrawn).ThenBy(r => VietnameseText.Fold(r.Name), StringComparer.Ordinal).Take(ExchangePage<ServiceLine>.ExportMax).ToList();
    }

    public async Task<Result<ServiceView>> FindAsync(DataServiceId id, CancellationToken cancellationToken)
    {
        if (!access.User.May(Permission.ViewServices)) return ExchangeRefusals.NotAllowed(nameof(Permission.ViewServices));
        var book = await index.CurrentAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (book.Services.GetValueOrDefault(id) is not { } service) return ExchangeRefusals.UnknownService;
        var standing = ServiceStanding.Of(book, service, now);
        var said = book.Of(id);
        if (!(await SightAsync(cancellationToken)).Sees(service, said, standing)) return ExchangeRefusals.UnknownService;
        var provider = book.Subsystems[service.Provider];
        var waiting = PublishService.Waiting(book, service, standing).Select(v => v.Id).ToHashSet();
        return new ServiceView(
            service, said, (await access.NamesAsync([service.Unit], cancellationToken))[service.Unit], book.Of(provider.System).Name, provider.System, $"{provider.Identifier(options.Instance)}/{service.ServiceCode}", standing,
            [.. book.ServiceVersions.Of(id).Reverse().Select(v => new VersionLine(v, standing.Published.Contains(v), waiting.Contains(v.Id)))], (standing.Newest ?? (book.ServiceVersions.Of(id) is [.., var last] ? last : null))?.Document,
            [.. Suspension.Of(book.EventsOf(id.Value), now).Where(s => s.Until is null || s.Until > now)], book.EventsOf(id.Value), Consumers(book, id, now),
            await access.MayAsync(Permission.EditServices, service.Unit, cancellationToken), await access.MayAsync(Permission.PublishServices, service.Unit, cancellationToken),
            await access.MayAsync(Permission.SuspendSharing, service.Unit, cancellationToken), access.User.May(Permission.RequestSharing), book.Of(provider.System).IsSimulated);
    }

    /// <summary>The document of a version as it was received.</summary>
    public async Task<Result<ServiceVersion>> DocumentAsync(DataServiceId id, ServiceVersionId version, CancellationToken cancellationToken) =>
        (await FindAsync(id, cancellationToken)).IsGranted(out var view, out var refusal)
            ? view.Versions.FirstOrDefault(v => v.Version.Id == version) is { } line ? line.Version : ExchangeRefusals.UnknownVersion
            : refusal;

    private static int Consumers(ExchangeBook book, DataServiceId service, DateTimeOffset now) =>
        book.Agreements.Values.Where(a => a.Service == service && AgreementStanding.Of(book, a, now).State is AgreementState.InForce or AgreementState.Suspended).Select(a => a.ConsumerSubsystem).Distinct().Count();

    internal sealed record Sight(bool IsEnterprise, bool All, SharingScope Own)
    {
        public bool Sees(DataService service, ServiceRevision said, ServiceStanding standing)
        {
            if (Own.Holds(service.Unit)) return true;
            if (IsEnterprise && said.Audience is ServiceAudience.Agencies) return false;
            return All || standing.State is not (ServiceState.Draft or ServiceState.Ready);
        }
    }

    internal async Task<Sight> SightAsync(CancellationToken cancellationToken)
    {
        var edit = await access.ScopeAsync(Permission.EditServices, cancellationToken);
        var publish = await access.ScopeAsync(Permission.PublishServices, cancellationToken);
        var own = new SharingScope(edit.All || publish.All, edit.Units.Concat(publish.Units).ToHashSet());
        return new Sight(await access.IsEnterpriseAsync(cancellationToken), (await access.ScopeAsync(Permission.ViewSharing, cancellationToken)).All, own);
    }
}
