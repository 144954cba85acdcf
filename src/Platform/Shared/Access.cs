using LienThong.Kernel;

namespace LienThong.Platform.Shared;

/// <summary>The roles of the requirements, §2. A grant is a role in one unit for a period; a person may hold several.</summary>
public enum Role
{
    ProvinceLeader, StandingBody, ProvinceOffice, SecurityAuthority, HumanResourceAuthority, FinanceAuthority,
    UnitHead, UnitFocal, DataOwner, DataSteward, DataConsumer, SystemOperator, SecurityOfficer, PartyOffice,
    Auditor, Citizen, CommunityMember, PlatformAdmin, ServiceAccount,
}

/// <summary>What may be done. Deny by default: an endpoint names one, and a role has it only if <see cref="AccessTable"/> says so.</summary>
public enum Permission
{
    /// <summary>Public pages and probes: no sign-in.</summary>
    Anyone,

    /// <summary>Any signed-in person, on things of their own (profile, second factor, sign-out).</summary>
    SignedIn,

    ViewRegistry, EditRegistry, ImportRegistry, ManageDelegation,
    ViewTasks, ViewBoard, ImportPlan, EditPlan, IssuePlan, AssignTask,
    ReportProgress, ReviewProgress, RequestExtension, DecideExtension, RaiseObstacle, AnswerObstacle, SendFollowUp,
    ClosePeriod, ExportTasks,
    ViewServices, EditSystems, EditServices, PublishServices, ViewSharing, RequestSharing, AnswerSharing, DecideSharing, SignAgreement, SuspendSharing,
    RaiseDispute, SettleDispute, RegisterLetter, AdmitEnterprise,
    ViewNodes, KeepNodes, RevealCalls,
    ManageUsers, ManageParameters, ViewJobs, RetryJobs, ViewAudit,
}

/// <summary>How far a right reaches, measured from the unit of the grant.</summary>
public enum Reach
{
    None,

    /// <summary>The unit of the grant only.</summary>
    Own,

    /// <summary>The unit of the grant and everything below it in the tree.</summary>
    Subtree,

    /// <summary>The whole province.</summary>
    Province,
}

/// <summary>A role one person holds in one unit. <paramref name="Delegation"/> names the power it was lent by, if it was.</summary>
public sealed record RoleGrant(Role Role, OrgUnitId Unit, DelegationId? Delegation = null);

/// <summary>Who is acting. Built once per request by the sign-in, or by a job or command line that says whom it acts for.</summary>
public sealed record CurrentUser(UserId Id, string Name, OrgUnitId Unit, string UnitName, IReadOnlyList<RoleGrant> Grants, string? RemoteAddress, int? RemotePort)
{
    /// <summary>The machine itself, for jobs and seeding; its name in the audit says so.</summary>
    public static CurrentUser System { get; } = new(default, "hệ thống", default, "Liên Thông", [], null, null) { IsSystem = true };

    /// <summary>Nobody in particular: a visitor who has not signed in.</summary>
    public static CurrentUser Anonymous(string? remoteAddress, int? remotePort) => new(default, "", default, "", [], remoteAddress, remotePort);

    public bool IsSystem { get; private init; }

    public bool IsSignedIn => IsSystem || Id != default;

    /// <summary>
    /// Whether this person may do that to a thing of <paramref name="unit"/>. <paramref name="above"/> are the ancestors of that unit today,
    /// nearest first, so that a right over a subtree can be told from a right over one unit.
    /// </summary>
    public bool May(Permission permission, OrgUnitId unit, IReadOnlyList<OrgUnitId> above)
    {
        ArgumentNullException.ThrowIfNull(above);
        if (IsSystem || permission is Permission.Anyone || (permission is Permission.SignedIn && IsSignedIn)) return true;
        return Grants.Any(grant => AccessTable.ReachOf(grant.Role, permission) switch
        {
            Reach.Province => true,
            Reach.Subtree => grant.Unit == unit || above.Contains(grant.Unit),
            Reach.Own => grant.Unit == unit,
            _ => false,
        });
    }

    /// <summary>Whether this person may do that anywhere at all; what exactly is then a question of scope.</summary>
    public bool May(Permission permission) =>
        IsSystem || permission is Permission.Anyone || (permission is Permission.SignedIn && IsSignedIn)
        || Grants.Any(grant => AccessTable.ReachOf(grant.Role, permission) is not Reach.None);

    /// <summary>
    /// The delegation in whose name this person may do that (R-ORG-05), or null when a grant of their own allows it. A deed done in the name of
    /// a delegation says so in its audit record.
    /// </summary>
    public DelegationId? LentBy(Permission permission, OrgUnitId unit, IReadOnlyList<OrgUnitId> above)
    {
        if (IsSystem || (this with { Grants = [.. Grants.Where(g => g.Delegation is null)] }).May(permission, unit, above)) return null;
        return Grants.FirstOrDefault(g => g.Delegation is not null && (this with { Grants = [g] }).May(permission, unit, above))?.Delegation;
    }

    /// <summary>The widest reach of that right, and the units it is held in.</summary>
    public (Reach Reach, IReadOnlyList<OrgUnitId> Units) ScopeOf(Permission permission)
    {
        if (IsSystem) return (Reach.Province, []);
        var held = Grants.Select(g => (Reach: AccessTable.ReachOf(g.Role, permission), g.Unit)).Where(g => g.Reach is not Reach.None).ToList();
        return held.Count == 0 ? (Reach.None, []) : (held.Max(g => g.Reach), [.. held.Select(g => g.Unit).Distinct()]);
    }
}

/// <summary>Who is acting now, as far as this scope knows.</summary>
public interface ICurrentUser
{
    CurrentUser Current { get; }
}
