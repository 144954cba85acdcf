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

        // The exchange: who provides and who consumes act for their own unit only; whoever prepares does not decide, and nobody administers rights to call.
        Allow(Permission.ViewServices, Reach.Province, staff);
        Allow(Permission.EditSystems, Reach.Own, Role.DataOwner, Role.DataSteward, Role.SystemOperator, Role.UnitHead);
        Allow(Permission.EditSystems, Reach.Province, Role.StandingBody);
        Allow(Permission.EditServices, Reach.Own, Role.DataOwner, Role.DataSteward);
        Allow(Permission.PublishServices, Reach.Own, Role.DataOwner, Role.UnitHead);
        Allow(Permission.ViewSharing, Reach.Province, overseers);
        Allow(Permission.ViewSharing, Reach.Province, Role.SecurityAuthority);
        Allow(Permission.ViewSharing, Reach.Subtree, Role.UnitHead, Role.UnitFocal, Role.DataOwner, Role.DataSteward, Role.DataConsumer, Role.SystemOperator, Role.SecurityOfficer);
        Allow(Permission.RequestSharing, Reach.Own, Role.DataConsumer, Role.UnitHead);
        Allow(Permission.AnswerSharing, Reach.Own, Role.DataOwner, Role.DataSteward, Role.UnitFocal);
        Allow(Permission.DecideSharing, Reach.Own, Role.DataOwner, Role.UnitHead);
        Allow(Permission.SignAgreement, Reach.Own, Role.DataOwner, Role.UnitHead);
        Allow(Permission.SuspendSharing, Reach.Own, Role.DataOwner, Role.UnitHead);
        Allow(Permission.SuspendSharing, Reach.Province, Role.SecurityAuthority);
        Allow(Permission.RaiseDispute, Reach.Own, Role.DataConsumer, Role.DataOwner, Role.UnitHead, Role.UnitFocal);
        Allow(Permission.SettleDispute, Reach.Province, Role.StandingBody, Role.ProvinceLeader);
        Allow(Permission.RegisterLetter, Reach.Own, Role.UnitFocal, Role.UnitHead, Role.DataSteward, Role.DataOwner);
        Allow(Permission.RegisterLetter, Reach.Province, Role.ProvinceOffice, Role.StandingBody);
        Allow(Permission.AdmitEnterprise, Reach.Province, Role.StandingBody);

        // Monitoring: who uses a connection sees it (ViewSharing); logs and alerts are for who oversees and who runs the platform; what a digest hides is the auditor's.
        Allow(Permission.ViewNodes, Reach.Province, overseers);
        Allow(Permission.ViewNodes, Reach.Province, Role.SecurityAuthority, Role.SystemOperator, Role.PlatformAdmin);
        Allow(Permission.KeepNodes, Reach.Province, Role.StandingBody, Role.PlatformAdmin);
        Allow(Permission.RevealCalls, Reach.Province, Role.Auditor);

        Allow(Permission.ManageUsers, Reach.Province, Role.PlatformAdmin);
        Allow(Permission.ManageParameters, Reach.Province, Role.PlatformAdmin);
        Allow(Permission.ViewJobs, Reach.Province, Role.PlatformAdmin, Role.Auditor);
        Allow(Permission.RetryJobs, Reach.Province, Role.PlatformAdmin);
        Allow(Permission.ViewAudit, Reach.Province, Role.Auditor);
        return rows;
    }
}
