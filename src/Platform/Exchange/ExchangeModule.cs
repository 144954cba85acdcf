using LienThong.Gateway.Control;
using LienThong.Platform.Exchange.Contracts;
using LienThong.Platform.Shared;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LienThong.Platform.Exchange;

/// <summary>Systems, services, requests, agreements, and the routes made from them: the module on one screen.</summary>
public static class ExchangeModule
{
    public static IServiceCollection AddExchange(this IServiceCollection services)
    {
        services.TryAddSingleton<ParameterBook>();
        services.TryAddSingleton(WorkCalendar.Vietnam);
        services.TryAddSingleton(new ExchangeOptions());
        services.AddSingleton<ExchangeIndex>();
        services.AddSingleton<RouteKey>();
        services.AddSingleton<RouteFile>();
        services.AddSingleton<PublishRoutes>();
        services.AddSingleton<IExchangeRoutes>(provider => provider.GetRequiredService<PublishRoutes>());
        services.AddScoped<IJobHandler>(provider => provider.GetRequiredService<PublishRoutes>());
        services.AddScoped<ExchangeRound>();
        services.AddScoped<IJobHandler>(provider => provider.GetRequiredService<ExchangeRound>());
        services.AddHostedService<StartExchange>();
        services.AddHostedService<RouteWatch>();
        services.AddSingleton<KeepNodes>();
        services.AddSingleton<IExchangeNodes>(provider => provider.GetRequiredService<KeepNodes>());
        services.AddSingleton<EnrolmentAuthority>();
        services.AddScoped<EnrolSystem>();
        services.AddSingleton<LendShares>();
        services.AddSingleton<LocalShares>();
        services.AddScoped<ExchangeAccess>();
        services.AddSingleton<IExchangeFacts, ExchangeFacts>();
        services.AddScoped<ISharingSight, SharingSightOf>();

        services.AddScoped<KeepSystems>();
        services.AddScoped<KeepSubsystems>();
        services.AddScoped<KeepServices>();
        services.AddScoped<AddServiceVersion>();
        services.AddScoped<PublishService>();
        services.AddScoped<AskForSharing>();
        services.AddScoped<AnswerSharing>();
        services.AddScoped<MakeAgreement>();
        services.AddScoped<StopSharing>();
        services.AddScoped<KeepDisputes>();
        services.AddScoped<AdmitEnterprise>();
        services.AddScoped<KeepLetters>();

        services.TryAddSingleton(new Doctor.DoctorOptions());
        services.AddScoped<Doctor.DiagnoseConnection>();
        services.AddScoped<FindSystems>();
        services.AddScoped<FindServices>();
        services.AddScoped<FindRequests>();
        services.AddScoped<FindAgreements>();
        services.AddScoped<FindLetters>();
        services.AddScoped<FindEnterprises>();
        services.AddScoped<FindNotices>();
        return services;
    }

    /// <summary>What gateways and systems ask; each request proves by itself who says it.</summary>
    public static void MapExchange(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/" + NodeCalls.Join, KeepNodes.Join).Require(Permission.Anyone).ProvesItself().ExcludeFromDescription();
        routes.MapGet("/" + NodeCalls.Routes, KeepNodes.Routes).Require(Permission.Anyone).ExcludeFromDescription();
        routes.MapPost(EnrolSystem.Address, EnrolSystem.First).Require(Permission.Anyone).ProvesItself().ExcludeFromDescription();
        routes.MapPost(EnrolSystem.Address + "/renew", EnrolSystem.Renew).Require(Permission.Anyone).ProvesItself().ExcludeFromDescription();
        routes.MapGet(EnrolSystem.Address + "/ca", EnrolSystem.Ca).Require(Permission.Anyone).ExcludeFromDescription();
        routes.MapGet(EnrolSystem.Address + "/crl", EnrolSystem.Crl).Require(Permission.Anyone).ExcludeFromDescription();
        routes.MapPost("/" + NodeCalls.Shares, LendShares.Post).Require(Permission.Anyone).ProvesItself().ExcludeFromDescription();
    }
}
