using System.Collections.Frozen;
using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Shared.Parameters;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LienThong.Platform.Shared.Parameters
{
    /// <summary>One value of one parameter for a period. Rows are only added: of two that cover a day, the one set later holds.</summary>
    public sealed class ParameterValue
    {
        public required Guid Id { get; init; }
        public required string Key { get; init; }
        public required string Value { get; init; }
        public required string Basis { get; init; }
        public required Certainty Certainty { get; init; }
        public required DateOnly ValidFrom { get; init; }
        public DateOnly? ValidTo { get; init; }
        public required UserId SetBy { get; init; }
        public required string SetByName { get; init; }
        public required DateTimeOffset SetAt { get; init; }

        public bool Covers(DateOnly day) => ValidFrom <= day && (ValidTo is null || day <= ValidTo);

        /// <summary>All rows in the order they were set: of those that cover a day, the last one holds.</summary>
        internal static Task<List<ParameterValue>> InOrderAsync(PlatformDb db, CancellationToken cancellationToken) =>
            db.Parameters.AsNoTracking().OrderBy(p => p.SetAt).ThenBy(p => p.Id).ToListAsync(cancellationToken);
    }

    internal sealed class ParameterValueShape : IEntityTypeConfiguration<ParameterValue>
    {
        public void Configure(EntityTypeBuilder<ParameterValue> builder)
        {
            builder.ToTable("shared_parameter");
            builder.HasKey(p => p.Id);
            builder.HasIndex(p => new { p.Key, p.ValidFrom });
        }
    }

    /// <summary>Every parameter as it holds on one day.</summary>
    public sealed class ParameterSheet(FrozenDictionary<string, string> values)
    {
        public string Text(string key) => values.TryGetValue(key, out var value) ? value : throw new ArgumentException($"Unknown parameter {key}.", nameof(key));

        public int Number(string key) => int.Parse(Text(key), CultureInfo.InvariantCulture);

        public IReadOnlyList<string> List(string key) => Text(key).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What the parameters are on a day. Read from the table at most every half minute, so that a change reaches every node within that.</summary>
    public sealed class ParameterBook(IDbContextFactory<PlatformDb> databases, TimeProvider clock)
    {
        private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
        private volatile Snapshot? _last;

        /// <summary>The sheet of the last day asked for, which is nearly always today: the same object until something changed.</summary>
        private volatile DaySheet? _sheet;

        private sealed record Snapshot(DateTimeOffset ReadAt, IReadOnlyList<ParameterValue> Rows);

        private sealed record DaySheet(DateOnly Day, int Rows, ParameterSheet Sheet);

        public async ValueTask<ParameterSheet> OnAsync(DateOnly day, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var snapshot = _last;
            if (snapshot is null || now - snapshot.ReadAt >= Fresh || now < snapshot.ReadAt)
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                snapshot = new Snapshot(now, await ParameterValue.InOrderAsync(db, cancellationToken));
                _last = snapshot;
            }

            // Rows are only added, so their number says whether anything is new.
            if (_sheet is { } known && known.Day == day && known.Rows == snapshot.Rows.Count) return known.Sheet;
            var values = ParameterDefaults.All.ToDictionary(p => p.Key, p => p.Value);
            foreach (var row in snapshot.Rows)
            {
                if (row.Covers(day) && values.ContainsKey(row.Key)) values[row.Key] = row.Value;
            }

            var sheet = new ParameterSheet(values.ToFrozenDictionary());
            _sheet = new DaySheet(day, snapshot.Rows.Count, sheet);
            return sheet;
        }

        public ValueTask<ParameterSheet> TodayAsync(CancellationToken cancellationToken) => OnAsync(Vietnamese.DayOf(clock.GetUtcNow()), cancellationToken);

        /// <summary>After a value was set here: this process answers with it at once.</summary>
        public void Forget() => _last = null;
    }
}

namespace LienThong.Platform.Storage
{
    public sealed partial class PlatformDb
    {
        public DbSet<ParameterValue> Parameters => Set<ParameterValue>();
    }
}
