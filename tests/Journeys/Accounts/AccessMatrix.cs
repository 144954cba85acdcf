using LienThong.Kernel;
using LienThong.Platform.Shared;
using static LienThong.Platform.Shared.Permission;

namespace LienThong.Journeys.Accounts;

/// <summary>
/// The authorization matrix: every endpoint of the product and the right that opens it, written down a second time so that a change in the
/// code has to be meant. <see cref="AccessMatrixTests"/> fails when the host has an endpoint that is not here, when one here is gone, or
/// when they disagree; then it asks each endpoint over HTTP as every role and as nobody.
/// <para>
/// To add an endpoint, add one line: <c>new("/nhiem-vu", ViewTasks)</c>. The first part is the route as written in <c>@page</c> or
/// <c>MapGet</c> (for routes that are not pages with the method before it: <c>"POST /dang-xuat"</c>), then the right, or several of which any
/// opens. If the right is held over one unit or a subtree by some role, say also how scope is proved: either
/// <c>ScopeInside = "where and how"</c> when the page shows a list that the slice narrows (and its unit test proves it), or
/// <c>Of = (world, unit) => address</c>, the address of a thing of that unit, which is then asked for as own, child, sibling, parent and other unit.
/// </para>
/// </summary>
internal static class AccessMatrix
{
    internal sealed record Row(string Route, params Permission[] AnyOf)
    {
        /// <summary>Why one address for all units is right: what narrows it, and which test proves that.</summary>
        public string? ScopeInside { get; init; }

        /// <summary>The caller is proven by what each request carries and never by a cookie, so there is no token of a page to ask for.</summary>
        public bool ProvesItself { get; init; }

        /// <summary>The address of something that belongs to that unit, made beforehand if need be.</summary>
        public Func<MatrixWorld, OrgUnitId, Task<string>>? Of { get; init; }
    }

    /// <summary>The slice asks CurrentUser.ScopeOf or May with the unit of the thing; its own unit tests show the narrowing.</summary>
    private const string NarrowedBySlice = "the slice narrows by CurrentUser.ScopeOf; see the unit tests of Plans";

    private const string SidesOnly = "the slice shows a thing to its consumer, its provider and who oversees; RequestClockTests and RegisterTests ask as a stranger";

    private const string CallsOfSides = "the slice shows connections and calls to their consumer, their provider and who oversees; MeasureTests asks as either side and as a stranger";

