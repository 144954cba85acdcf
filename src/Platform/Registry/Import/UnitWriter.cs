using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Storage;

namespace LienThong.Platform.Registry.Import;

/// <summary>Puts checked rows into a unit of work: units, names, places, codes, aliases, relations. Shared by the import and the sample.</summary>
internal static class UnitWriter
{
    public static IReadOnlyList<OrgUnit> Add(PlatformDb db, RegistrySnapshot registry, IReadOnlyList<UnitRow> rows, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var byCode = new Dictionary<string, OrgUnitId>(StringComparer.Ordinal);
        foreach (var row in rows) byCode.Add(row.Code, StrongId.New<OrgUnitId>(clock));
        OrgUnitId IdOf(string code) => byCode.TryGetValue(code, out var id) ? id : registry.ByCode(code)!.Id;

        var units = new List<OrgUnit>(rows.Count);
        foreach (var row in rows)
        {
            var unit = RegistryWrites.NewUnit(clock, byCode[row.Code], row.Code, row.Name, row.ShortName, row.Kind, row.Parent is { } parent ? IdOf(parent) : null,
                row.Order, row.From, row.IsInTree, row.Source, row.Certainty);
            void Identifier(IdentifierScheme scheme, string? value)
            {
                if (value is not null) unit.Identifiers.Add(new() { Id = RegistryWrites.NewKey(clock), Unit = unit.Id, Scheme = scheme, Value = value, ValidFrom = row.From });
            }

            Identifier(IdentifierScheme.Qcvn102, row.Qcvn102);
            Identifier(IdentifierScheme.Qd20, row.Qd20);
            Identifier(IdentifierScheme.AdministrativeUnit, row.Administrative);
            if (row.To is { } last && unit.End(last) is { } refusal) throw new InvalidOperationException(refusal.Code);   // Checked before: a fault, not an answer.
            units.Add(unit);

            foreach (var alias in row.Aliases.DistinctBy(VietnameseText.Fold))
            {
                db.OrgUnitAliases.Add(new() { Id = RegistryWrites.NewKey(clock), Unit = unit.Id, Text = alias, Key = VietnameseText.Fold(alias) });
            }

            if (row.To is { } end)
            {
                foreach (var successor in row.Successors.Select(IdOf).Cast<OrgUnitId?>().DefaultIfEmpty(null))
                {
                    db.OrgUnitSuccessions.Add(new()
                    {
                        Id = RegistryWrites.NewKey(clock),
                        From = unit.Id,
                        To = successor,
                        Kind = successor is null ? SuccessionKind.Dissolve : row.SuccessionKind,
                        Share = row.Successors.Count == 1 ? 1 : null,
                        Document = row.Document,
                        Date = end.AddDays(1),
                    });
                }
            }

            unit.Touch(now);
        }

        db.OrgUnits.AddRange(units);
        return units;
    }
}
