using LienThong.Platform.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Accounts
{
    internal sealed class UserAccountShape : IEntityTypeConfiguration<UserAccount>
    {
        public void Configure(EntityTypeBuilder<UserAccount> builder)
        {
            builder.ToTable("accounts_user");
            builder.HasKey(u => u.Id);
            builder.Ignore(u => u.HasTotp);
            builder.HasIndex(u => u.SignInName).IsUnique();
            builder.HasIndex(u => u.SearchText);
        }
    }

    internal sealed class FormerPasswordShape : IEntityTypeConfiguration<FormerPassword>
    {
        public void Configure(EntityTypeBuilder<FormerPassword> builder)
        {
            builder.ToTable("accounts_former_password");
            builder.HasKey(p => p.Id);
            builder.HasOne<UserAccount>().WithMany().HasForeignKey(p => p.User).OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_accounts_former_password_user");
            builder.HasIndex(p => new { p.User, p.SetAt });
        }
    }

    internal sealed class RecoveryCodeShape : IEntityTypeConfiguration<RecoveryCode>
    {
        public void Configure(EntityTypeBuilder<RecoveryCode> builder)
        {
            builder.ToTable("accounts_recovery_code");
            builder.HasKey(c => c.Id);
            builder.HasOne<UserAccount>().WithMany().HasForeignKey(c => c.User).OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_accounts_recovery_code_user");
            builder.HasIndex(c => c.User);
        }
    }

    internal sealed class PasskeyShape : IEntityTypeConfiguration<Passkey>
    {
        public void Configure(EntityTypeBuilder<Passkey> builder)
        {
            builder.ToTable("accounts_passkey");
            builder.HasKey(p => p.CredentialId);
            builder.HasOne<UserAccount>().WithMany().HasForeignKey(p => p.User).OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_accounts_passkey_user");
            builder.HasIndex(p => p.User);
        }
    }

    internal sealed class AccountLinkShape : IEntityTypeConfiguration<AccountLink>
    {
        public void Configure(EntityTypeBuilder<AccountLink> builder)
        {
            builder.ToTable("accounts_link");
            builder.HasKey(l => l.Id);
            builder.HasOne<UserAccount>().WithMany().HasForeignKey(l => l.User).OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_accounts_link_user");
            builder.HasIndex(l => l.User);
            builder.HasIndex(l => new { l.Kind, l.Issuer, l.Subject }).IsUnique().HasFilter("ended_at IS NULL");
        }
    }

    internal sealed class GrantedRoleShape : IEntityTypeConfiguration<GrantedRole>
    {
        public void Configure(EntityTypeBuilder<GrantedRole> builder)
        {
            builder.ToTable("accounts_granted_role");
            builder.HasKey(g => g.Id);
            builder.HasOne<UserAccount>().WithMany().HasForeignKey(g => g.User).OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_accounts_granted_role_user");
            builder.HasIndex(g => g.User);
            builder.HasIndex(g => new { g.Unit, g.Role });
        }
    }

    internal sealed class AccessReviewShape : IEntityTypeConfiguration<AccessReview>
    {
        public void Configure(EntityTypeBuilder<AccessReview> builder)
        {
            builder.ToTable("accounts_access_review");
            builder.HasKey(r => r.Id);
            builder.HasOne<UserAccount>().WithMany().HasForeignKey(r => r.User).OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_accounts_access_review_user");
            builder.HasIndex(r => new { r.User, r.At });
        }
    }

    internal sealed class SessionShape : IEntityTypeConfiguration<Session>
    {
        public void Configure(EntityTypeBuilder<Session> builder)
        {
            builder.ToTable("accounts_session");
            builder.HasKey(s => s.Id);
            builder.HasOne<UserAccount>().WithMany().HasForeignKey(s => s.User).OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_accounts_session_user");
            builder.HasIndex(s => new { s.User, s.EndedAt });
        }
    }
}

namespace LienThong.Platform.Storage
{
    public sealed partial class PlatformDb
    {
        public DbSet<UserAccount> Users => Set<UserAccount>();
        public DbSet<FormerPassword> FormerPasswords => Set<FormerPassword>();
        public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
        public DbSet<Passkey> Passkeys => Set<Passkey>();
        public DbSet<AccountLink> AccountLinks => Set<AccountLink>();
        public DbSet<GrantedRole> GrantedRoles => Set<GrantedRole>();
        public DbSet<AccessReview> AccessReviews => Set<AccessReview>();
        public DbSet<Session> Sessions => Set<Session>();
    }
}
