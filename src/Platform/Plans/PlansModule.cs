using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LienThong.Platform.Plans;

/// <summary>Directing documents, plans, tasks, progress, evidence, deadlines: the module on one screen.</summary>
public static partial class PlansModule
{
    public static IServiceCollection AddPlans(this IServiceCollection services)
    {
        services.TryAddSingleton<ParameterBook>();
        services.TryAddSingleton(WorkCalendar.Vietnam);
        services.TryAddSingleton<IWorkDays, CalendarWorkDays>();
        services.AddSingleton<TaskIndex>();
        services.TryAddSingleton<ISourceReader>(_ => new SourceReader());
        services.TryAddScoped<PlanExtraction>();
        services.AddScoped<PlansAccess>();
        services.AddScoped<ImportParties>();
        services.AddScoped<TaskQuery>();

        services.AddScoped<UploadPlanFile>();
        services.AddScoped<IJobHandler, ReadPlanFile>();
        services.AddScoped<PreviewPlanImport>();
        services.AddScoped<ResolveImportCell>();
        services.AddScoped<DiscardImport>();
        services.AddScoped<ConfirmPlanImport>();
        services.AddScoped<ReportProgress>();
        services.AddScoped<ReviewReport>();
        services.AddScoped<RequestExtension>();
        services.AddScoped<DecideExtension>();
        services.AddScoped<ChangeTask>();
        services.AddScoped<SettleDeadline>();
        services.AddScoped<AssignTask>();
        services.AddScoped<ProposeNewMembers>();
        services.AddScoped<RaiseObstacle>();
        services.AddScoped<AnswerObstacle>();
        services.AddScoped<RecordMeasuredValue>();
        services.AddScoped<SendFollowUp>();
        services.AddScoped<RecordFieldCheck>();
        services.AddScoped<DrawSample>();
        services.AddScoped<CreatePlan>();
        services.AddScoped<EditTask>();
        services.AddScoped<IssuePlan>();
        services.AddScoped<FileDirective>();
        services.AddScoped<ClosePeriod>();
        services.AddScoped<IJobHandler, FreezePeriod>();
        services.AddScoped<KpiTree>();
        services.AddScoped<ExternalTasks>();
        services.AddScoped<SavedViews>();
        services.AddScoped<DailyRound>();
        services.AddScoped<IJobHandler>(provider => provider.GetRequiredService<DailyRound>());
        services.AddHostedService<StartDailyRound>();
        services.AddHostedService<WarmTaskIndex>();

        services.AddScoped<TaskRegister>();
        services.AddScoped<FindTask>();
        services.AddScoped<FindReport>();
        services.AddScoped<OpenPlanFile>();
        services.AddScoped<MyWork>();
        services.AddScoped<UnitTasks>();
        services.AddScoped<ProvinceBoard>();
        services.AddScoped<FindPlans>();
        services.AddScoped<FindDirectives>();
        services.AddScoped<FindObstacles>();
        services.AddScoped<FindPeriods>();
        services.AddScoped<PublicProgress>();
        return services;
    }
}
