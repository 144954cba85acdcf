using System.Text.Json;
using LienThong.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Storage;

/// <summary>A fact another module may want to hear of, saved with the change that made it true (transactional outbox).</summary>
public sealed class OutboxMessage
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The event's type name: <c>PlanImported</c>.</summary>
    public required string Kind { get; init; }
    public required string Payload { get; init; }
    public DateTimeOffset? DispatchedAt { get; set; }
}

public sealed partial class PlatformDb
{
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    /// <summary>Publishes <paramref name="fact"/> if, and only if, this unit of work is saved. Listeners hear it at least once.</summary>
    public void Publish<TEvent>(TEvent fact, TimeProvider clock) where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow();
        Outbox.Add(new OutboxMessage { Id = Guid.CreateVersion7(now), At = now, Kind = typeof(TEvent).Name, Payload = JsonSerializer.Serialize(fact, OutboxJson.Options) });
    }
}

public static class OutboxJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };
}

/// <summary>Hears one kind of event. Must be idempotent: after a kill it may hear the same fact again.</summary>
public interface IListenTo<in TEvent> where TEvent : notnull
{
    Task OnAsync(TEvent fact, CancellationToken cancellationToken);
}

internal sealed class OutboxMessageShape : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable("storage_outbox");
        builder.HasKey(m => m.Id);
        builder.HasIndex(m => new { m.DispatchedAt, m.At });
    }
}
