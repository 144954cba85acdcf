using LienThong.Kernel;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;

namespace LienThong.Platform.Accounts;

/// <summary>The rules of signing in as they hold today: parameters with a legal basis, and two switches of this installation.</summary>
public sealed record AccountPolicy(
    int PasswordMin, int PasswordMinWithSecondFactor, int PasswordHistory, int AdminPasswordMonths, int IdleDays, int ReviewMonths,
    int Attempts, TimeSpan LockOut, TimeSpan SessionIdle, TimeSpan SessionAbsolute, int SessionsMax, IReadOnlySet<Role> SecondFactorRoles)
{
    /// <summary>Longer than any phrase a person types, short enough that hashing it is no attack.</summary>
    public const int PasswordMax = 128;

    public static AccountPolicy From(ParameterSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return new AccountPolicy(
            sheet.Number("sec.pwd.min"), sheet.Number("sec.pwd.min.mfa"), sheet.Number("sec.pwd.history"), sheet.Number("sec.pwd.admin.months"),
            sheet.Number("sec.idle.disable.days"), sheet.Number("sec.access.review.months"), sheet.Number("sec.signin.attempts"),
            TimeSpan.FromMinutes(sheet.Number("sec.signin.lock.minutes")), TimeSpan.FromMinutes(sheet.Number("sec.session.idle.minutes")),
            TimeSpan.FromMinutes(sheet.Number("sec.session.absolute.minutes")), sheet.Number("sec.session.max"),
            sheet.List("sec.mfa.roles").Select(r => Enum.Parse<Role>(r)).ToHashSet());
    }

    /// <summary>An administrator changes the password every two months; a person with a temporary one at once.</summary>
    public bool MustChangePassword(UserAccount user, bool isAdmin, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.PasswordHash is null || user.PasswordSetAt is not { } setAt) return false;
        return user.PasswordIsTemporary || (isAdmin && Vietnamese.DayOf(now) >= Vietnamese.DayOf(setAt).AddMonths(AdminPasswordMonths));
    }
}

/// <summary>What this installation was started with.</summary>
public sealed record SignInOptions
{
    /// <summary>Sign-in with a name and a password is off unless somebody switched it on (R-ORG-06).</summary>
    public bool LocalSignIn { get; init; }
}
