using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>An administrator makes an account beforehand; nobody registers oneself.</summary>
public sealed partial class CreateUser(
    IDbContextFactory<PlatformDb> databases, UnitCheck units, PersonalNumbers numbers, Passwords passwords, ParameterBook parameters, TimeProvider clock)
{
    public sealed record Request
    {
        [Required(ErrorMessage = "accounts.user.name-invalid"), StringLength(64)] public string SignInName { get; set; } = "";
        [Required(ErrorMessage = "accounts.user.display-invalid"), StringLength(120)] public string DisplayName { get; set; } = "";
        public OrgUnitId HomeUnit { get; set; }

        /// <summary>Twelve digits, to find the person when the national identity provider proves them. Kept as a keyed digest only.</summary>
        public string? PersonalNumber { get; set; }

        /// <summary>A first password, good for one sign-in, where local sign-in is used.</summary>
        public string? TemporaryPassword { get; set; }
    }

    public sealed record Created(UserId Id);

    public async Task<Result<Created>> HandleAsync(Request request, CurrentUser by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(by);
        if (!by.May(Permission.ManageUsers)) return AccountsRefusals.Forbidden();
        var name = UserAccount.NormalName(request.SignInName);
        if (!NamePattern().IsMatch(name)) return AccountsRefusals.NameInvalid();
        if (VietnameseText.Clean(request.DisplayName).Length is < 2 or > 120) return AccountsRefusals.DisplayNameInvalid();
        if (!await units.ExistsAsync(request.HomeUnit, cancellationToken)) return AccountsRefusals.UnitUnknown();
        string? digest = null;
        if (!string.IsNullOrWhiteSpace(request.PersonalNumber) && (digest = numbers.DigestOf(request.PersonalNumber)) is null) return AccountsRefusals.LinkInvalid();

        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Users.AnyAsync(u => u.SignInName == name, cancellationToken)) return AccountsRefusals.NameTaken(name);
        if (digest is not null && await db.AccountLinks.AnyAsync(l => l.Kind == AccountLinkKind.PersonalNumber && l.Subject == digest && l.EndedAt == null, cancellationToken))
        {
            return AccountsRefusals.LinkTaken();
        }

        var user = new UserAccount
        {
            Id = StrongId.New<UserId>(clock),
            SignInName = name,
            DisplayName = request.DisplayName,
            HomeUnit = request.HomeUnit,
            SecurityStamp = Passwords.NewStamp(),
            CreatedAt = now,
        };
        user.RefreshSearchText();
        if (!string.IsNullOrEmpty(request.TemporaryPassword))
        {
            var policy = AccountPolicy.From(await parameters.TodayAsync(cancellationToken));
            if (await passwords.SetAsync(db, user, request.TemporaryPassword, hasSecondFactor: false, isTemporary: true, policy, now, cancellationToken) is { } refusal) return refusal;
        }

        db.Users.Add(user);
        if (digest is not null)
        {
            db.AccountLinks.Add(new AccountLink
            {
                Id = StrongId.New<AccountLinkId>(clock),
                User = user.Id,
                Kind = AccountLinkKind.PersonalNumber,
                Issuer = "",
                Subject = digest,
                Label = "",
                AddedAt = now,
                AddedBy = by.Id,
            });
        }

        db.Record(by, clock, "accounts.user.created", "user", user.Id, after: new { user.SignInName, user.DisplayName, unit = user.HomeUnit.Value, personalNumber = digest is not null });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody made the same name or link a moment ago; the unique index decides.
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            if (await again.Users.AnyAsync(u => u.SignInName == name, cancellationToken)) return AccountsRefusals.NameTaken(name);
            throw;
        }

        return new Created(user.Id);
    }

    /// <summary>Letters, digits and the marks of an office's mail address; three at least, so that a search for one means something.</summary>
    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9._@-]{1,62})[a-z0-9]$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex NamePattern();
}

/// <summary>Whether a unit exists today. While the registry holds no tree yet (the first administrator comes before it), any unit is believed.</summary>
public sealed class UnitCheck(IEnumerable<Registry.Contracts.IOrgUnits> registries, TimeProvider clock)
{
    public async Task<bool> ExistsAsync(OrgUnitId unit, CancellationToken cancellationToken)
    {
        var today = Vietnamese.DayOf(clock.GetUtcNow());
        var isEmpty = true;
        foreach (var registry in registries)
        {
            if (await registry.FindAsync(unit, today, cancellationToken) is { } found && (found.ValidTo is null || today <= found.ValidTo)) return true;
            isEmpty &= (await registry.TreeAsync(today, cancellationToken)).Count == 0;
        }

        return isEmpty && unit != default;
    }
}
