using LienThong.Kernel;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Storage;

/// <summary>
/// The one database of the control plane, on SQLite or PostgreSQL. Each module adds its own sets as a partial of this class and its
/// own <see cref="IEntityTypeConfiguration{T}"/> beside its entities; tables are named <c>module_noun</c>, columns snake_case.
/// </summary>
public sealed partial class PlatformDb(DbContextOptions<PlatformDb> options) : DbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);

        // SQLite cannot order by DateTimeOffset, so an instant is stored as a UTC DateTime on both engines.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcInstant>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        foreach (var id in StrongId.AllTypes)
        {
            configurationBuilder.Properties(id).HaveConversion(typeof(StrongIdColumn<>).MakeGenericType(id));
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PlatformDb).Assembly);

        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            if (typeof(IVersioned).IsAssignableFrom(entity.ClrType) && entity.FindProperty(nameof(IVersioned.Version)) is { } version)
            {
                version.IsConcurrencyToken = true;
            }

            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.GetColumnName()));
            }

            foreach (var key in entity.GetKeys()) key.SetName("pk_" + entity.GetTableName());
        }
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RaiseVersions();
        var before = ChangeTracker.AutoDetectChangesEnabled;
        try
        {
            ChangeTracker.AutoDetectChangesEnabled = false;   // They have just been detected; to look twice costs a write of a large class half its time.
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        finally { ChangeTracker.AutoDetectChangesEnabled = before; }
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RaiseVersions();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    private void RaiseVersions()
    {
        ChangeTracker.DetectChanges();
        var before = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        foreach (var entry in ChangeTracker.Entries<IVersioned>())
        {
            if (entry.State is EntityState.Modified)
            {
                var version = entry.Property(nameof(IVersioned.Version));
                version.CurrentValue = (int)version.OriginalValue! + 1;
            }
        }

        ChangeTracker.AutoDetectChangesEnabled = before;
    }

    internal static string SnakeCase(string name)
    {
        var text = new System.Text.StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_' && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}

/// <summary>
/// An entity that people edit. The version they saw travels with the form; EF refuses a save over another one
/// (<see cref="DbUpdateConcurrencyException"/>), and the slice turns that into a refusal that shows both versions.
/// </summary>
public interface IVersioned
{
    int Version { get; }
}
