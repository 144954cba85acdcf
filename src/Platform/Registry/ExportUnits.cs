using System.Globalization;
using System.Text;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Registry.Import;
using LienThong.Platform.Shared;

namespace LienThong.Platform.Registry;

/// <summary>The units of a day, or an empty template, in the form the import reads: what goes out can come in.</summary>
public sealed class ExportUnits(RegistryCache cache, ICurrentUser user)
{
    public sealed record Sheet(byte[] Content, string ContentType, string FileName);

    /// <param name="asOf">The day; null gives every unit of every time, as another installation would load it.</param>
    public async Task<Result<Sheet>> HandleAsync(DateOnly? asOf, bool workbook, CancellationToken cancellationToken)
    {
        if (!user.Current.May(Permission.ViewRegistry)) return RegistryRefusals.NotAllowed();
        var registry = await cache.SnapshotAsync(cancellationToken);
        var units = asOf is { } day
            ? registry.On(day).InTree.Concat(registry.On(day).Outside).Select(v => registry.Unit(v.Id)!)
            : registry.Units.OrderBy(u => u.ValidFrom).ThenBy(u => u.Code, StringComparer.Ordinal);
        var name = "don-vi" + (asOf is { } shown ? "-" + shown.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "");
        return Make(units.Select(u => Row(registry, u, asOf)), name, workbook);
    }

    public Result<Sheet> Template(bool workbook) => user.Current.May(Permission.ViewRegistry) ? Make([], "mau-don-vi", workbook) : RegistryRefusals.NotAllowed();

    private static Sheet Make(IEnumerable<IReadOnlyList<string>> rows, string name, bool workbook) => workbook
        ? new(Workbook(rows), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name + ".xlsx")
        : new(Text(rows), "text/csv; charset=utf-8", name + ".csv");

    private static List<string> Row(RegistrySnapshot registry, OrgUnit unit, DateOnly? asOf)
    {
        var at = asOf is { } day && unit.Covers(day) ? day : unit.ValidTo ?? DateOnly.MaxValue;
        var name = unit.NameOn(at) ?? unit.Names.MaxBy(n => n.ValidFrom)!;
        var place = unit.PlaceOn(at) ?? unit.Places.MaxBy(p => p.ValidFrom);
        string Identifier(IdentifierScheme scheme) => unit.Identifiers.Where(i => i.Scheme == scheme).OrderBy(i => i.Covers(at) ? 0 : 1).ThenByDescending(i => i.ValidFrom).FirstOrDefault()?.Value ?? "";
        var successions = registry.SuccessionsFrom(unit.Id).Where(s => s.To != unit.Id).ToList();
        return
        [
            unit.Code, name.Name, name.ShortName, UnitColumns.LabelOf(name.Kind), place?.Parent is { } parent ? registry.Unit(parent)?.Code ?? "" : "",
            Vietnamese.Day(unit.ValidFrom), unit.ValidTo is { } last ? Vietnamese.Day(last) : "", (place?.Order ?? 0).ToString(CultureInfo.InvariantCulture), unit.IsInTree ? "" : "x",
            Identifier(IdentifierScheme.Qcvn102), Identifier(IdentifierScheme.Qd20), Identifier(IdentifierScheme.AdministrativeUnit),
            string.Join('|', registry.Aliases.Where(a => a.Unit == unit.Id).Select(a => a.Text)),
            string.Join('|', successions.Where(s => s.To is not null).Select(s => registry.Unit(s.To!.Value)!.Code)),
            successions.Count > 0 ? UnitColumns.LabelOf(successions[0].Kind) : "", successions.Count > 0 ? successions[0].Document ?? "" : "", unit.Source ?? "", unit.Certainty ?? "",
        ];
    }

    private static byte[] Text(IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder("\uFEFF");   // Spreadsheets take UTF-8 for granted only with this mark.
        foreach (var row in rows.Prepend(UnitColumns.All))
        {
            text.AppendJoin(',', row.Select(Quoted)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A cell that begins like a formula is kept from being one when a spreadsheet opens the file.</summary>
    private static string Quoted(string cell)
    {
        if (cell.Length > 0 && cell[0] is '=' or '+' or '@') cell = "'" + cell;
        return cell.AsSpan().IndexOfAny(",\"\r\n;") < 0 ? cell : "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    private static byte[] Workbook(IEnumerable<IReadOnlyList<string>> rows) =>
        PlainSheet.Write("DonVi", [.. UnitColumns.All.Select((header, i) => (header, i switch { 0 => 14d, 1 => 50, _ => 18 }))], rows);
}
