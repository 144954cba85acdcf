using LienThong.Platform.Monitoring.Contracts;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LienThong.Platform.Monitoring;

/// <summary>Takes the logs of the gateways in, adds up what they say, probes services, tells who must look: the module on one screen.</summary>
public static class MonitoringModule
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.TryAddSingleton<ParameterBook>();
        services.AddSingleton<LogSources>();
        services.AddSingleton<Alarms>();
        services.AddSingleton<Turns>();
        services.AddSingleton<FindOwnNodes>();
        services.AddSingleton<TakeInLog>();
        services.AddSingleton<RemoveOldCalls>();
        services.AddSingleton<UpstreamProbe>();
        services.AddSingleton<ProbeServices>();
        services.AddSingleton<PublicConnections>();
        services.AddHostedService<TakeInLogs>();
        services.AddHostedService<ProbeRounds>();
        services.AddListener<AgreementCalled, OnAgreementCalled>();
        services.AddScoped<KeepNodes>();
        services.AddScoped<KeepAlerts>();
        services.AddScoped<FindConnections>();
        services.AddScoped<ShowConnection>();
        services.AddScoped<FindCalls>();
        services.AddScoped<ShowCall>();
        services.AddScoped<CompareCounts>();
        return services;
    }
}
