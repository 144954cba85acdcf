using System.Text.Json.Serialization;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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

        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new StrongIdJson());
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });

        services.AddScoped<CreateUnit>().AddScoped<RenameUnit>().AddScoped<MoveUnit>().AddScoped<ReorganiseUnits>();
        services.AddScoped<SetOfficer>().AddScoped<SetAlias>().AddScoped<SetIdentifier>();
        services.AddScoped<LendPower>().AddScoped<EndDelegation>().AddScoped<FindDelegations>();
        services.AddScoped<ImportUnits>().AddScoped<ExportUnits>().AddScoped<FindUnits>().AddScoped<FindUnit>().AddScoped<FindUnclearUnits>();
        services.AddScoped<ReferenceUnits>().AddScoped<KeepExternalAccounts>().AddScoped<FindUnitClasses>().AddScoped<KeepUnitClasses>();
        return services;
    }

    public static void MapRegistry(this IEndpointRouteBuilder endpoints)
    {
        var units = endpoints.MapGroup("/api/units").WithTags("Registry").Require(Permission.ViewRegistry);
        units.MapGet("/", async (DateOnly? asOf, string? q, OrgUnitKind? kind, string? under, int? page, FindUnits slice, CancellationToken cancellationToken) =>
            Answer(await slice.HandleAsync(new() { AsOf = asOf, Query = q, Kind = kind, Under = under, Page = page ?? 1 }, cancellationToken)));
        units.MapGet("/{id}", async (string id, DateOnly? asOf, FindUnit slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(id, asOf, cancellationToken)));
        units.MapGet("/unclear", async (DateOnly? asOf, int? page, FindUnclearUnits slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(asOf, page ?? 1, cancellationToken)));

        endpoints.MapGet("/api/reference/units", async (string? since, ReferenceUnits slice, CancellationToken cancellationToken) => Answer(await slice.HandleAsync(since, cancellationToken)))
            .WithTags("Registry").Require(Permission.ViewRegistry);

        endpoints.MapGet("/don-vi/tai-ve", async (DateOnly? ngay, string? dang, ExportUnits slice, CancellationToken cancellationToken) => Download(await slice.HandleAsync(ngay, dang != "csv", cancellationToken)))
            .Require(Permission.ViewRegistry).ExcludeFromDescription();
        endpoints.MapGet("/don-vi/mau", (string? dang, ExportUnits slice) => Download(slice.Template(dang != "csv"))).Require(Permission.ViewRegistry).ExcludeFromDescription();
    }

    private static IResult Answer<T>(Result<T> result) => result.IsGranted(out var answer, out var refusal) ? TypedResults.Ok(answer) : refusal.AsProblem();

    private static IResult Download(Result<ExportUnits.Sheet> result) =>
        result.IsGranted(out var sheet, out var refusal) ? TypedResults.File(sheet.Content, sheet.ContentType, sheet.FileName) : refusal.AsProblem();
}
