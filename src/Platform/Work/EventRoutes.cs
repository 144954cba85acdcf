using System.Collections.Concurrent;
using System.Text.Json;
using LienThong.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LienThong.Platform.Work;

/// <summary>Which CLR type an outbox message is, and who hears it. A module says <c>services.AddListener&lt;PlanImported, OnPlanImported&gt;()</c>.</summary>
public static class EventRoutes
{
    private static readonly ConcurrentDictionary<string, Func<IServiceProvider, string, CancellationToken, Task>> Routes = new();

    public static IServiceCollection AddListener<TEvent, TListener>(this IServiceCollection services)
        where TEvent : notnull
        where TListener : class, IListenTo<TEvent>
    {
        services.AddScoped<IListenTo<TEvent>, TListener>();
        Routes[typeof(TEvent).Name] = static async (provider, payload, cancellationToken) =>
        {
            var fact = JsonSerializer.Deserialize<TEvent>(payload, OutboxJson.Options) ?? throw new InvalidDataException($"Empty {typeof(TEvent).Name}.");
            foreach (var listener in provider.GetServices<IListenTo<TEvent>>()) await listener.OnAsync(fact, cancellationToken);
        };
        return services;
    }

    internal static Task DeliverAsync(IServiceProvider provider, OutboxMessage message, CancellationToken cancellationToken) =>
        Routes.TryGetValue(message.Kind, out var route) ? route(provider, message.Payload, cancellationToken) : Task.CompletedTask;
}
