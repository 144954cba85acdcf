using LienThong.Platform.Registry.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform.Registry;

/// <summary>The registry on one screen.</summary>
public static class RegistryModule
{
    public static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        services.AddSingleton<RegistryCache>();
        services.AddSingleton<RegistrySeed>();
        services.AddSingleton<OrgUnits>();
        services.AddSingleton<IOrgUnits>(s => s.GetRequiredService<OrgUnits>());
        services.AddSingleton<IOfficers>(s => s.GetRequiredService<OrgUnits>());
        services.AddSingleton<IDelegations>(s => s.GetRequiredService<OrgUnits>());
        return services;
    }
}
