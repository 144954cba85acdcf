using LienThong.Platform.Monitoring;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Storage
{
    public sealed partial class PlatformDb
    {
        internal DbSet<LogNode> LogNodes => Set<LogNode>();
        internal DbSet<CallRecord> CallRecords => Set<CallRecord>();
        internal DbSet<CallLine> CallLines => Set<CallLine>();
        internal DbSet<CallHour> CallHours => Set<CallHour>();
        internal DbSet<Alert> Alerts => Set<Alert>();
        internal DbSet<ServiceHealth> ServiceHealths => Set<ServiceHealth>();
        internal DbSet<MonitoringTurn> MonitoringTurns => Set<MonitoringTurn>();
        internal DbSet<CountStated> CountsStated => Set<CountStated>();
    }
}

namespace LienThong.Platform.Monitoring
{
    internal sealed class LogNodeShape : IEntityTypeConfiguration<LogNode>
    {
        public void Configure(EntityTypeBuilder<LogNode> builder)
        {
            builder.ToTable("monitoring_node");
            builder.HasKey(n => n.Number);
            builder.Property(n => n.Number).ValueGeneratedNever();
            builder.Ignore(n => n.Behind);
            builder.Ignore(n => n.IsRemote);
            builder.Ignore(n => n.PublicFolder);
            builder.Ignore(n => n.Head);
            builder.HasIndex(n => n.Origin).IsUnique();
        }
    }

    internal sealed class CallRecordShape : IEntityTypeConfiguration<CallRecord>
    {
        public void Configure(EntityTypeBuilder<CallRecord> builder)
        {
            builder.ToTable("monitoring_call");
            builder.HasKey(c => new { c.Node, c.Entry });
            builder.HasIndex(c => c.Call);
            builder.HasIndex(c => c.At);
            builder.HasIndex(c => new { c.Line, c.Node, c.At });
            builder.HasIndex(c => new { c.End, c.At });
        }
    }

    internal sealed class CallLineShape : IEntityTypeConfiguration<CallLine>
    {
        public void Configure(EntityTypeBuilder<CallLine> builder)
        {
            builder.ToTable("monitoring_line");
            builder.HasKey(l => new { l.Node, l.Number });
            builder.HasIndex(l => new { l.Node, l.Consumer, l.Provider, l.Service, l.Version, l.Agreement }).IsUnique();
        }
    }

    internal sealed class CallHourShape : IEntityTypeConfiguration<CallHour>
    {
        public void Configure(EntityTypeBuilder<CallHour> builder)
        {
            builder.ToTable("monitoring_hour");
            builder.HasKey(h => new { h.Node, h.Line, h.Hour, h.End, h.Fault });
            builder.HasIndex(h => h.Hour);
        }
    }

    internal sealed class AlertShape : IEntityTypeConfiguration<Alert>
    {
        public void Configure(EntityTypeBuilder<Alert> builder)
        {
            builder.ToTable("monitoring_alert");
            builder.HasKey(a => a.Id);
            builder.HasIndex(a => a.OpenKey).IsUnique();
            builder.HasIndex(a => a.At);
        }
    }

    internal sealed class ServiceHealthShape : IEntityTypeConfiguration<ServiceHealth>
    {
        public void Configure(EntityTypeBuilder<ServiceHealth> builder)
        {
            builder.ToTable("monitoring_health");
            builder.HasKey(h => new { h.Service, h.From });
        }
    }

    internal sealed class MonitoringTurnShape : IEntityTypeConfiguration<MonitoringTurn>
    {
        public void Configure(EntityTypeBuilder<MonitoringTurn> builder)
        {
            builder.ToTable("monitoring_turn");
            builder.HasKey(t => t.Name);
        }
    }

    internal sealed class CountStatedShape : IEntityTypeConfiguration<CountStated>
    {
        public void Configure(EntityTypeBuilder<CountStated> builder)
        {
            builder.ToTable("monitoring_count");
            builder.HasKey(c => new { c.Agreement, c.Day, c.Side });
        }
    }
}
