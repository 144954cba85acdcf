using LienThong.Platform.Accounts;
using LienThong.Platform.Exchange;
using LienThong.Platform.Monitoring;
using LienThong.Platform.Plans;
using LienThong.Platform.Registry;
using LienThong.Platform.Storage;
using LienThong.Platform.Work;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform;

/// <summary>The control plane on one screen: the common rooms and each module beside them.</summary>
public static class PlatformModule
{
    public static IServiceCollection AddPlatform(this IServiceCollection services, StorageOptions storage)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddStorage(storage);
        services.AddWork();
        services.AddPlans();
        services.AddAccounts(storage);
        services.AddRegistry();
        services.AddExchange();
        services.AddMonitoring();
        return services;
    }
}
