using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform.Work;

/// <summary>Durable work on one screen. The loop itself runs only where a host adds it as a hosted service.</summary>
public static class WorkModule
{
    public static IServiceCollection AddWork(this IServiceCollection services)
    {
        services.AddSingleton<JobLoopOptions>();
        services.AddSingleton<JobLoop>();
        services.AddScoped<FindJobs>();
        services.AddScoped<RetryJob>();
        return services;
    }
}