    public static IReadOnlyList<Row> Rows { get; } =
    [
        // The frame
        new("/", Anyone),
        new("/tro-giup", Anyone),
        new("/ve-trang-nay", Anyone),
        new("/kha-nang-tiep-can", Anyone),
        new("/phim-tat", Anyone),
        new("POST /phim-tat/doi", Anyone),
        new("POST /ngon-ngu", Anyone),
        new("POST /giao-dien", Anyone),
        new("GET /health/live", Anyone),
        new("GET /health/ready", Anyone),
        new("GET /api", Anyone),

        // Gateways: each request is signed by the node, or carries a code that is good once.
        new("POST /api/exchange/nodes/join", Anyone) { ProvesItself = true },
        new("GET /api/exchange/nodes/routes", Anyone),
        new("POST /api/exchange/nodes/shares", Anyone) { ProvesItself = true },
        new("POST /api/exchange/enrolment", Anyone) { ProvesItself = true },
        new("POST /api/exchange/enrolment/renew", Anyone) { ProvesItself = true },
        new("GET /api/exchange/enrolment/ca", Anyone),
        new("GET /api/exchange/enrolment/crl", Anyone),

        // Endpoints the framework adds and we do not use: closed to everybody, as if they were not there.
        new("GET /_framework/opaque-redirect"),
        new("GET|HEAD /{**path:file}"),

        // Signing in and out, one's own account
        new("/dang-nhap", Anyone),
        new("/dang-nhap/chua-co-tai-khoan", Anyone),
        new("GET /dang-nhap/oidc", Anyone),
        new("GET /dang-nhap/oidc/ve", Anyone),
        new("GET /dang-nhap/chung-thu", Anyone),
        new("POST /dang-nhap/mo-phong", Anyone),
        new("POST /dang-nhap/khoa/hoi", Anyone),
        new("POST /dang-nhap/khoa", Anyone),
        new("POST /dang-xuat", SignedIn),
        new("POST /dang-xuat/moi-noi", SignedIn),
        new("/tai-khoan", SignedIn),
        new("/tai-khoan/mat-khau", SignedIn),
        new("/tai-khoan/xac-thuc", SignedIn),
        new("POST /tai-khoan/phien/dung", SignedIn),
        new("POST /tai-khoan/khoa/hoi", SignedIn),
        new("POST /tai-khoan/khoa", SignedIn),
        new("POST /tai-khoan/khoa/bo", SignedIn),

        // The board, the start page, periods, the graph of documents
        new("/viec-cua-toi", SignedIn),
        new("/bang-dieu-hanh", ViewBoard) { ScopeInside = "ProvinceBoard counts within the scope; BoardTests asks as three people" },
        new("/chi-tieu", ViewBoard) { ScopeInside = "indicators of the province, without tasks or units of the scope" },
        new("/chot-ky", ViewBoard) { ScopeInside = "a list of periods without figures of units; closing asks for a right over the province" },
        new("/chot-ky/{Period}", ViewBoard) { ScopeInside = "FindPeriods asks for a right over the province" },
        new("/ke-hoach/so-do", ViewTasks) { ScopeInside = "titles of documents only, which every officer may see" },
        new("/don-vi/{Id}/nhiem-vu", ViewTasks) { Of = (_, unit) => Task.FromResult($"/don-vi/{unit}/nhiem-vu") },

        // Plans and tasks on the desk. Pages of one deed open to whoever sees the task: what one may not do there is told with its reason (and 403).
        new("/nhiem-vu", ViewTasks) { ScopeInside = "TaskRegister narrows every list to the scope" },
        new("/nhiem-vu/{TaskText:guid}", ViewTasks) { ScopeInside = "FindTask finds nothing outside the scope" },
        new("/nhiem-vu/{TaskText:guid}/bao-cao", ViewTasks) { ScopeInside = "FindTask, then ReportProgress asks for the unit of the part" },
        new("/nhiem-vu/{TaskText:guid}/vuong-mac", ViewTasks) { ScopeInside = "FindTask, then RaiseObstacle asks for the unit of the part" },
        new("/nhiem-vu/{TaskText:guid}/gia-han", ViewTasks) { ScopeInside = "FindTask, then RequestExtension asks for the unit of the part" },
        new("/nhiem-vu/{TaskText:guid}/giao-lai", ViewTasks) { ScopeInside = "FindTask, then AssignTask asks for a right over the province" },
        new("/nhiem-vu/{TaskText:guid}/so-do", ViewTasks) { ScopeInside = "FindTask, then RecordMeasuredValue asks for a right over the province" },
        new("/nhiem-vu/{TaskText:guid}/don-doc", ViewTasks) { ScopeInside = "FindTask, then SendFollowUp asks for a right over the province" },
        new("/nhiem-vu/{TaskText:guid}/xac-dinh-han", ViewTasks) { ScopeInside = "FindTask, then SettleDeadline asks for a right over the province" },
        new("/nhiem-vu/{TaskText:guid}/kiem-tra", ViewTasks) { ScopeInside = "FindTask, then RecordFieldCheck asks for a right over the province" },
        new("GET /kiem-tra/{id:guid}/anh", ViewTasks) { ScopeInside = "OpenPlanFile asks FindTask; WaitingDeadlineTests" },
        new("/nhiem-vu/{TaskText:guid}/dung", ViewTasks) { ScopeInside = "FindTask, then ChangeTask asks for a right over the province" },
        new("/nhiem-vu/bao-cao/{ReportText:guid}/tham-tra", ViewTasks) { ScopeInside = "FindTask, then ReviewReport asks for another unit" },
        new("/nhiem-vu/tao", EditPlan),
        new("/nhiem-vu/{TaskText:guid}/sua", EditPlan),
        new("/van-ban/moi", EditPlan),
        new("/van-ban/{DirectiveText:guid}/sua", EditPlan),
        new("/nhiem-vu/cap-tren", ImportPlan),
        new("GET /nhiem-vu/cap-tren/xlsx", ExportTasks) { ScopeInside = "ExternalTasks asks for a right over the province" },
        new("/nhiem-vu/nhap", ImportPlan),
        new("/nhiem-vu/nhap/{ImportText}", ImportPlan),
        new("/nhiem-vu/nhap/{ImportText}/xac-nhan", ImportPlan),
        new("GET /nhiem-vu/nhap/{id}/tep", ImportPlan),
        new("GET /nhiem-vu/xlsx", ExportTasks) { ScopeInside = "TaskRegister.AllAsync narrows to the scope of the export right" },
        new("GET /minh-chung/{id}", ViewTasks) { ScopeInside = "OpenPlanFile asks FindTask, and hides drafts of other units" },
        new("/ke-hoach", ViewTasks) { ScopeInside = "FindPlans counts within the scope" },
        new("/ke-hoach/{PlanText:guid}", ViewTasks) { ScopeInside = "FindPlans lists within the scope" },
        new("GET /ke-hoach/{id}/tep", ViewTasks) { ScopeInside = "OpenPlanFile asks for a task of the plan within the scope" },

        // The exchange: lists and pages show what the slices of Exchange let through; each deed asks for the unit it concerns (RequestClockTests, AgreementTests, RegisterTests).
        new("/thong-bao-dich-vu", Anyone),
        new("/he-thong", ViewServices),
        new("/he-thong/{IdText:guid}", ViewServices),
        new("/he-thong/moi", EditSystems) { ScopeInside = "a form; KeepSystems asks for the owner's unit" },
        new("/he-thong/{IdText:guid}/sua", EditSystems) { ScopeInside = "FindSystems, then KeepSystems asks for both owners" },
        new("GET /he-thong/xlsx", ViewServices),
        new("/dich-vu", ViewServices),
        new("/dich-vu/{IdText:guid}", ViewServices),
        new("/dich-vu/moi", EditServices) { ScopeInside = "offers own subsystems only; KeepServices asks for the provider's unit" },
        new("/dich-vu/{IdText:guid}/sua", EditServices) { ScopeInside = "FindServices, then KeepServices asks for the provider's unit" },
        new("GET /dich-vu/xlsx", ViewServices),
        new("GET /dich-vu/{id:guid}/tai-lieu/{version:guid}", ViewServices),
        new("/yeu-cau-chia-se", ViewSharing) { ScopeInside = SidesOnly },
        new("/yeu-cau-chia-se/{IdText:guid}", ViewSharing) { ScopeInside = SidesOnly },
        new("/yeu-cau-chia-se/moi", RequestSharing) { ScopeInside = "offers own subsystems only; AskForSharing asks for the consumer's unit" },
        new("/yeu-cau-chia-se/{IdText:guid}/sua", RequestSharing) { ScopeInside = SidesOnly },
        new("GET /yeu-cau-chia-se/xlsx", ViewSharing) { ScopeInside = SidesOnly },
        new("/thoa-thuan", ViewSharing) { ScopeInside = SidesOnly },
        new("/thoa-thuan/{IdText:guid}", ViewSharing) { ScopeInside = SidesOnly },
        new("/thoa-thuan/{IdText:guid}/kiem-tra", ViewSharing) { ScopeInside = SidesOnly },
        new("/thoa-thuan/moi", AnswerSharing, RequestSharing) { ScopeInside = "FindRequests, then MakeAgreement asks for the provider's unit" },
        new("/thoa-thuan/{IdText:guid}/sua", AnswerSharing, RequestSharing) { ScopeInside = "FindAgreements, then MakeAgreement asks for either side's unit" },
        new("GET /thoa-thuan/xlsx", ViewSharing) { ScopeInside = SidesOnly },
        new("/vuong-mac-chia-se", ViewSharing) { ScopeInside = SidesOnly },
        new("/van-ban-giay", ViewSharing) { ScopeInside = SidesOnly },
        new("GET /van-ban-giay/xlsx", ViewSharing) { ScopeInside = SidesOnly },
        new("/doanh-nghiep", AdmitEnterprise),

        // Monitoring: connections and calls are shown to their two sides and who oversees; logs and alerts to who oversees and who runs the platform.
        new("/ket-noi-cong-khai", Anyone),
        new("/kiem-chung", Anyone),
        new("GET /kiem-chung/tai-ve", Anyone),
        new("/ket-noi", ViewSharing) { ScopeInside = CallsOfSides },
        new("/ket-noi/{IdText:guid}", ViewSharing) { ScopeInside = CallsOfSides },
        new("GET /ket-noi/csv", ViewSharing) { ScopeInside = CallsOfSides },
        new("/luot-goi", ViewSharing) { ScopeInside = CallsOfSides },
        new("/luot-goi/{CallText:guid}", ViewSharing) { ScopeInside = CallsOfSides },
        new("GET /luot-goi/csv", ViewSharing) { ScopeInside = CallsOfSides },
        new("GET /luot-goi/{call:guid}/tlog-proof", ViewSharing) { ScopeInside = CallsOfSides },
        new("GET /luot-goi/{call:guid}/khoa", ViewSharing) { ScopeInside = CallsOfSides },
        new("/ai-doc-du-lieu", ViewSharing) { ScopeInside = CallsOfSides },
        new("/doi-chieu", ViewSharing) { ScopeInside = CallsOfSides },
        new("GET /doi-chieu/csv", ViewSharing) { ScopeInside = CallsOfSides },
        new("/nut-nhat-ky", ViewNodes),
        new("/canh-bao", ViewNodes),

        // Administration and audit
        new("/quan-tri", ViewJobs, ManageUsers, ViewAudit),
        new("/quan-tri/viec-nen", ViewJobs),
        new("/quan-tri/tham-so", ManageParameters),
        new("/quan-tri/nguoi-dung", ManageUsers),
        new("/quan-tri/nguoi-dung/them", ManageUsers),
        new("/quan-tri/nguoi-dung/{Id}", ManageUsers),
        new("/quan-tri/nhat-ky", ViewAudit),
        new("/quan-tri/nhat-ky/{Id}", ViewAudit),
        new("GET /quan-tri/nhat-ky.csv", ViewAudit),

        // The registry
        new("/don-vi", ViewRegistry),
        new("/don-vi/{Id}", ViewRegistry),
        new("/don-vi/{Id}/sua", EditRegistry, ManageDelegation) { ScopeInside = "one page for two rights; each deed on it asks for its own unit (RegistryWrites, DelegationTests)" },
        new("/don-vi/chua-ro-nguoi", ViewRegistry),
        new("/don-vi/nhom", ViewRegistry),
        new("/don-vi/tai-khoan-ngoai", ViewRegistry),
        new("/don-vi/moi", EditRegistry),
        new("/don-vi/nhap", ImportRegistry),
        new("/don-vi/to-chuc-lai", EditRegistry),
        new("/uy-quyen", ViewRegistry),
        new("GET /api/reference/units", ViewRegistry),
        new("GET /api/units/", ViewRegistry),
        new("GET /api/units/{id}", ViewRegistry),
        new("GET /api/units/unclear", ViewRegistry),
        new("GET /don-vi/mau", ViewRegistry),
        new("GET /don-vi/tai-ve", ViewRegistry),

        // Plans (scope of parts of the province is narrowed in the slices)
        new("DELETE /api/plans/imports/{import}", ImportPlan),
        new("DELETE /api/plans/imports/{import}/decisions/last", ImportPlan),
        new("GET /api/board", ViewBoard) { ScopeInside = NarrowedBySlice },
        new("GET /api/directives/", ViewTasks) { ScopeInside = NarrowedBySlice },
        new("GET /api/directives/graph", ViewTasks) { ScopeInside = NarrowedBySlice },
        new("GET /api/evidence/{evidence}/file", ViewTasks) { ScopeInside = NarrowedBySlice },
        new("GET /api/kpis", ViewBoard) { ScopeInside = NarrowedBySlice },
        new("GET /api/my-work", SignedIn),
        new("GET /api/obstacles", ViewTasks) { ScopeInside = NarrowedBySlice },
        new("GET /api/periods", ViewBoard) { ScopeInside = NarrowedBySlice },
        new("GET /api/periods/{period}", ViewBoard) { ScopeInside = NarrowedBySlice },
        new("GET /api/plans/", ViewTasks) { ScopeInside = NarrowedBySlice },
        new("GET /api/plans/{plan}/public", Anyone),
        new("GET /api/plans/imports/", ImportPlan),
        new("GET /api/plans/imports/{import}", ImportPlan),
        new("GET /api/tasks/", ViewTasks) { ScopeInside = NarrowedBySlice },
        new("GET /api/tasks/{task}", ViewTasks) { ScopeInside = NarrowedBySlice },
        new("GET /api/tasks/external/{system}", ExportTasks) { ScopeInside = NarrowedBySlice },
        new("GET /api/units/{unit}/tasks", ViewTasks) { ScopeInside = NarrowedBySlice },
        new("POST /api/directives/", EditPlan),
        new("POST /api/evidence/{evidence}/versions", ReportProgress) { ScopeInside = NarrowedBySlice },
        new("POST /api/extensions", RequestExtension) { ScopeInside = NarrowedBySlice },
        new("POST /api/extensions/{extension}/decision", DecideExtension),
        new("POST /api/kpis/{node}/actuals", ReviewProgress),
        new("POST /api/obstacles", RaiseObstacle) { ScopeInside = NarrowedBySlice },
        new("POST /api/obstacles/{obstacle}/answer", ReportProgress, AnswerObstacle) { ScopeInside = NarrowedBySlice },
        new("POST /api/periods/{period}/close", ClosePeriod),
        new("POST /api/plans/", EditPlan),
        new("POST /api/plans/{plan}/issue", IssuePlan),
        new("POST /api/plans/imports/", ImportPlan),
        new("POST /api/plans/imports/{import}/confirmation", ImportPlan),
        new("POST /api/plans/imports/{import}/decisions", ImportPlan),
        new("POST /api/reports/", ReportProgress) { ScopeInside = NarrowedBySlice },
        new("POST /api/reports/{report}/review", ReviewProgress),
        new("POST /api/reports/attachments", ReportProgress) { ScopeInside = NarrowedBySlice },
        new("POST /api/tasks/{task}/assignments", AssignTask),
        new("POST /api/tasks/{task}/changes", AssignTask),
        new("POST /api/tasks/{task}/deadline", AssignTask),
        new("POST /api/tasks/{task}/field-checks", ReviewProgress),
        new("POST /api/tasks/{task}/follow-ups", SendFollowUp),
        new("POST /api/tasks/{task}/measurements", ReviewProgress),
        new("POST /api/tasks/external/{system}", ImportPlan),
        new("PUT /api/kpis", EditPlan),
        new("PUT /api/plans/{plan}/tasks", EditPlan),
    ];

