using LienThong.Kernel;
using LienThong.Platform.Registry;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Storage
{
    public sealed partial class PlatformDb
    {
        internal DbSet<OrgUnit> OrgUnits => Set<OrgUnit>();
        internal DbSet<OrgUnitAlias> OrgUnitAliases => Set<OrgUnitAlias>();
        internal DbSet<OrgUnitSuccession> OrgUnitSuccessions => Set<OrgUnitSuccession>();
        internal DbSet<UnitClass> UnitClasses => Set<UnitClass>();
        internal DbSet<UnitOfficer> UnitOfficers => Set<UnitOfficer>();
        internal DbSet<Delegation> Delegations => Set<Delegation>();
        internal DbSet<ExternalSystem> ExternalSystems => Set<ExternalSystem>();
        internal DbSet<ExternalAccount> SystemAccounts => Set<ExternalAccount>();
        internal DbSet<RegistryStamp> RegistryStamps => Set<RegistryStamp>();
    }
}

namespace LienThong.Platform.Registry
{
    internal sealed class OrgUnitShape : IEntityTypeConfiguration<OrgUnit>
    {
        public void Configure(EntityTypeBuilder<OrgUnit> builder)
        {
            builder.ToTable("registry_unit");
            builder.HasKey(u => u.Id);
            builder.HasIndex(u => u.Code).IsUnique();
            builder.HasIndex(u => new { u.ModifiedAt, u.Id });
            builder.HasMany(u => u.Names).WithOne().HasForeignKey(n => n.Unit).OnDelete(DeleteBehavior.Restrict);
            builder.HasMany(u => u.Places).WithOne().HasForeignKey(p => p.Unit).OnDelete(DeleteBehavior.Restrict);
            builder.HasMany(u => u.Identifiers).WithOne().HasForeignKey(i => i.Unit).OnDelete(DeleteBehavior.Restrict);
        }
    }

    internal sealed class OrgUnitNameShape : IEntityTypeConfiguration<OrgUnitName>
    {
        public void Configure(EntityTypeBuilder<OrgUnitName> builder)
        {
            builder.ToTable("registry_unit_name");
            builder.HasKey(n => n.Id);
            builder.Property(n => n.Id).ValueGeneratedNever();
            builder.HasIndex(n => new { n.Unit, n.ValidFrom }).IsUnique();
        }
    }

    internal sealed class OrgUnitPlaceShape : IEntityTypeConfiguration<OrgUnitPlace>
    {
        public void Configure(EntityTypeBuilder<OrgUnitPlace> builder)
        {
            builder.ToTable("registry_unit_place");
            builder.HasKey(p => p.Id);
            builder.Property(p => p.Id).ValueGeneratedNever();
            builder.Property(p => p.Order).HasColumnName("official_order");
            builder.HasOne<OrgUnit>().WithMany().HasForeignKey(p => p.Parent).OnDelete(DeleteBehavior.Restrict);
            builder.HasIndex(p => new { p.Unit, p.ValidFrom }).IsUnique();
        }
    }

    internal sealed class OrgUnitIdentifierShape : IEntityTypeConfiguration<OrgUnitIdentifier>
    {
        public void Configure(EntityTypeBuilder<OrgUnitIdentifier> builder)
        {
            builder.ToTable("registry_unit_identifier");
            builder.HasKey(i => i.Id);
            builder.Property(i => i.Id).ValueGeneratedNever();
            builder.HasIndex(i => new { i.Scheme, i.Value });
            builder.HasIndex(i => i.Unit);
        }
    }

    internal sealed class OrgUnitAliasShape : IEntityTypeConfiguration<OrgUnitAlias>
    {
        public void Configure(EntityTypeBuilder<OrgUnitAlias> builder)
        {
            builder.ToTable("registry_alias");
            builder.HasKey(a => a.Id);
            builder.HasIndex(a => a.Key);
            builder.HasOne<OrgUnit>().WithMany().HasForeignKey(a => a.Unit).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<UnitClass>().WithMany().HasForeignKey(a => a.Class).OnDelete(DeleteBehavior.Restrict);
        }
    }

    internal sealed class OrgUnitSuccessionShape : IEntityTypeConfiguration<OrgUnitSuccession>
    {
        public void Configure(EntityTypeBuilder<OrgUnitSuccession> builder)
        {
            builder.ToTable("registry_succession");
            builder.HasKey(s => s.Id);
            builder.Property(s => s.From).HasColumnName("from_unit");
            builder.Property(s => s.To).HasColumnName("to_unit");
            builder.Property(s => s.Share).HasPrecision(9, 6);
            builder.HasOne<OrgUnit>().WithMany().HasForeignKey(s => s.From).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<OrgUnit>().WithMany().HasForeignKey(s => s.To).OnDelete(DeleteBehavior.Restrict);
            builder.HasIndex(s => s.From);
            builder.HasIndex(s => s.To);
        }
    }

