using LienThong.Platform.Exchange;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace LienThong.Platform.Storage
{
    public sealed partial class PlatformDb
    {
        internal DbSet<ExchangeStamp> ExchangeStamps => Set<ExchangeStamp>();
        internal DbSet<ExchangeEvent> ExchangeEvents => Set<ExchangeEvent>();
        internal DbSet<InformationSystem> InformationSystems => Set<InformationSystem>();
        internal DbSet<SystemRevision> SystemRevisions => Set<SystemRevision>();
        internal DbSet<Subsystem> Subsystems => Set<Subsystem>();
        internal DbSet<Credential> Credentials => Set<Credential>();
        internal DbSet<DataService> DataServices => Set<DataService>();
        internal DbSet<ServiceRevision> ServiceRevisions => Set<ServiceRevision>();
        internal DbSet<ServiceVersion> ServiceVersions => Set<ServiceVersion>();
        internal DbSet<SharingRequest> SharingRequests => Set<SharingRequest>();
        internal DbSet<RequestContent> RequestContents => Set<RequestContent>();
        internal DbSet<DataSharingAgreement> Agreements => Set<DataSharingAgreement>();
        internal DbSet<AgreementRevision> AgreementRevisions => Set<AgreementRevision>();
        internal DbSet<SharingDispute> SharingDisputes => Set<SharingDispute>();
        internal DbSet<PaperLetter> PaperLetters => Set<PaperLetter>();
        internal DbSet<EnterpriseContract> EnterpriseContracts => Set<EnterpriseContract>();
        internal DbSet<PublishedRoutes> PublishedRoutes => Set<PublishedRoutes>();
        internal DbSet<GatewayNode> GatewayNodes => Set<GatewayNode>();
        internal DbSet<EnrolmentCode> EnrolmentCodes => Set<EnrolmentCode>();
        internal DbSet<IssuedCertificate> IssuedCertificates => Set<IssuedCertificate>();
        internal DbSet<ShareNode> ShareNodes => Set<ShareNode>();
        internal DbSet<SharedBudget> SharedBudgets => Set<SharedBudget>();
        internal DbSet<BudgetLease> BudgetLeases => Set<BudgetLease>();
    }
}

namespace LienThong.Platform.Exchange
{
    /// <summary>A short list of lines as one text; none of our lists holds a line break (they are checked when they come in).</summary>
    internal sealed class LinesColumn() : ValueConverter<IReadOnlyList<string>, string>(
        lines => string.Join('\n', lines), text => text.Length == 0 ? Array.Empty<string>() : text.Split('\n', StringSplitOptions.None))
    {
        public static ValueComparer<IReadOnlyList<string>> Comparer { get; } = new(
            (a, b) => ReferenceEquals(a, b) || (a != null && b != null && a.SequenceEqual(b)), lines => lines.Count, lines => lines);
    }

    internal sealed class ExchangeStampShape : IEntityTypeConfiguration<ExchangeStamp>
    {
        public void Configure(EntityTypeBuilder<ExchangeStamp> builder)
        {
            builder.ToTable("exchange_stamp");
            builder.HasKey(s => s.Id);
            builder.Property(s => s.Id).ValueGeneratedNever();
        }
    }

    internal sealed class ExchangeEventShape : IEntityTypeConfiguration<ExchangeEvent>
    {
        public void Configure(EntityTypeBuilder<ExchangeEvent> builder)
        {
            builder.ToTable("exchange_event");
            builder.HasKey(e => e.Number);
            builder.Property(e => e.Number).ValueGeneratedNever();
            builder.HasIndex(e => new { e.Subject, e.Number });
        }
    }

    internal sealed class InformationSystemShape : IEntityTypeConfiguration<InformationSystem>
    {
        public void Configure(EntityTypeBuilder<InformationSystem> builder)
        {
            builder.ToTable("exchange_system");
            builder.HasKey(s => s.Id);
            builder.HasIndex(s => s.Code).IsUnique();
            builder.HasIndex(s => s.Stamp);
        }
    }