    /// <summary>
    /// Who holds which right and how far, from requirements §2, written down a second time. A right that is not here is held by nobody.
    /// </summary>
    public static IReadOnlyDictionary<Permission, (Reach Reach, Role[] Roles)[]> Holders { get; } = new Dictionary<Permission, (Reach, Role[])[]>
    {
        [ViewRegistry] = [(Reach.Province, Staff)],
        [EditRegistry] = [(Reach.Province, [Role.PlatformAdmin])],
        [ImportRegistry] = [(Reach.Province, [Role.PlatformAdmin])],
        [ManageDelegation] = [(Reach.Own, [Role.UnitHead, Role.ProvinceLeader])],
        [ViewTasks] =
        [
            (Reach.Province, [.. Overseers, .. Authorities]),
            (Reach.Subtree, [Role.UnitHead, Role.UnitFocal, Role.DataOwner, Role.DataSteward, Role.DataConsumer, Role.SystemOperator, Role.SecurityOfficer, Role.PartyOffice]),
        ],
        [ViewBoard] = [(Reach.Province, [.. Overseers, .. Authorities]), (Reach.Subtree, [Role.UnitHead, Role.UnitFocal, Role.PartyOffice])],
        [ImportPlan] = [(Reach.Province, [Role.StandingBody, Role.ProvinceOffice])],
        [EditPlan] = [(Reach.Province, [Role.StandingBody, Role.ProvinceOffice])],
        [IssuePlan] = [(Reach.Province, [Role.ProvinceLeader, Role.ProvinceOffice, Role.StandingBody])],
        [AssignTask] = [(Reach.Province, [Role.ProvinceLeader, Role.StandingBody, Role.ProvinceOffice])],
        [ReportProgress] = [(Reach.Own, UnitStaff)],
        [ReviewProgress] = [(Reach.Province, [Role.StandingBody, Role.ProvinceOffice])],
        [RequestExtension] = [(Reach.Own, UnitStaff)],
        [DecideExtension] = [(Reach.Province, [Role.ProvinceLeader])],
        [RaiseObstacle] = [(Reach.Own, UnitStaff)],
        [AnswerObstacle] = [(Reach.Province, [Role.ProvinceLeader, Role.StandingBody])],
        [SendFollowUp] = [(Reach.Province, [Role.StandingBody, Role.ProvinceOffice])],
        [ClosePeriod] = [(Reach.Province, [Role.ProvinceOffice, Role.StandingBody])],
        [ExportTasks] = [(Reach.Province, Overseers), (Reach.Subtree, UnitStaff)],
        [ViewServices] = [(Reach.Province, Staff)],
        [EditSystems] = [(Reach.Own, [Role.DataOwner, Role.DataSteward, Role.SystemOperator, Role.UnitHead]), (Reach.Province, [Role.StandingBody])],
        [EditServices] = [(Reach.Own, [Role.DataOwner, Role.DataSteward])],
        [PublishServices] = [(Reach.Own, [Role.DataOwner, Role.UnitHead])],
        [ViewSharing] =
        [
            (Reach.Province, [.. Overseers, Role.SecurityAuthority]),
            (Reach.Subtree, [Role.UnitHead, Role.UnitFocal, Role.DataOwner, Role.DataSteward, Role.DataConsumer, Role.SystemOperator, Role.SecurityOfficer]),
        ],
        [RequestSharing] = [(Reach.Own, [Role.DataConsumer, Role.UnitHead])],
        [AnswerSharing] = [(Reach.Own, [Role.DataOwner, Role.DataSteward, Role.UnitFocal])],
        [DecideSharing] = [(Reach.Own, [Role.DataOwner, Role.UnitHead])],
        [SignAgreement] = [(Reach.Own, [Role.DataOwner, Role.UnitHead])],
        [SuspendSharing] = [(Reach.Own, [Role.DataOwner, Role.UnitHead]), (Reach.Province, [Role.SecurityAuthority])],
        [RaiseDispute] = [(Reach.Own, [Role.DataConsumer, Role.DataOwner, Role.UnitHead, Role.UnitFocal])],
        [SettleDispute] = [(Reach.Province, [Role.StandingBody, Role.ProvinceLeader])],
        [RegisterLetter] = [(Reach.Own, [Role.UnitFocal, Role.UnitHead, Role.DataSteward, Role.DataOwner]), (Reach.Province, [Role.ProvinceOffice, Role.StandingBody])],
        [AdmitEnterprise] = [(Reach.Province, [Role.StandingBody])],
        [ViewNodes] = [(Reach.Province, [.. Overseers, Role.SecurityAuthority, Role.SystemOperator, Role.PlatformAdmin])],
        [KeepNodes] = [(Reach.Province, [Role.StandingBody, Role.PlatformAdmin])],
        [RevealCalls] = [(Reach.Province, [Role.Auditor])],
        [ManageUsers] = [(Reach.Province, [Role.PlatformAdmin])],
        [ManageParameters] = [(Reach.Province, [Role.PlatformAdmin])],
        [ViewJobs] = [(Reach.Province, [Role.PlatformAdmin, Role.Auditor])],
        [RetryJobs] = [(Reach.Province, [Role.PlatformAdmin])],
        [ViewAudit] = [(Reach.Province, [Role.Auditor])],
    };

