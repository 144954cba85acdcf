using LienThong.Platform.Plans;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Storage;

public sealed partial class PlatformDb
{
    public DbSet<Directive> Directives => Set<Directive>();
    public DbSet<DirectiveAlias> DirectiveAliases => Set<DirectiveAlias>();
    public DbSet<DirectiveParent> DirectiveParents => Set<DirectiveParent>();
    public DbSet<Plan> Plans => Set<Plan>();
    public DbSet<GovernanceTask> Tasks => Set<GovernanceTask>();
    public DbSet<FactsVersion> TaskFacts => Set<FactsVersion>();
    public DbSet<TaskTarget> TaskTargets => Set<TaskTarget>();
    public DbSet<TargetValue> TargetValues => Set<TargetValue>();
    public DbSet<Milestone> Milestones => Set<Milestone>();
    public DbSet<Occurrence> Occurrences => Set<Occurrence>();
    public DbSet<Assignment> Assignments => Set<Assignment>();
    public DbSet<MemberProposal> MemberProposals => Set<MemberProposal>();
    public DbSet<TaskEvent> TaskEvents => Set<TaskEvent>();
    public DbSet<ProgressReport> ProgressReports => Set<ProgressReport>();
    public DbSet<Evidence> Evidence => Set<Evidence>();
    public DbSet<Extension> Extensions => Set<Extension>();
    public DbSet<Obstacle> Obstacles => Set<Obstacle>();
    public DbSet<FollowUp> FollowUps => Set<FollowUp>();
    public DbSet<FieldCheck> FieldChecks => Set<FieldCheck>();
    public DbSet<SamplingCheck> SamplingChecks => Set<SamplingCheck>();
    public DbSet<Reminder> Reminders => Set<Reminder>();
    public DbSet<KpiNode> KpiNodes => Set<KpiNode>();
    public DbSet<KpiActual> KpiActuals => Set<KpiActual>();
    public DbSet<PeriodClose> PeriodCloses => Set<PeriodClose>();
    public DbSet<SavedView> SavedViews => Set<SavedView>();
    public DbSet<PlanImport> PlanImports => Set<PlanImport>();
    public DbSet<ImportDecision> ImportDecisions => Set<ImportDecision>();
    public DbSet<PlansStamp> PlansStamps => Set<PlansStamp>();
}
