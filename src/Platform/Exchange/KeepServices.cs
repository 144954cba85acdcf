using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Exchange.Interfaces;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LienThong.Platform.Exchange;

/// <summary>Registers a data service and revises what is said of it (R-SHR-01). Its interface comes as versions, its publication is another person's deed.</summary>
public sealed class KeepServices(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, TimeProvider clock)
{
    /// <summary>Addresses behind one service; more than these are a cluster with a balancer of its own.</summary>
    public const int UpstreamsMax = 16;

    /// <summary>What one service may ask the gateway to pass: 2 GB is the largest transfer the exchange promises.</summary>
    public const long BytesMax = 2L * 1024 * 1024 * 1024;

    /// <summary>Longer than ten minutes no caller waits for an answer; such work belongs to a synchronisation.</summary>
    public const int TimeoutMillisecondsMax = 600_000;

    public sealed record Request
    {
        public DataServiceId? Id { get; set; }
        public int? Version { get; set; }
        [StringLength(120)] public string Code { get; set; } = "";
        [StringLength(60)] public string ServiceCode { get; set; } = "";
        public SubsystemId Provider { get; set; }
        [Required, StringLength(300)] public string Name { get; set; } = "";
        [Required, StringLength(300)] public string Dataset { get; set; } = "";
        public ConnectionMethod Method { get; set; }
        public ServiceAudience Audience { get; set; }
        public bool IsVerificationOnly { get; set; }
        [StringLength(4_000)] public string? Quality { get; set; }
        [StringLength(4_000)] public string? ServiceLevel { get; set; }
        [Required, StringLength(500)] public string Contact { get; set; } = "";
        [StringLength(300)] public string? Regulation { get; set; }
        public IReadOnlyList<string> Upstreams { get; set; } = [];
        public int TimeoutMilliseconds { get; set; } = 30_000;
        public long RequestBytesMax { get; set; } = 1024 * 1024;
        public long ResponseBytesMax { get; set; } = 16 * 1024 * 1024;
        public bool RetriesIdempotent { get; set; } = true;
        public UpstreamAdapter Adapter { get; set; }
        [StringLength(300)] public string? AdapterClient { get; set; }
        [StringLength(300)] public string? AdapterTarget { get; set; }
        [StringLength(500)] public string? AdapterAddress { get; set; }
        [StringLength(60)] public string? AdapterSecret { get; set; }
    }

