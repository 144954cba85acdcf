using LienThong.Kernel;
using LienThong.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Work
{
    /// <summary>
    /// One piece of durable work. It runs at least once, so its handler is idempotent. A lease is a promise to finish by
    /// <see cref="LeasedUntil"/>; when its holder dies, another takes the job after that. What fails too often waits for a person.
    /// </summary>
    public sealed class Job
    {
        public required JobId Id { get; init; }

        /// <summary>Which handler: <c>plans.import.read</c>.</summary>
        public required string Kind { get; init; }
        public required string Payload { get; init; }

        /// <summary>Two jobs with one key are one job.</summary>
        public string? Key { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required DateTimeOffset RunAfter { get; set; }
        public int Attempts { get; set; }
        public string? LeasedBy { get; set; }
        public DateTimeOffset? LeasedUntil { get; set; }
        public string? LastError { get; set; }
        public DateTimeOffset? DoneAt { get; set; }
        public DateTimeOffset? DeadAt { get; set; }
    }

    internal sealed class JobShape : IEntityTypeConfiguration<Job>
    {
        public void Configure(EntityTypeBuilder<Job> builder)
        {
            builder.ToTable("work_job");
            builder.HasKey(j => j.Id);
            builder.HasIndex(j => new { j.DoneAt, j.DeadAt, j.RunAfter });
            builder.HasIndex(j => j.Key).IsUnique();
        }
    }
}

namespace LienThong.Platform.Storage
{
    public sealed partial class PlatformDb
    {
        public DbSet<Job> Jobs => Set<Job>();

        /// <summary>Queues work if, and only if, this unit of work is saved.</summary>
        public Job Enqueue(string kind, object payload, TimeProvider clock, string? key = null, TimeSpan delay = default)
        {
            ArgumentNullException.ThrowIfNull(clock);
            var now = clock.GetUtcNow();
            var job = new Job
            {
                Id = StrongId.New<JobId>(clock),
                Kind = kind,
                Payload = System.Text.Json.JsonSerializer.Serialize(payload, OutboxJson.Options),
                Key = key,
                CreatedAt = now,
                RunAfter = now + delay,
            };
            Jobs.Add(job);
            return job;
        }
    }
}
