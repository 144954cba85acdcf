namespace LienThong.Platform.Shared;

/// <summary>
/// The whole of who may do what (requirements §2), one row per right; anything absent is denied. Separation of duties that no table can
/// say (submitter ≠ reviewer, reviewer of another unit) is checked where the deed is done. PlatformAdmin has no right over plans or results.
/// </summary>
public static class AccessTable
{
    private static readonly Dictionary<(Role, Permission), Reach> Rows = Build();

    public static Reach ReachOf(Role role, Permission permission) => Rows.GetValueOrDefault((role, permission), Reach.None);

    private static Dictionary<(Role, Permission), Reach> Build()
    {
        var rows = new Dictionary<(Role, Permission), Reach>();
        void Allow(Permission permission, Reach reach, params Role[] roles)
        {
            foreach (var role in roles) rows[(role, permission)] = reach;
        }

        Role[] staff =
        [
            Role.ProvinceLeader, Role.StandingBody, Role.ProvinceOffice, Role.SecurityAuthority, Role.HumanResourceAuthority, Role.FinanceAuthority,
            Role.UnitHead, Role.UnitFocal, Role.DataOwner, Role.DataSteward, Role.DataConsumer, Role.SystemOperator, Role.SecurityOfficer,
            Role.PartyOffice, Role.Auditor, Role.CommunityMember, Role.PlatformAdmin,
        ];
        Role[] overseers = [Role.ProvinceLeader, Role.StandingBody, Role.ProvinceOffice, Role.Auditor];

        Allow(Permission.ViewRegistry, Reach.Province, staff);
        Allow(Permission.EditRegistry, Reach.Province, Role.PlatformAdmin);
        Allow(Permission.ImportRegistry, Reach.Province, Role.PlatformAdmin);
        Allow(Permission.ManageDelegation, Reach.Own, Role.UnitHead, Role.ProvinceLeader);

        Allow(Permission.ViewTasks, Reach.Province, overseers);
        Allow(Permission.ViewTasks, Reach.Province, Role.SecurityAuthority, Role.HumanResourceAuthority, Role.FinanceAuthority);
        Allow(Permission.ViewTasks, Reach.Subtree, Role.UnitHead, Role.UnitFocal, Role.DataOwner, Role.DataSteward, Role.DataConsumer,
            Role.SystemOperator, Role.SecurityOfficer, Role.PartyOffice);
        Allow(Permission.ViewBoard, Reach.Province, overseers);
        Allow(Permission.ViewBoard, Reach.Province, Role.SecurityAuthority, Role.HumanResourceAuthority, Role.FinanceAuthority);
        Allow(Permission.ViewBoard, Reach.Subtree, Role.UnitHead, Role.UnitFocal, Role.PartyOffice);
        Allow(Permission.ImportPlan, Reach.Province, Role.StandingBody, Role.ProvinceOffice);
        Allow(Permission.EditPlan, Reach.Province, Role.StandingBody, Role.ProvinceOffice);
        Allow(Permission.IssuePlan, Reach.Province, Role.ProvinceLeader, Role.ProvinceOffice, Role.StandingBody);
        Allow(Permission.AssignTask, Reach.Province, Role.ProvinceLeader, Role.StandingBody, Role.ProvinceOffice);
        Allow(Permission.ReportProgress, Reach.Own, Role.UnitHead, Role.UnitFocal, Role.PartyOffice);
        Allow(Permission.ReviewProgress, Reach.Province, Role.StandingBody, Role.ProvinceOffice);
        Allow(Permission.RequestExtension, Reach.Own, Role.UnitHead, Role.UnitFocal, Role.PartyOffice);
        Allow(Permission.DecideExtension, Reach.Province, Role.ProvinceLeader);
        Allow(Permission.RaiseObstacle, Reach.Own, Role.UnitHead, Role.UnitFocal, Role.PartyOffice);
        Allow(Permission.AnswerObstacle, Reach.Province, Role.ProvinceLeader, Role.StandingBody);
        Allow(Permission.SendFollowUp, Reach.Province, Role.StandingBody, Role.ProvinceOffice);
        Allow(Permission.ClosePeriod, Reach.Province, Role.ProvinceOffice, Role.StandingBody);
        Allow(Permission.ExportTasks, Reach.Province, overseers);
        Allow(Permission.ExportTasks, Reach.Subtree, Role.UnitHead, Role.UnitFocal, Role.PartyOffice);

        Allow(Permission.ManageUsers, Reach.Province, Role.PlatformAdmin);
        Allow(Permission.ManageParameters, Reach.Province, Role.PlatformAdmin);
        Allow(Permission.ViewJobs, Reach.Province, Role.PlatformAdmin, Role.Auditor);
        Allow(Permission.RetryJobs, Reach.Province, Role.PlatformAdmin);
        Allow(Permission.ViewAudit, Reach.Province, Role.Auditor);
        return rows;
    }
}
