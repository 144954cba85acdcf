namespace LienThong.Platform.Exchange.Interfaces;

/// <summary>Why somebody who uses the old interface could no longer use the new one.</summary>
/// <param name="Code">A key of the words: <c>field-removed</c>.</param>
/// <param name="Place">The operation and the field.</param>
/// <param name="Detail">Before → after, where that says something.</param>
public sealed record BreakingChange(string Code, string Place, string Detail = "");

/// <summary>
/// Compares two versions of an interface from the side of those who already use it: what they send must go on being taken, what they read must go
/// on being given in the same form. Every reason is found, not the first. A closed list of values in an answer is a promise both ways: a value that
/// goes means records are called something else now, one that comes cannot be read by a program that knows the list. (A provider who wants to add
/// values gives an open type.)
/// </summary>
public static class BreakingChanges
{
    public static IReadOnlyList<BreakingChange> Between(InterfaceDocument before, InterfaceDocument after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var found = new List<BreakingChange>();
        if (before.Kind != after.Kind) found.Add(new BreakingChange("kind-changed", "", $"{before.Kind} → {after.Kind}"));
        var now = after.Operations.ToDictionary(o => o.Key, StringComparer.Ordinal);
        foreach (var old in before.Operations)
        {
            if (!now.TryGetValue(old.Key, out var operation)) found.Add(new BreakingChange("operation-removed", old.Name));
            else Compare(old, operation, found);
        }

        return found;
    }

    private static void Compare(InterfaceOperation old, InterfaceOperation now, List<BreakingChange> found)
    {
        if (now.NeedsBody && !old.NeedsBody) found.Add(new BreakingChange("body-required", now.Name));
        foreach (var media in old.Bodies.Except(now.Bodies, StringComparer.Ordinal)) found.Add(new BreakingChange("body-type-removed", now.Name, media));

        var before = old.Takes.ToDictionary(f => f.Place, StringComparer.Ordinal);
        var after = now.Takes.ToDictionary(f => f.Place, StringComparer.Ordinal);
        foreach (var field in now.Takes.Where(f => f.IsRequired && !before.ContainsKey(f.Place) && IsAskedFor(f.Place, now.Takes, before)))
        {
            found.Add(new BreakingChange("request-field-required", Place(now, field.Place)));
        }

        foreach (var field in old.Takes)
        {
            // A filter that is no longer honoured gives its caller more than was asked for; a member no longer known is refused or lost.
            if (!after.TryGetValue(field.Place, out var kept)) found.Add(new BreakingChange("request-field-removed", Place(now, field.Place)));
            else CompareTaken(field, kept, Place(now, field.Place), found);
        }

        foreach (var answer in old.Gives)
        {
            if (now.Gives.FirstOrDefault(a => a.Status == answer.Status && a.MediaType == answer.MediaType) is { } same) CompareGiven(answer, same, now, found);
            else found.Add(new BreakingChange("answer-removed", now.Name, $"{answer.Status} {answer.MediaType}".Trim()));
        }
    }

    /// <summary>A required member inside an object that is new and optional itself is asked of nobody who does not send the object.</summary>
    private static bool IsAskedFor(string place, IReadOnlyList<InterfaceField> all, Dictionary<string, InterfaceField> before)
    {
        for (var slash = place.LastIndexOf('/'); slash > 0; slash = place.LastIndexOf('/', slash - 1))
        {
            var above = place[..slash];
            if (all.FirstOrDefault(f => f.Place == above) is { } parent && !before.ContainsKey(above) && !parent.IsRequired) return false;
        }

        return true;
    }

    private static void CompareTaken(InterfaceField old, InterfaceField now, string place, List<BreakingChange> found)
    {
        if (now.IsRequired && !old.IsRequired) found.Add(new BreakingChange("request-field-required", place));
        if (old.IsNullable && !now.IsNullable) found.Add(new BreakingChange("request-null-refused", place));
        if (!Holds(now.Type, old.Type)) found.Add(new BreakingChange("type-changed", place, $"{old.Type} → {now.Type}"));
        if (now.Values is { } values)
        {
            if (old.Values is null) found.Add(new BreakingChange("request-values-closed", place, string.Join(", ", values.Take(10))));
            else if (old.Values.Except(values, StringComparer.Ordinal).ToList() is { Count: > 0 } gone) found.Add(new BreakingChange("values-narrowed", place, string.Join(", ", gone.Take(10))));
        }

        var (a, b) = (old.Bounds ?? FieldBounds.None, now.Bounds ?? FieldBounds.None);
        var isNarrower = b.Min > (a.Min ?? decimal.MinValue) || b.Max < (a.Max ?? decimal.MaxValue) || b.LengthMin > (a.LengthMin ?? 0) || b.LengthMax < (a.LengthMax ?? int.MaxValue)
            || (b.Pattern is not null && b.Pattern != a.Pattern);
        if (isNarrower) found.Add(new BreakingChange("request-narrowed", place));
    }

    private static void CompareGiven(InterfaceAnswer old, InterfaceAnswer now, InterfaceOperation operation, List<BreakingChange> found)
    {
        var after = now.Fields.ToDictionary(f => f.Place, StringComparer.Ordinal);
        foreach (var field in old.Fields)
        {
            var place = Place(operation, field.Place.Length == 0 ? "/" : field.Place);
            if (!after.TryGetValue(field.Place, out var kept))
            {
                found.Add(new BreakingChange("answer-field-removed", place));
                continue;
            }

            if (field.IsRequired && !kept.IsRequired) found.Add(new BreakingChange("answer-field-optional", place));
            if (kept.IsNullable && !field.IsNullable) found.Add(new BreakingChange("answer-null-possible", place));
            if (!Holds(field.Type, kept.Type)) found.Add(new BreakingChange("type-changed", place, $"{field.Type} → {kept.Type}"));
            if (field.Values is { } values)
            {
                if (kept.Values is null) found.Add(new BreakingChange("answer-values-open", place));
                else if (values.Except(kept.Values, StringComparer.Ordinal).ToList() is { Count: > 0 } gone) found.Add(new BreakingChange("values-narrowed", place, string.Join(", ", gone.Take(10))));
                else if (kept.Values.Except(values, StringComparer.Ordinal).ToList() is { Count: > 0 } added) found.Add(new BreakingChange("answer-values-added", place, string.Join(", ", added.Take(10))));
            }
        }
    }

    private static string Place(InterfaceOperation operation, string field) => operation.Name + " " + field;

    /// <summary>Whether everything of the narrow type is also of the wide one: an integer is a number, anything is "any", a value without a format holds those with one.</summary>
    internal static bool Holds(string wide, string narrow)
    {
        if (wide == narrow) return true;
        var (wideTypes, wideFormat) = Split(wide);
        var (narrowTypes, narrowFormat) = Split(narrow);
        if (wideFormat is not null && wideFormat != narrowFormat && !IsWiderFormat(wideFormat, narrowFormat)) return false;
        if (wideTypes is ["any"]) return true;
        return narrowTypes.All(n => wideTypes.Contains(n, StringComparer.Ordinal) || (n == "integer" && wideTypes.Contains("number", StringComparer.Ordinal)));
    }

    private static bool IsWiderFormat(string wide, string? narrow) => (wide, narrow) is ("int64", "int32") or ("double", "float") or ("double", "int32") or ("double", "int64");

    private static (string[] Types, string? Format) Split(string type)
    {
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (type.Split('|'), null) : (type[..slash].Split('|'), type[(slash + 1)..]);
    }
}