    internal sealed class UnitClassShape : IEntityTypeConfiguration<UnitClass>
    {
        public void Configure(EntityTypeBuilder<UnitClass> builder)
        {
            builder.ToTable("registry_class");
            builder.HasKey(c => c.Id);
            builder.HasIndex(c => c.Code).IsUnique();
            builder.HasMany(c => c.Members).WithOne().HasForeignKey(m => m.Class).OnDelete(DeleteBehavior.Restrict);
            builder.Ignore(c => c.KindList).Ignore(c => c.IncludeList).Ignore(c => c.WordList);
        }
    }

    internal sealed class UnitClassMemberShape : IEntityTypeConfiguration<UnitClassMember>
    {
        public void Configure(EntityTypeBuilder<UnitClassMember> builder)
        {
            builder.ToTable("registry_class_member");
            builder.HasKey(m => m.Id);
            builder.Property(m => m.Id).ValueGeneratedNever();
            builder.HasIndex(m => new { m.Class, m.Unit, m.ValidFrom }).IsUnique();
            builder.HasOne<OrgUnit>().WithMany().HasForeignKey(m => m.Unit).OnDelete(DeleteBehavior.Restrict);
        }
    }

    internal sealed class UnitOfficerShape : IEntityTypeConfiguration<UnitOfficer>
    {
        public void Configure(EntityTypeBuilder<UnitOfficer> builder)
        {
            builder.ToTable("registry_officer");
            builder.HasKey(o => o.Id);
            builder.HasIndex(o => new { o.Unit, o.Post, o.ValidFrom });
            builder.HasOne<OrgUnit>().WithMany().HasForeignKey(o => o.Unit).OnDelete(DeleteBehavior.Restrict);
        }
    }

    internal sealed class DelegationShape : IEntityTypeConfiguration<Delegation>
    {
        public void Configure(EntityTypeBuilder<Delegation> builder)
        {
            builder.ToTable("registry_delegation");
            builder.HasKey(d => d.Id);
            builder.HasIndex(d => new { d.Delegate, d.LastDay });
            builder.HasIndex(d => d.Unit);
            builder.HasOne<OrgUnit>().WithMany().HasForeignKey(d => d.Unit).OnDelete(DeleteBehavior.Restrict);
            builder.Ignore(d => d.RoleList);
        }
    }

    internal sealed class ExternalSystemShape : IEntityTypeConfiguration<ExternalSystem>
    {
        public void Configure(EntityTypeBuilder<ExternalSystem> builder)
        {
            builder.ToTable("registry_external_system");
            builder.HasKey(s => s.Code);
            builder.HasOne<UnitClass>().WithMany().HasForeignKey(s => s.RequiredFor).OnDelete(DeleteBehavior.Restrict);
        }
    }

    internal sealed class ExternalAccountShape : IEntityTypeConfiguration<ExternalAccount>
    {
        public void Configure(EntityTypeBuilder<ExternalAccount> builder)
        {
            builder.ToTable("registry_external_account");
            builder.HasKey(a => a.Id);
            builder.HasIndex(a => new { a.System, a.AccountName }).IsUnique();
            builder.HasOne<OrgUnit>().WithMany().HasForeignKey(a => a.Unit).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<ExternalSystem>().WithMany().HasForeignKey(a => a.System).OnDelete(DeleteBehavior.Restrict);
            builder.HasIndex(a => a.Unit);
            builder.HasMany(a => a.Holders).WithOne().HasForeignKey(h => h.Account).OnDelete(DeleteBehavior.Restrict);
        }
    }

    internal sealed class ExternalAccountHolderShape : IEntityTypeConfiguration<ExternalAccountHolder>
    {
        public void Configure(EntityTypeBuilder<ExternalAccountHolder> builder)
        {
            builder.ToTable("registry_external_account_holder");
            builder.HasKey(h => h.Id);
            builder.Property(h => h.Id).ValueGeneratedNever();
            builder.HasIndex(h => h.Account);
        }
    }

    internal sealed class RegistryStampShape : IEntityTypeConfiguration<RegistryStamp>
    {
        public void Configure(EntityTypeBuilder<RegistryStamp> builder)
        {
            builder.ToTable("registry_stamp");
            builder.HasKey(s => s.Id);
            builder.Property(s => s.Id).ValueGeneratedNever();
        }
    }
}
