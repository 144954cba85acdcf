using LienThong.Kernel;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Accounts.Contracts;

/// <summary>A person as others may know them.</summary>
public sealed record PersonView(UserId Id, string SignInName, string DisplayName, OrgUnitId HomeUnit);

/// <summary>What other modules may ask about people.</summary>
public interface IPeople
{
    Task<PersonView?> FindAsync(UserId id, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<UserId, PersonView>> FindAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancellationToken);

    /// <summary>Who may do that in that unit today (for "who can do it" on a refusal, and for reminders). Bounded to fifty.</summary>
    Task<IReadOnlyList<PersonView>> WhoMayAsync(Permission permission, OrgUnitId unit, CancellationToken cancellationToken);
}

/// <summary>The demo's one-click sign-in. Only the demo registers one; without it the address does not exist.</summary>
public interface IDemoSignIn
{
    Task<IReadOnlyList<DemoPerson>> PeopleAsync(CancellationToken cancellationToken);
}

/// <summary>One simulated person of the demo and what to try as them.</summary>
public sealed record DemoPerson(UserId Id, string Name, string RoleName, string UnitName);
