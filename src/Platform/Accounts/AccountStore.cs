using LienThong.Kernel;
using LienThong.Platform.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Accounts;

/// <summary>
/// Our accounts as a store of ASP.NET Core Identity. Only what its passkey handler and password hasher ask for: making accounts, roles and
/// locks are slices of ours, because they are audited and follow a clock that tests can set.
/// </summary>
public sealed class AccountStore(IDbContextFactory<PlatformDb> databases, TimeProvider clock)
    : IUserPasswordStore<UserAccount>, IUserSecurityStampStore<UserAccount>, IUserPasskeyStore<UserAccount>
{
    /// <summary>Computer, telephone, two keys in a drawer, and room to change them.</summary>
    public const int PasskeysMax = 10;

    public async Task<UserAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        if (!UserId.TryParse(userId, out var id)) return null;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, cancellationToken);
    }

    public async Task<UserAccount?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken)
    {
        var name = UserAccount.NormalName(normalizedUserName);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.SignInName == name, cancellationToken);
    }

    public Task<string> GetUserIdAsync(UserAccount user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(UserAccount user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SignInName);

    public Task<string?> GetNormalizedUserNameAsync(UserAccount user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SignInName);

    public Task SetUserNameAsync(UserAccount user, string? userName, CancellationToken cancellationToken)
    {
        user.SignInName = userName ?? "";
        return Task.CompletedTask;
    }

    public Task SetNormalizedUserNameAsync(UserAccount user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IdentityResult> CreateAsync(UserAccount user, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Users.Add(user);
        await db.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    /// <summary>After a passkey is added or used, the user manager saves the user too; nothing of ours changed on it.</summary>
    public Task<IdentityResult> UpdateAsync(UserAccount user, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);

    public Task<IdentityResult> DeleteAsync(UserAccount user, CancellationToken cancellationToken) =>
        Task.FromResult(IdentityResult.Failed(new IdentityError { Code = "AccountsAreKept", Description = "An account is closed, never deleted." }));

    public Task SetPasswordHashAsync(UserAccount user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(UserAccount user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(UserAccount user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(UserAccount user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(UserAccount user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public async Task AddOrUpdatePasskeyAsync(UserAccount user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var id = WebEncoders.Base64UrlEncode(passkey.CredentialId);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Passkeys.FirstOrDefaultAsync(p => p.CredentialId == id, cancellationToken) is { } known)
        {
            if (known.User != user.Id) throw new InvalidOperationException("That passkey belongs to somebody else.");
            (known.SignCount, known.IsBackedUp, known.IsUserVerified, known.Name) = (passkey.SignCount, passkey.IsBackedUp, passkey.IsUserVerified, passkey.Name);
        }
        else
        {
            db.Passkeys.Add(new Passkey
            {
                CredentialId = id,
                User = user.Id,
                PublicKey = passkey.PublicKey,
                Name = passkey.Name,
                CreatedAt = clock.GetUtcNow(),
                SignCount = passkey.SignCount,
                Transports = string.Join(',', passkey.Transports ?? []),
                IsUserVerified = passkey.IsUserVerified,
                IsBackupEligible = passkey.IsBackupEligible,
                IsBackedUp = passkey.IsBackedUp,
                AttestationObject = passkey.AttestationObject,
                ClientDataJson = passkey.ClientDataJson,
            });
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(UserAccount user, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Passkeys.AsNoTracking().Where(p => p.User == user.Id).OrderBy(p => p.CreatedAt).Take(PasskeysMax).ToListAsync(cancellationToken);
        return [.. rows.Select(InfoOf)];
    }

    public async Task<UserAccount?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = WebEncoders.Base64UrlEncode(credentialId);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var owner = await db.Passkeys.Where(p => p.CredentialId == id).Select(p => (UserId?)p.User).FirstOrDefaultAsync(cancellationToken);
        return owner is null ? null : await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == owner.Value, cancellationToken);
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(UserAccount user, byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = WebEncoders.Base64UrlEncode(credentialId);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Passkeys.AsNoTracking().FirstOrDefaultAsync(p => p.CredentialId == id && p.User == user.Id, cancellationToken);
        return row is null ? null : InfoOf(row);
    }

    public async Task RemovePasskeyAsync(UserAccount user, byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = WebEncoders.Base64UrlEncode(credentialId);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Passkeys.Where(p => p.CredentialId == id && p.User == user.Id).ExecuteDeleteAsync(cancellationToken);
    }

    public void Dispose()
    {
    }

    private static UserPasskeyInfo InfoOf(Passkey row) => new(
        WebEncoders.Base64UrlDecode(row.CredentialId), row.PublicKey, row.CreatedAt, (uint)row.SignCount,
        row.Transports.Length == 0 ? null : row.Transports.Split(','), row.IsUserVerified, row.IsBackupEligible, row.IsBackedUp, row.AttestationObject, row.ClientDataJson)
    {
        Name = row.Name,
    };
}