    public async Task<Result<DataServiceId>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Typing.First(
            Typing.Need(nameof(request.Name), request.Name, Typing.NameMax), Typing.Need(nameof(request.Dataset), request.Dataset, Typing.NameMax), Typing.Need(nameof(request.Contact), request.Contact, Typing.ShortMax),
            Typing.Fits(nameof(request.Quality), request.Quality), Typing.Fits(nameof(request.ServiceLevel), request.ServiceLevel), Typing.Fits(nameof(request.Regulation), request.Regulation, Typing.NameMax)) is { } wrong) return wrong;
        var upstreams = Typing.Lines(request.Upstreams);
        if (upstreams.Count > UpstreamsMax || (upstreams.Count == 0) != (request.Adapter is UpstreamAdapter.Package)) return ExchangeRefusals.UpstreamsCount(UpstreamsMax);
        if (upstreams.FirstOrDefault(u => !IsUpstream(u)) is { } bad) return ExchangeRefusals.UpstreamForm(bad);
        if (request.TimeoutMilliseconds is < 100 or > TimeoutMillisecondsMax || request.RequestBytesMax is < 1 or > BytesMax || request.ResponseBytesMax is < 1 or > BytesMax) return ExchangeRefusals.LimitsWrong;

        if (AdapterFault(request) is { } field) return ExchangeRefusals.AdapterForm(field);

        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        var isNew = request.Id is null;
        var id = request.Id ?? StrongId.New<DataServiceId>(clock);
        var number = 1;
        if (isNew)
        {
            var (code, serviceCode) = (VietnameseText.Clean(request.Code), VietnameseText.Clean(request.ServiceCode));
            if (!work.Book.Subsystems.TryGetValue(request.Provider, out var provider)) return ExchangeRefusals.UnknownSubsystem;
            if (await access.DenyAsync(Permission.EditServices, provider.Unit, cancellationToken) is { } denied) return denied;
            if (!SubsystemStanding.IsOpen(work.Book, provider)) return ExchangeRefusals.SubsystemClosed(provider.Code);
            if (!DataService.IsCode(code)) return ExchangeRefusals.CodeForm(code);
            if (!DataService.IsServiceCode(serviceCode)) return ExchangeRefusals.IdentifierForm(serviceCode);
            if (work.Book.Services.Values.Any(s => s.Code == code)) return ExchangeRefusals.CodeTaken(code);
            if (work.Book.Services.Values.Any(s => s.Provider == provider.Id && s.ServiceCode == serviceCode)) return ExchangeRefusals.CodeTaken(serviceCode);
            work.Add(new DataService { Id = id, Code = code, ServiceCode = serviceCode, Provider = provider.Id, Unit = provider.Unit, CreatedAt = work.Now });
            work.Happened(id.Value, ExchangeEventKind.ServiceRegistered);
        }
        else
        {
            if (!work.Book.Services.TryGetValue(id, out var known)) return ExchangeRefusals.UnknownService;
            if (await access.DenyAsync(Permission.EditServices, known.Unit, cancellationToken) is { } denied) return denied;
            if (ServiceStanding.Of(work.Book, known, work.Now).State is ServiceState.Withdrawn) return ExchangeRefusals.ServiceWithdrawn(known.Code);
            if (await work.TouchAsync<DataService>(id, request.Version, cancellationToken) is { } stale) return stale;
            number = work.Book.Of(id).Number + 1;
            work.Happened(id.Value, ExchangeEventKind.ServiceRevised);
            work.ChangesRights();
        }

        work.Db.ServiceRevisions.Add(new ServiceRevision
        {
            Id = Guid.CreateVersion7(work.Now),
            Service = id,
            Number = number,
            Stamp = work.Stamp,
            At = work.Now,
            By = access.User.Id,
            ByName = access.User.Name,
            ByUnit = access.User.Unit,
            Name = request.Name,
            Dataset = request.Dataset,
            Method = request.Method,
            Audience = request.Audience,
            IsVerificationOnly = request.IsVerificationOnly,
            Quality = Typing.Or(request.Quality),
            ServiceLevel = Typing.Or(request.ServiceLevel),
            Contact = request.Contact.Trim(),
            Regulation = Typing.Or(request.Regulation),
            Upstreams = upstreams,
            TimeoutMilliseconds = request.TimeoutMilliseconds,
            RequestBytesMax = request.RequestBytesMax,
            ResponseBytesMax = request.ResponseBytesMax,
            RetriesIdempotent = request.RetriesIdempotent,
            Adapter = request.Adapter,
            AdapterClient = Typing.Or(request.AdapterClient),
            AdapterTarget = Typing.Or(request.AdapterTarget),
            AdapterAddress = Typing.Or(request.AdapterAddress),
            AdapterSecret = Typing.Or(request.AdapterSecret),
        });
        work.Audit(isNew ? "exchange.service.registered" : "exchange.service.revised", "data-service", id, after: new { request.Code, request.Name, request.Dataset, upstreams }, note: access.Delegation(Permission.EditServices));
        await work.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>The first field that the chosen way of connecting needs and that is absent or malformed.</summary>
    private static string? AdapterFault(Request request)
    {
        static bool IsIdentifier(string? text, char separator, int parts) => text?.Trim().Split(separator) is { } all && all.Length == parts && all.All(Subsystem.IsIdentifier);
        static bool IsSecretName(string? text) => text?.Trim() is { Length: > 0 and <= 60 } name && name.All(c => c is '-' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
        return request.Adapter switch
        {
            UpstreamAdapter.Road when !IsIdentifier(request.AdapterClient, '/', 4) => nameof(request.AdapterClient),
            UpstreamAdapter.Road when !IsIdentifier(request.AdapterTarget, '/', 5) => nameof(request.AdapterTarget),
            UpstreamAdapter.Token when !IsUpstream(request.AdapterAddress?.Trim() ?? "") => nameof(request.AdapterAddress),
            UpstreamAdapter.Token when !IsSecretName(request.AdapterSecret) => nameof(request.AdapterSecret),
            UpstreamAdapter.National when !IsIdentifier(request.AdapterTarget, ':', 4) => nameof(request.AdapterTarget),
            UpstreamAdapter.National when !IsUpstream(request.AdapterAddress?.Trim() ?? "") => nameof(request.AdapterAddress),
            UpstreamAdapter.Package when !IsIdentifier(request.AdapterTarget, '/', 4) => nameof(request.AdapterTarget),
            _ => null,
        };
    }

    /// <summary>An absolute address over HTTP without a person's name, a password, a query or a fragment in it.</summary>
    private static bool IsUpstream(string text) =>
        text.Length <= 500 && Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0 && !text.Contains('\n', StringComparison.Ordinal);
}

