using System.Globalization;
using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;

namespace LienThong.Platform.Registry.Import;

/// <summary>One row, read.</summary>
public sealed record UnitRow(
    int Row, string Code, string Name, string ShortName, OrgUnitKind Kind, string? Parent, DateOnly From, DateOnly? To, int Order, bool IsInTree,
    string? Qcvn102, string? Qd20, string? Administrative, IReadOnlyList<string> Aliases, IReadOnlyList<string> Successors, SuccessionKind SuccessionKind,
    string? Document, string? Source, string? Certainty);

/// <summary>One defect of one row. The code is a resource key; the arguments fill its sentence.</summary>
public sealed record UnitRowProblem(int Row, string Column, string Code, params IReadOnlyList<object> Arguments);

/// <summary>What the file would do.</summary>
/// <param name="New">Rows that would become units, parents before those below them.</param>
/// <param name="Unchanged">Rows the registry already holds exactly so.</param>
public sealed record UnitRowReading(IReadOnlyList<UnitRow> New, int Unchanged, IReadOnlyList<UnitRowProblem> Problems);

/// <summary>Rows to all their problems, not the first one. Pure: the file and the registry in, the reading out.</summary>
internal static partial class UnitRows
{
    [GeneratedRegex(@"^[A-Za-z0-9\u0110\u0111][A-Za-z0-9\u0110\u0111.\-_]{0,63}$", RegexOptions.CultureInvariant, 200)]
    internal static partial Regex CodeForm();

    private const int NameLengthMax = 300;

    public static Result<UnitRowReading> Check(UnitFile file, RegistrySnapshot registry)
    {
        var place = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < file.Header.Count; i++)
        {
            var heading = VietnameseText.Fold(file.Header[i]).Replace("*", "", StringComparison.Ordinal).Trim();
            if (UnitColumns.All.FirstOrDefault(c => VietnameseText.Fold(c) == heading) is { } column) place.TryAdd(column, i);
        }

        var missing = UnitColumns.Required.Where(c => !place.ContainsKey(c)).ToList();
        if (missing.Count > 0) return RegistryRefusals.ColumnsMissing(missing);

        var problems = new List<UnitRowProblem>();
        var rows = new List<UnitRow>();
        foreach (var line in file.Lines)
        {
            string Cell(string column) => place.TryGetValue(column, out var at) && at < line.Cells.Count ? line.Cells[at] : "";
            if (ReadRow(line.Row, Cell, problems) is { } row) rows.Add(row);
        }

        CheckTogether(rows, registry, problems);
        var known = rows.Where(r => Existing(registry, r.Code) is not null).ToList();
        foreach (var row in known.Where(r => !Same(r, registry, Existing(registry, r.Code)!)))
        {
            problems.Add(new(row.Row, UnitColumns.Code, "registry.import.exists-differently", row.Code));
        }

