using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>
/// A unit gets a head or a focal person from a day on (R-ORG-04). A new head follows the one before; a unit may have several focal persons.
/// A head may name the officers of the unit; an administrator those of any.
/// </summary>
public sealed partial class SetOfficer(IDbContextFactory<PlatformDb> databases, RegistryCache cache, ICurrentUser user, TimeProvider clock)
{
    public sealed record Request
    {
        public OrgUnitId Unit { get; set; }
        public OfficerPost Post { get; set; }
        [Required, StringLength(120)] public string Name { get; set; } = "";
        [StringLength(120)] public string? Title { get; set; }
        [StringLength(20)] public string? Phone { get; set; }
        [StringLength(120)] public string? Email { get; set; }
        public UserId? Account { get; set; }
        public DateOnly From { get; set; }
        public DateOnly? To { get; set; }
        [StringLength(300)] public string? Document { get; set; }

        /// <summary>A focal person who replaces the ones before; otherwise the unit then has several.</summary>
        public bool Replaces { get; set; } = true;
    }

    [GeneratedRegex(@"^\+?[0-9 .()-]{8,20}$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex PhoneForm();

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s]+$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex EmailForm();

    public async Task<Result<Done>> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = user.Current;
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        var registry = await cache.SnapshotAsync(cancellationToken);
        if (!RegistryWrites.May(by, Permission.EditRegistry, request.Unit, registry, today) && !RegistryWrites.May(by, Permission.ManageDelegation, request.Unit, registry, today)) return RegistryRefusals.NotAllowed();
        if (registry.Unit(request.Unit) is not { } unit) return RegistryRefusals.UnknownUnit(request.Unit.ToString());
        if (VietnameseText.Clean(request.Name).Length == 0) return RegistryRefusals.NameMissing();
        if (request.From == default || request.To < request.From) return RegistryRefusals.PeriodReversed();
        if (unit.ValidTo is { } end && end < request.From) return RegistryRefusals.UnitEnded(unit.Code, end);
        if (Contact(request.Phone, PhoneForm(), out var phone) is { } badPhone) return badPhone;
        if (Contact(request.Email, EmailForm(), out var email) is { } badEmail) return badEmail;

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var others = await db.UnitOfficers.Where(o => o.Unit == request.Unit && o.Post == request.Post).ToListAsync(cancellationToken);
        if (request.Post is OfficerPost.Head || request.Replaces)
        {
            foreach (var other in others.Where(o => o.Overlaps(request.From, request.To)))
            {
                if (other.ValidFrom >= request.From) return RegistryRefusals.OfficerOverlaps(other.Name, other.ValidFrom);
                other.ValidTo = request.From.AddDays(-1);
            }
        }

        var officer = new UnitOfficer
        {
            Id = RegistryWrites.NewKey(clock),
            Unit = request.Unit,
            Post = request.Post,
            Name = request.Name,
            Title = VietnameseText.Clean(request.Title),
            Phone = phone,
            Email = email,
            Account = request.Account,
            Document = request.Document,
            ValidFrom = request.From,
            ValidTo = request.To,
        };
        db.UnitOfficers.Add(officer);
        db.Record(by, clock, "registry.officer.set", "unit", request.Unit, others.Where(o => o.ValidTo == request.From.AddDays(-1)).Select(o => o.Name),
            new { request.Post, officer.Name, officer.Title, request.From, request.To, request.Document });
        await RegistryWrites.SaveAsync(db, cache, cancellationToken);
        return default(Done);
    }

    private static Refusal? Contact(string? text, Regex form, out string? contact)
    {
        contact = VietnameseText.Clean(text) is { Length: > 0 } clean ? clean : null;
        return contact is null || form.IsMatch(contact) ? null : RegistryRefusals.ContactWrong(contact);
    }
}