    public static Reach Expected(Role role, Permission permission) =>
        Holders.TryGetValue(permission, out var held) ? held.Where(h => h.Roles.Contains(role)).Select(h => h.Reach).DefaultIfEmpty(Reach.None).Max() : Reach.None;

    /// <summary>Named by nobody, entered by nobody.</summary>
    public static bool IsClosed(Row row) => row.AnyOf.Length == 0;

    /// <summary>Whether that role comes through the door of the endpoint; what it sees behind it is scope.</summary>
    public static bool Opens(Row row, Role? role) => row.AnyOf.Any(p => p switch
    {
        Anyone => true,
        SignedIn => role is not null,
        _ => role is { } held && Expected(held, p) is not Reach.None,
    });

    private static Role[] Overseers => [Role.ProvinceLeader, Role.StandingBody, Role.ProvinceOffice, Role.Auditor];

    private static Role[] Authorities => [Role.SecurityAuthority, Role.HumanResourceAuthority, Role.FinanceAuthority];

    private static Role[] UnitStaff => [Role.UnitHead, Role.UnitFocal, Role.PartyOffice];

    private static Role[] Staff =>
    [
        .. Overseers, .. Authorities, .. UnitStaff, Role.DataOwner, Role.DataSteward, Role.DataConsumer, Role.SystemOperator, Role.SecurityOfficer,
        Role.CommunityMember, Role.PlatformAdmin,
    ];
}
