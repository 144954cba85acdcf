using LienThong.Kernel;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace LienThong.Platform.Storage;

/// <summary>An instant as a UTC <see cref="DateTime"/>, cut to whole microseconds so that both engines give back what they were given.</summary>
public sealed class UtcInstant() : ValueConverter<DateTimeOffset, DateTime>(
    instant => new DateTime(instant.UtcTicks - (instant.UtcTicks % 10), DateTimeKind.Utc),
    stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));

/// <summary>A strong id as its Guid. An expression tree may not call a static abstract member, hence the plain method.</summary>
public sealed class StrongIdColumn<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => Read(value))
    where TId : struct, IStrongId<TId>
{
    private static TId Read(Guid value) => TId.From(value);
}
