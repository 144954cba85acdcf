using System.ComponentModel.DataAnnotations;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Exchange;

/// <summary>Which contract of an enterprise holds on a day.</summary>
public static class EnterpriseStanding
{
    public static EnterpriseContract? Contract(ExchangeBook book, OrgUnitId enterprise, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(book);
        return book.Contracts.Values.FirstOrDefault(c => c.Enterprise == enterprise && c.ValidFrom <= day && day <= LastDay(book, c));
    }

    /// <summary>Its last day as agreed, or the day before it was ended.</summary>
    public static DateOnly LastDay(ExchangeBook book, EnterpriseContract contract)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(contract);
        var ended = book.EventsOf(contract.Id.Value).FirstOrDefault(e => e.Kind is ExchangeEventKind.EnterpriseEnded);
        return ended?.Day is { } day && day < contract.ValidUntil ? day : contract.ValidUntil;
    }
}

/// <summary>A public service is given to an enterprise (R-SHR-13): only then can it ask for anything, and only as long as the contract lasts.</summary>
public sealed class AdmitEnterprise(IDbContextFactory<PlatformDb> databases, ExchangeAccess access, ExchangeIndex index, TimeProvider clock)
{
    public sealed record Request
    {
        public OrgUnitId Enterprise { get; set; }
        public OrgUnitId GivenBy { get; set; }
        [Required, StringLength(100)] public string Document { get; set; } = "";
        [Required, StringLength(4_000)] public string Duties { get; set; } = "";
        public DateOnly ValidFrom { get; set; }
        public DateOnly ValidUntil { get; set; }
    }

    public async Task<Result<EnterpriseContractId>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Deny(Permission.AdmitEnterprise) is { } denied) return denied;
        if (Typing.First(Typing.Need(nameof(request.Document), request.Document, 100), Typing.Need(nameof(request.Duties), request.Duties)) is { } wrong) return wrong;
        if (request.ValidFrom == default || request.ValidUntil < request.ValidFrom) return ExchangeRefusals.PeriodWrong;
        if (await access.UnitAsync(request.Enterprise, cancellationToken) is not { Kind: OrgUnitKind.Enterprise }) return ExchangeRefusals.NotAnEnterprise;
        if (await access.UnitAsync(request.GivenBy, cancellationToken) is not { } giver || giver.Kind is OrgUnitKind.Enterprise) return ExchangeRefusals.UnknownUnit(request.GivenBy.ToString());
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Contracts.Values.Any(c => c.Enterprise == request.Enterprise && c.ValidFrom <= request.ValidUntil && request.ValidFrom <= EnterpriseStanding.LastDay(work.Book, c))) return ExchangeRefusals.ContractOverlaps;
        var id = StrongId.New<EnterpriseContractId>(clock);
        work.Add(new EnterpriseContract
        {
            Id = id,
            Enterprise = request.Enterprise,
            GivenBy = request.GivenBy,
            Document = request.Document.Trim(),
            Duties = request.Duties.Trim(),
            ValidFrom = request.ValidFrom,
            ValidUntil = request.ValidUntil,
            CreatedAt = work.Now,
        });
        work.Happened(id.Value, ExchangeEventKind.EnterpriseAdmitted, document: request.Document);
        work.ChangesRights();
        work.Audit("exchange.enterprise.admitted", "enterprise-contract", id, after: new { request.Document, request.ValidFrom, request.ValidUntil });
        await work.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>Ends a contract before its day; the rights made on it end with it, from the next moment on.</summary>
    public async Task<Result<Done>> EndAsync(EnterpriseContractId id, int? version, string? reason, CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.AdmitEnterprise) is { } denied) return denied;
        if (Typing.Need("Reason", reason) is { } wrong) return wrong;
        await using var work = await ExchangeWork.BeginAsync(databases, index, access.User, clock, cancellationToken);
        if (work.Book.Contracts.GetValueOrDefault(id) is not { } contract) return ExchangeRefusals.UnknownContract;
        if (EnterpriseStanding.LastDay(work.Book, contract) < work.Today) return ExchangeRefusals.ContractOver;
        if (await work.TouchAsync<EnterpriseContract>(id, version, cancellationToken) is { } stale) return stale;
        work.Happened(id.Value, ExchangeEventKind.EnterpriseEnded, day: work.Today.AddDays(-1), text: reason);
        work.ChangesRights();
        work.Audit("exchange.enterprise.ended", "enterprise-contract", id, after: new { reason });
        await work.CommitAsync(cancellationToken);
        return default(Done);
    }
}

public sealed record EnterpriseLine(EnterpriseContract Contract, string EnterpriseName, string GivenByName, DateOnly LastDay);

/// <summary>Contracts of enterprises, and the enterprises the registry knows.</summary>
public sealed class FindEnterprises(ExchangeAccess access, ExchangeIndex index, IOrgUnits units)
{
    public sealed record Answer(IReadOnlyList<EnterpriseLine> Rows, IReadOnlyList<OrgUnitView> Enterprises);

    public async Task<Result<Answer>> HandleAsync(CancellationToken cancellationToken)
    {
        if (access.Deny(Permission.AdmitEnterprise) is { } denied) return denied;
        var book = await index.CurrentAsync(cancellationToken);
        var names = await access.NamesAsync(book.Contracts.Values.SelectMany(c => new[] { c.Enterprise, c.GivenBy }), cancellationToken);
        var known = (await units.OutsideAsync(access.Today, cancellationToken)).Concat(await units.TreeAsync(access.Today, cancellationToken)).Where(u => u.Kind is OrgUnitKind.Enterprise).ToList();
        return new Answer(
            [.. book.Contracts.Values.OrderByDescending(c => c.ValidFrom).Take(ExchangePage<EnterpriseLine>.Size * 4).Select(c => new EnterpriseLine(c, names[c.Enterprise], names[c.GivenBy], EnterpriseStanding.LastDay(book, c)))], known);
    }
}