/// <summary>
/// Takes in a version of the interface: keeps the document as received, reads it, and compares it with the version before. A change that breaks those
/// who use it needs a new major version; otherwise it is refused with every reason (R-SHR-01).
/// </summary>
public sealed class AddServiceVersion(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, BlobStore blobs, TimeProvider clock)
{
    /// <summary>Reasons shown at once; a document that breaks more than these is another service.</summary>
    public const int ReasonsMax = 200;

    public sealed record Request
    {
        public DataServiceId Service { get; set; }
        public int? Version { get; set; }
        public ReadOnlyMemory<byte> Document { get; set; }

        /// <summary>For a WSDL, which states none.</summary>
        [StringLength(40)] public string? InterfaceVersion { get; set; }
    }

    /// <param name="Breaking">What would break those who use the version before; not empty only with a new major version.</param>
    public sealed record Receipt(ServiceVersionId Id, InterfaceDocument Interface, string? Previous, IReadOnlyList<BreakingChange> Breaking);

    public async Task<Result<Receipt>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Document.Length == 0) return ExchangeRefusals.DocumentEmpty;
        if (request.Document.Length > InterfaceLimits.BytesMax) return ExchangeRefusals.DocumentTooLarge(InterfaceLimits.BytesMax / (1024 * 1024));
        InterfaceDocument reading;
        try { reading = Read(request); }
        catch (InterfaceUnreadableException fault) { return fault.AsRefusal(); }

        // Before the transaction, which must not wait for the disk; a document nobody uses in the end is a file without a name.
        var found = (await index.CurrentAsync(cancellationToken)).Services.GetValueOrDefault(request.Service);
        if (found is null) return ExchangeRefusals.UnknownService;
        if (await access.DenyAsync(Permission.EditServices, found.Unit, cancellationToken) is { } denied) return denied;
        var blob = (await blobs.PutAsync(new MemoryStream(request.Document.ToArray()), cancellationToken, InterfaceLimits.BytesMax))!;

        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        var service = work.Book.Services[request.Service];
        if (ServiceStanding.Of(work.Book, service, work.Now).State is ServiceState.Withdrawn) return ExchangeRefusals.ServiceWithdrawn(service.Code);
        var versions = work.Book.ServiceVersions.Of(service.Id);
        if (versions.FirstOrDefault(v => (v.Major, v.Minor, v.Patch) == (reading.Version.Major, reading.Version.Minor, reading.Version.Patch)) is { } same)
        {
            return same.Sha256 == blob.Sha256 ? ExchangeRefusals.VersionKnown(same.Label) : ExchangeRefusals.VersionTaken(same.Label);
        }

        var newest = versions.Select(v => new InterfaceVersion(v.Major, v.Minor, v.Patch)).DefaultIfEmpty().Max();
        var ofMajor = versions.Where(v => v.Major == reading.Version.Major).MaxBy(v => (v.Minor, v.Patch));
        var before = ofMajor ?? versions.MaxBy(v => (v.Major, v.Minor, v.Patch));
        var breaking = before is null ? [] : BreakingChanges.Between(before.Document, reading);

        // Within a major version numbers only rise, and a new major version is above all others: otherwise "newest" means nothing.
        if (ofMajor is not null && reading.Version <= new InterfaceVersion(ofMajor.Major, ofMajor.Minor, ofMajor.Patch)) return ExchangeRefusals.VersionNotHigher(reading.Version.ToString(), ofMajor.Label);
        if (ofMajor is null && versions.Count > 0 && reading.Version.Major <= newest.Major) return ExchangeRefusals.VersionNotHigher(reading.Version.ToString(), newest.ToString());
        if (ofMajor is not null && breaking.Count > 0) return ExchangeRefusals.Breaking(ofMajor.Label, reading.Version.ToString(), breaking);
        if (await work.TouchAsync<DataService>(service.Id, request.Version, cancellationToken) is { } stale) return stale;

        var id = StrongId.New<ServiceVersionId>(clock);
        work.Db.ServiceVersions.Add(new ServiceVersion
        {
            Id = id,
            Service = service.Id,
            Number = versions.Count + 1,
            Stamp = work.Stamp,
            At = work.Now,
            By = access.User.Id,
            ByName = access.User.Name,
            ByUnit = access.User.Unit,
            Major = reading.Version.Major,
            Minor = reading.Version.Minor,
            Patch = reading.Version.Patch,
            Kind = reading.Kind,
            Sha256 = blob.Sha256,
            Bytes = blob.Bytes,
            Reading = reading.ToJson(),
            Previous = ofMajor?.Id,
        });
        work.Happened(service.Id.Value, ExchangeEventKind.VersionAdded, target: id.Value, word: reading.Version.ToString());
        work.Audit("exchange.service.version-added", "data-service", service.Id, after: new { version = reading.Version.ToString(), blob.Sha256, breaking = breaking.Count }, note: access.Delegation(Permission.EditServices));
        await work.CommitAsync(cancellationToken);
        return new Receipt(id, reading, before?.Label, breaking);
    }

    private static InterfaceDocument Read(Request request)
    {
        var first = request.Document.Span.TrimStart(" \t\r\n\uFEFF"u8);
        if (first.Length > 0 && first[0] == (byte)'<')
        {
            return WsdlReading.Read(request.Document, Interfaces.InterfaceVersion.TryRead(request.InterfaceVersion) ?? throw new InterfaceUnreadableException("version", "wsdl"));
        }

        return first.Length > 0 && first[0] == (byte)'{' ? OpenApiReading.Read(request.Document) : throw new InterfaceUnreadableException("neither", "1:1");
    }
}