        var fresh = rows.Except(known).ToList();
        return new UnitRowReading(ParentsFirst(fresh, problems), known.Count, [.. problems.OrderBy(p => p.Row).ThenBy(p => ColumnRank(p.Column))]);
    }

    private static int ColumnRank(string column)
    {
        for (var i = 0; i < UnitColumns.All.Count; i++) if (UnitColumns.All[i] == column) return i;
        return UnitColumns.All.Count;
    }

    private static OrgUnit? Existing(RegistrySnapshot registry, string code) => registry.ByCode(code);

    private static UnitRow? ReadRow(int number, Func<string, string> cell, List<UnitRowProblem> problems)
    {
        var before = problems.Count;
        void Problem(string column, string code, params object[] arguments) => problems.Add(new(number, column, code, arguments));

        var code = cell(UnitColumns.Code);
        if (code.Length == 0) Problem(UnitColumns.Code, "registry.import.code-missing");
        else if (!CodeForm().IsMatch(code)) Problem(UnitColumns.Code, "registry.unit.code-form", code);

        var name = cell(UnitColumns.Name);
        if (name.Length == 0) Problem(UnitColumns.Name, "registry.unit.name-missing");
        if (name.Length > NameLengthMax) Problem(UnitColumns.Name, "registry.import.name-too-long", name.Length, NameLengthMax);

        var kindText = cell(UnitColumns.Kind);
        var kindKnown = UnitColumns.TryKind(kindText, out var kind);
        if (!kindKnown) Problem(UnitColumns.Kind, kindText.Length == 0 ? "registry.import.kind-missing" : "registry.import.kind-unknown", kindText, string.Join("; ", UnitColumns.KindLabels));

        var fromText = cell(UnitColumns.From);
        if (!UnitColumns.TryDay(fromText, out var from)) Problem(UnitColumns.From, fromText.Length == 0 ? "registry.import.from-missing" : "registry.import.day", fromText);
        DateOnly? to = null;
        var toText = cell(UnitColumns.To);
        if (toText.Length > 0)
        {
            if (!UnitColumns.TryDay(toText, out var last)) Problem(UnitColumns.To, "registry.import.day", toText);
            else if (from != default && last < from) Problem(UnitColumns.To, "registry.import.reversed", Vietnamese.Day(from), Vietnamese.Day(last));
            else to = last;
        }

        var orderText = cell(UnitColumns.Order);
        var order = 0;
        if (orderText.Length > 0 && !int.TryParse(orderText, NumberStyles.None, CultureInfo.InvariantCulture, out order)) Problem(UnitColumns.Order, "registry.import.order", orderText);

        string? Identifier(string column, IdentifierScheme scheme)
        {
            var text = cell(column);
            if (text.Length == 0) return null;
            var checkedCode = OrganizationIdentifier.Check(scheme, text, !kindKnown || OrganizationIdentifier.IsStateAgency(kind));
            if (checkedCode.IsGranted(out var value, out var refusal)) return value;
            Problem(column, refusal.Code, [.. refusal.Arguments]);
            return null;
        }

        var qcvn = Identifier(UnitColumns.Qcvn102, IdentifierScheme.Qcvn102);
        var qd20 = Identifier(UnitColumns.Qd20, IdentifierScheme.Qd20);
        if (qcvn is not null && qd20 is not null && OrganizationIdentifier.Convert(IdentifierScheme.Qcvn102, qcvn) is { } mapped && mapped != qd20)
        {
            Problem(UnitColumns.Qd20, "registry.import.codes-disagree", qcvn, mapped, qd20);
        }

        var administrative = Identifier(UnitColumns.Administrative, IdentifierScheme.AdministrativeUnit);
        var successors = cell(UnitColumns.Successors).Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (successors.Length > 0 && toText.Length == 0) Problem(UnitColumns.Successors, "registry.import.successor-without-end");
        if (successors.Contains(code, StringComparer.Ordinal)) Problem(UnitColumns.Successors, "registry.import.successor-itself", code);

        var howText = cell(UnitColumns.SuccessionKind);
        var how = successors.Length > 1 ? SuccessionKind.Split : SuccessionKind.Merge;
        if (howText.Length > 0 && !UnitColumns.TrySuccession(howText, out how)) Problem(UnitColumns.SuccessionKind, "registry.import.succession-kind", howText);

        var outside = VietnameseText.Fold(cell(UnitColumns.Outside));
        if (outside is not ("" or "x" or "co" or "khong" or "1" or "0" or "true" or "false")) Problem(UnitColumns.Outside, "registry.import.outside", cell(UnitColumns.Outside));

        if (problems.Count > before) return null;
        var shortName = cell(UnitColumns.ShortName);
        static string? Optional(string text) => text.Length == 0 ? null : text;
        return new UnitRow(
            number, code, name, shortName.Length == 0 ? name : shortName, kind, Optional(cell(UnitColumns.Parent)), from, to, order, outside is not ("x" or "co" or "1" or "true"),
            qcvn, qd20, administrative, cell(UnitColumns.Aliases).Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), successors, how,
            Optional(cell(UnitColumns.Document)), Optional(cell(UnitColumns.Source)), Optional(cell(UnitColumns.Certainty)));
    }

    /// <summary>What only shows when rows are seen beside each other and beside the registry.</summary>
    private static void CheckTogether(List<UnitRow> rows, RegistrySnapshot registry, List<UnitRowProblem> problems)
    {
        var byCode = new Dictionary<string, UnitRow>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!byCode.TryAdd(row.Code, row)) problems.Add(new(row.Row, UnitColumns.Code, "registry.import.code-twice", row.Code, byCode[row.Code].Row));
        }

        foreach (var row in rows)
        {
            if (row.Parent is { } parent)
            {
                var above = byCode.TryGetValue(parent, out var parentRow) ? (parentRow.From, parentRow.To) : Existing(registry, parent) is { } unit ? (unit.ValidFrom, unit.ValidTo) : default((DateOnly From, DateOnly? To)?);
                if (above is not { } period) problems.Add(new(row.Row, UnitColumns.Parent, "registry.unit.parent-unknown", parent));
                else if (period.From > row.From || (period.To is { } end && (row.To is not { } last || last > end)))
                {
                    problems.Add(new(row.Row, UnitColumns.Parent, "registry.import.parent-period", parent, Period(period.From, period.To)));
                }
            }

            foreach (var successor in row.Successors)
            {
                if (!byCode.ContainsKey(successor) && Existing(registry, successor) is null) problems.Add(new(row.Row, UnitColumns.Successors, "registry.import.successor-unknown", successor));
            }
        }

        foreach (var row in rows.Where(r => InCircle(r, byCode))) problems.Add(new(row.Row, UnitColumns.Parent, "registry.import.circle", row.Code));

        // Two units of one name under one parent at one time cannot be told apart by any document.
        foreach (var twins in rows.GroupBy(r => (VietnameseText.Clean(r.Name).ToUpperInvariant(), r.Parent)))
        {
            var ordered = twins.OrderBy(t => t.Row).ToList();
            for (var i = 1; i < ordered.Count; i++)
            {
                if (ordered.Take(i).FirstOrDefault(o => o.Code != ordered[i].Code && Overlap(o, ordered[i])) is { } twin)
                {
                    problems.Add(new(ordered[i].Row, UnitColumns.Name, "registry.import.name-twice", ordered[i].Name, twin.Row));
                }
            }
        }

        foreach (var (column, scheme, value) in new (string, IdentifierScheme, Func<UnitRow, string?>)[]
        {
            (UnitColumns.Qcvn102, IdentifierScheme.Qcvn102, r => r.Qcvn102),
            (UnitColumns.Qd20, IdentifierScheme.Qd20, r => r.Qd20),
            (UnitColumns.Administrative, IdentifierScheme.AdministrativeUnit, r => r.Administrative),
        })
        {
            foreach (var same in rows.Where(r => value(r) is not null).GroupBy(r => value(r)!, StringComparer.Ordinal))
            {
                var ordered = same.OrderBy(r => r.Row).ToList();
                for (var i = 0; i < ordered.Count; i++)
                {
                    var row = ordered[i];
                    if (ordered.Take(i).FirstOrDefault(o => o.Code != row.Code && Overlap(o, row)) is { } other) problems.Add(new(row.Row, column, "registry.import.identifier-twice", same.Key, other.Row));
                    else if (registry.WithIdentifier(scheme, same.Key, row.From, row.To).FirstOrDefault(u => u.Code != row.Code) is { } holder)
                    {
                        problems.Add(new(row.Row, column, "registry.identifier.taken", same.Key, holder.Code));
                    }
                }
            }
        }
    }

    private static bool Overlap(UnitRow a, UnitRow b) => (a.To is not { } aEnd || b.From <= aEnd) && (b.To is not { } bEnd || a.From <= bEnd);

    private static string Period(DateOnly from, DateOnly? to) => to is { } last ? $"{Vietnamese.Day(from)}–{Vietnamese.Day(last)}" : $"{Vietnamese.Day(from)}–";

    private static bool InCircle(UnitRow row, Dictionary<string, UnitRow> byCode)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = row; at.Parent is { } parent && byCode.TryGetValue(parent, out var above); at = above)
        {
            if (parent == row.Code) return true;
            if (!seen.Add(parent)) return false;
        }

        return false;
    }

    /// <summary>An import adds; it does not rename, move or end. A row that says something else of a known unit is a problem, not an overwrite.</summary>
    private static bool Same(UnitRow row, RegistrySnapshot registry, OrgUnit unit) =>
        unit.ValidFrom == row.From && (row.To is null || unit.ValidTo == row.To) && unit.IsInTree == row.IsInTree
        && unit.Names.Exists(n => n.Name == row.Name && n.Kind == row.Kind)
        && unit.Places.Exists(p => (p.Parent is { } parent ? registry.Unit(parent)?.Code : null) == row.Parent);

    private static List<UnitRow> ParentsFirst(List<UnitRow> rows, List<UnitRowProblem> problems)
    {
        if (problems.Exists(p => p.Code is "registry.import.circle" or "registry.import.code-twice")) return rows;
        var byCode = rows.ToDictionary(r => r.Code, StringComparer.Ordinal);
        var ordered = new List<UnitRow>(rows.Count);
        var done = new HashSet<string>(StringComparer.Ordinal);
        void Take(UnitRow row)
        {
            if (!done.Add(row.Code)) return;
            if (row.Parent is { } parent && byCode.TryGetValue(parent, out var above)) Take(above);
            ordered.Add(row);
        }

        foreach (var row in rows) Take(row);
        return ordered;
    }
}