    internal sealed class SystemRevisionShape : IEntityTypeConfiguration<SystemRevision>
    {
        public void Configure(EntityTypeBuilder<SystemRevision> builder)
        {
            builder.ToTable("exchange_system_revision");
            builder.HasKey(r => r.Id);
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.HasIndex(r => new { r.System, r.Number }).IsUnique();
            builder.HasIndex(r => r.Stamp);
        }
    }

    internal sealed class SubsystemShape : IEntityTypeConfiguration<Subsystem>
    {
        public void Configure(EntityTypeBuilder<Subsystem> builder)
        {
            builder.ToTable("exchange_subsystem");
            builder.HasKey(s => s.Id);
            builder.Ignore(s => s.IsEnterprise);
            builder.HasIndex(s => new { s.MemberClass, s.MemberCode, s.Code }).IsUnique();
            builder.HasIndex(s => s.Stamp);
        }
    }

    internal sealed class CredentialShape : IEntityTypeConfiguration<Credential>
    {
        public void Configure(EntityTypeBuilder<Credential> builder)
        {
            builder.ToTable("exchange_credential");
            builder.HasKey(c => c.Id);
            builder.HasIndex(c => c.Thumbprint).IsUnique();
            builder.HasIndex(c => c.Stamp);
        }
    }

    internal sealed class DataServiceShape : IEntityTypeConfiguration<DataService>
    {
        public void Configure(EntityTypeBuilder<DataService> builder)
        {
            builder.ToTable("exchange_service");
            builder.HasKey(s => s.Id);
            builder.HasIndex(s => s.Code).IsUnique();
            builder.HasIndex(s => new { s.Provider, s.ServiceCode }).IsUnique();
            builder.HasIndex(s => s.Stamp);
        }
    }

    internal sealed class ServiceRevisionShape : IEntityTypeConfiguration<ServiceRevision>
    {
        public void Configure(EntityTypeBuilder<ServiceRevision> builder)
        {
            builder.ToTable("exchange_service_revision");
            builder.HasKey(r => r.Id);
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.Property(r => r.Upstreams).HasConversion(new LinesColumn(), LinesColumn.Comparer);
            builder.HasIndex(r => new { r.Service, r.Number }).IsUnique();
            builder.HasIndex(r => r.Stamp);
        }
    }

    internal sealed class ServiceVersionShape : IEntityTypeConfiguration<ServiceVersion>
    {
        public void Configure(EntityTypeBuilder<ServiceVersion> builder)
        {
            builder.ToTable("exchange_service_version");
            builder.HasKey(v => v.Id);
            builder.Ignore(v => v.Document);
            builder.Ignore(v => v.Label);
            builder.HasIndex(v => new { v.Service, v.Major, v.Minor, v.Patch }).IsUnique();
            builder.HasIndex(v => v.Stamp);
        }
    }

    internal sealed class SharingRequestShape : IEntityTypeConfiguration<SharingRequest>
    {
        public void Configure(EntityTypeBuilder<SharingRequest> builder)
        {
            builder.ToTable("exchange_request");
            builder.HasKey(r => r.Id);
            builder.HasIndex(r => r.Code).IsUnique();
            builder.HasIndex(r => r.Stamp);
        }
    }

    internal sealed class RequestContentShape : IEntityTypeConfiguration<RequestContent>
    {
        public void Configure(EntityTypeBuilder<RequestContent> builder)
        {
            builder.ToTable("exchange_request_content");
            builder.HasKey(r => r.Id);
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.Property(r => r.Fields).HasConversion(new LinesColumn(), LinesColumn.Comparer);
            builder.HasIndex(r => new { r.Request, r.Number }).IsUnique();
            builder.HasIndex(r => r.Stamp);
        }
    }

    internal sealed class DataSharingAgreementShape : IEntityTypeConfiguration<DataSharingAgreement>
    {
        public void Configure(EntityTypeBuilder<DataSharingAgreement> builder)
        {
            builder.ToTable("exchange_agreement");
            builder.HasKey(a => a.Id);
            builder.HasIndex(a => a.Code).IsUnique();
            builder.HasIndex(a => a.Stamp);
        }
    }