/// <summary>The provider says that a service works, and publishes it within the term; withdraws it when it ends (R-SHR-01, share.service.publish).</summary>
public sealed class PublishService(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, WorkCalendar calendar, TimeProvider clock, ILogger<PublishService> log)
{
    /// <summary>Whoever prepares the service says that it is ready; from then on the publishing term runs. Returns the last day to publish.</summary>
    public async Task<Result<DateOnly>> DeclareReadyAsync(DataServiceId id, int? version, CancellationToken cancellationToken)
    {
        var terms = await index.ParametersAsync(cancellationToken);
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!work.Book.Services.TryGetValue(id, out var service)) return ExchangeRefusals.UnknownService;
        if (await access.DenyAsync(Permission.EditServices, service.Unit, cancellationToken) is { } denied) return denied;
        var standing = ServiceStanding.Of(work.Book, service, work.Now);
        if (standing.State is ServiceState.Withdrawn) return ExchangeRefusals.ServiceWithdrawn(service.Code);
        if (Waiting(work.Book, service, standing).Count == 0) return ExchangeRefusals.NothingToPublish(service.Code);
        if (standing.PublishDue is { } already) return ExchangeRefusals.AlreadyReady(service.Code, already);
        if (await work.TouchAsync<DataService>(id, version, cancellationToken) is { } stale) return stale;
        var due = calendar.AddWorkingDays(work.Today, terms.PublishWorkingDays);
        work.Happened(id.Value, ExchangeEventKind.DeclaredReady, day: due, days: terms.PublishWorkingDays, word: calendar.Version);
        work.Audit("exchange.service.ready", "data-service", id, after: new { service.Code, due }, note: access.Delegation(Permission.EditServices));
        work.Publish(new DataServiceMoved(id, "ready"));
        await work.CommitAsync(cancellationToken);
        log.ServiceMoved(service.Code, "ready");
        return due;
    }

    /// <summary>The head or the owner publishes one version. Who wrote the version down is another person (separation of duties).</summary>
    public async Task<Result<Done>> HandleAsync(DataServiceId id, ServiceVersionId versionId, int? version, CancellationToken cancellationToken)
    {
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!work.Book.Services.TryGetValue(id, out var service)) return ExchangeRefusals.UnknownService;
        if (await access.DenyAsync(Permission.PublishServices, service.Unit, cancellationToken) is { } denied) return denied;
        var standing = ServiceStanding.Of(work.Book, service, work.Now);
        if (standing.State is ServiceState.Withdrawn) return ExchangeRefusals.ServiceWithdrawn(service.Code);
        if (work.Book.ServiceVersions.Of(id).FirstOrDefault(v => v.Id == versionId) is not { } chosen) return ExchangeRefusals.UnknownVersion;
        if (standing.PublishDue is null) return ExchangeRefusals.NotReady(service.Code);
        if (standing.OfMajor(chosen.Major) is { } live && (chosen.Minor, chosen.Patch).CompareTo((live.Minor, live.Patch)) <= 0) return ExchangeRefusals.VersionNotHigher(chosen.Label, live.Label);
        if (chosen.By == access.User.Id && !access.User.IsSystem) return ExchangeRefusals.SamePerson;
        if (await work.TouchAsync<DataService>(id, version, cancellationToken) is { } stale) return stale;
        work.Happened(id.Value, ExchangeEventKind.Published, target: chosen.Id.Value, word: chosen.Label);
        work.ChangesRights();
        work.Audit("exchange.service.published", "data-service", id, after: new { service.Code, chosen.Label }, note: access.Delegation(Permission.PublishServices));
        work.Publish(new DataServiceMoved(id, "published"));
        await work.CommitAsync(cancellationToken);
        log.ServiceMoved(service.Code, "published");
        return default(Done);
    }

    /// <summary>Ends the service for good; agreements on it give no right from then on. Those who use it are told beforehand: it must have no agreement in force, or be terminated with it.</summary>
    public async Task<Result<Done>> WithdrawAsync(DataServiceId id, int? version, string? reason, CancellationToken cancellationToken)
    {
        if (Typing.Need("Reason", reason) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (!work.Book.Services.TryGetValue(id, out var service)) return ExchangeRefusals.UnknownService;
        if (await access.DenyAsync(Permission.PublishServices, service.Unit, cancellationToken) is { } denied) return denied;
        if (ServiceStanding.Of(work.Book, service, work.Now).State is ServiceState.Withdrawn) return ExchangeRefusals.ServiceWithdrawn(service.Code);
        var alive = work.Book.Agreements.Values.Where(a => a.Service == id && AgreementStanding.Of(work.Book, a, work.Now).State is AgreementState.InForce or AgreementState.Suspended or AgreementState.Ahead).Select(a => a.Code).ToList();
        if (alive.Count > 0) return ExchangeRefusals.AgreementsAlive(service.Code, alive);
        if (await work.TouchAsync<DataService>(id, version, cancellationToken) is { } stale) return stale;
        work.Happened(id.Value, ExchangeEventKind.Withdrawn, text: reason);
        work.ChangesRights();
        work.Audit("exchange.service.withdrawn", "data-service", id, after: new { service.Code, reason }, note: access.Delegation(Permission.PublishServices));
        work.Publish(new DataServiceMoved(id, "withdrawn"));
        await work.CommitAsync(cancellationToken);
        log.ServiceMoved(service.Code, "withdrawn");
        return default(Done);
    }

    /// <summary>Versions above what is published of their major version.</summary>
    internal static IReadOnlyList<ServiceVersion> Waiting(ExchangeBook book, DataService service, ServiceStanding standing) =>
        [.. book.ServiceVersions.Of(service.Id).Where(v => standing.OfMajor(v.Major) is not { } live || (v.Minor, v.Patch).CompareTo((live.Minor, live.Patch)) > 0)];
}