    internal sealed class AgreementRevisionShape : IEntityTypeConfiguration<AgreementRevision>
    {
        public void Configure(EntityTypeBuilder<AgreementRevision> builder)
        {
            builder.ToTable("exchange_agreement_revision");
            builder.HasKey(r => r.Id);
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.Ignore(r => r.Begins);
            builder.Ignore(r => r.Ends);
            builder.Property(r => r.Fields).HasConversion(new LinesColumn(), LinesColumn.Comparer);
            builder.Property(r => r.Operations).HasConversion(new LinesColumn(), LinesColumn.Comparer);
            builder.HasIndex(r => new { r.Agreement, r.Number }).IsUnique();
            builder.HasIndex(r => r.Stamp);
        }
    }

    internal sealed class SharingDisputeShape : IEntityTypeConfiguration<SharingDispute>
    {
        public void Configure(EntityTypeBuilder<SharingDispute> builder)
        {
            builder.ToTable("exchange_dispute");
            builder.HasKey(d => d.Id);
            builder.HasIndex(d => d.Code).IsUnique();
            builder.HasIndex(d => d.Stamp);
        }
    }

    internal sealed class PaperLetterShape : IEntityTypeConfiguration<PaperLetter>
    {
        public void Configure(EntityTypeBuilder<PaperLetter> builder)
        {
            builder.ToTable("exchange_letter");
            builder.HasKey(l => l.Id);
            builder.HasIndex(l => l.Stamp);
        }
    }

    internal sealed class EnterpriseContractShape : IEntityTypeConfiguration<EnterpriseContract>
    {
        public void Configure(EntityTypeBuilder<EnterpriseContract> builder)
        {
            builder.ToTable("exchange_enterprise");
            builder.HasKey(c => c.Id);
            builder.HasIndex(c => c.Stamp);
        }
    }

    internal sealed class PublishedRoutesShape : IEntityTypeConfiguration<PublishedRoutes>
    {
        public void Configure(EntityTypeBuilder<PublishedRoutes> builder)
        {
            builder.ToTable("exchange_routes");
            builder.HasKey(r => r.Number);
            builder.Property(r => r.Number).ValueGeneratedNever();
        }
    }

    internal sealed class GatewayNodeShape : IEntityTypeConfiguration<GatewayNode>
    {
        public void Configure(EntityTypeBuilder<GatewayNode> builder)
        {
            builder.ToTable("exchange_node");
            builder.HasKey(n => n.Id);
            builder.HasIndex(n => n.CodeHash).IsUnique();
            builder.HasIndex(n => n.Name).IsUnique();
        }
    }

    internal sealed class EnrolmentCodeShape : IEntityTypeConfiguration<EnrolmentCode>
    {
        public void Configure(EntityTypeBuilder<EnrolmentCode> builder)
        {
            builder.ToTable("exchange_enrolment_code");
            builder.HasKey(c => c.Id);
            builder.HasIndex(c => c.CodeHash).IsUnique();
            builder.HasIndex(c => c.Subsystem);
        }
    }

    internal sealed class IssuedCertificateShape : IEntityTypeConfiguration<IssuedCertificate>
    {
        public void Configure(EntityTypeBuilder<IssuedCertificate> builder)
        {
            builder.ToTable("exchange_certificate");
            builder.HasKey(c => c.Serial);
            builder.HasIndex(c => c.NotAfter);
        }
    }

    internal sealed class ShareNodeShape : IEntityTypeConfiguration<ShareNode>
    {
        public void Configure(EntityTypeBuilder<ShareNode> builder)
        {
            builder.ToTable("exchange_share_node");
            builder.HasKey(n => n.Id);
            builder.Property(n => n.Id).ValueGeneratedNever();
        }
    }

    internal sealed class SharedBudgetShape : IEntityTypeConfiguration<SharedBudget>
    {
        public void Configure(EntityTypeBuilder<SharedBudget> builder)
        {
            builder.ToTable("exchange_budget");
            builder.HasKey(b => b.Id);
        }
    }

    internal sealed class BudgetLeaseShape : IEntityTypeConfiguration<BudgetLease>
    {
        public void Configure(EntityTypeBuilder<BudgetLease> builder)
        {
            builder.ToTable("exchange_budget_lease");
            builder.HasKey(l => new { l.Node, l.Budget });
        }
    }
}
