using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;
using LienThong.Platform.Registry.Import;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace LienThong.Platform.Registry;

/// <summary>
/// Loads the sample province that ships with the product (Quảng Ngãi) through the same reading and writing as any other province's file.
/// Running it again adds only what is missing.
/// </summary>
public sealed class RegistrySeed(IDbContextFactory<PlatformDb> databases, RegistryCache cache, TimeProvider clock)
{
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var registry = await RegistrySnapshot.LoadAsync(db, cancellationToken);
        using var unitFile = Open("quang-ngai-units.csv");
        var reading = UnitRows.Check(UnitFile.Read(unitFile).Expect(), registry).Expect();

        // A unit that people have renamed or moved since is theirs now; only a defect of our own file is a fault.
        if (reading.Problems.FirstOrDefault(p => p.Code != "registry.import.exists-differently") is { } problem)
        {
            throw new InvalidDataException($"Sample row {problem.Row}, {problem.Column}: {problem.Code} ({string.Join(", ", problem.Arguments)}).");
        }

        var units = UnitWriter.Add(db, registry, reading.New, clock);
        var byCode = registry.Units.Concat(units).ToDictionary(u => u.Code, u => u.Id, StringComparer.Ordinal);
        var classes = AddClasses(db, registry, byCode);
        if (units.Count == 0 && classes == 0) return;

        db.Record(CurrentUser.System, clock, "registry.sample.loaded", "registry", "sample", after: new { Units = units.Count, Classes = classes });
        await RegistryWrites.SaveAsync(db, cache, cancellationToken);
    }

    private int AddClasses(PlatformDb db, RegistrySnapshot registry, Dictionary<string, OrgUnitId> units)
    {
        using var content = Open("quang-ngai-classes.csv");
        var file = UnitFile.Read(content).Expect();
        var added = 0;
        foreach (var line in file.Lines)
        {
            string Cell(string heading)
            {
                for (var i = 0; i < file.Header.Count; i++) if (file.Header[i] == heading && i < line.Cells.Count) return line.Cells[i];
                return "";
            }

            var code = Cell(UnitColumns.Code);
            if (registry.Class(code) is not null) continue;
            if (!UnitColumns.TryDay(Cell(UnitColumns.From), out var from)) throw new InvalidDataException($"Sample class {code}: {UnitColumns.From}.");
            var unitClass = new UnitClass
            {
                Id = StrongId.New<UnitClassId>(clock),
                Code = code,
                Name = Cell(UnitColumns.Name),
                Kinds = Cell(UnitColumns.Kind),
                Includes = Cell(UnitColumns.ClassIncludes),
                Words = Cell(UnitColumns.ClassWords),
                ValidFrom = from,
                ValidTo = UnitColumns.TryDay(Cell(UnitColumns.To), out var to) ? to : null,
                Source = Cell(UnitColumns.Source),
                Certainty = Cell(UnitColumns.Certainty),
            };
            foreach (var member in Cell(UnitColumns.ClassMembers).Split('|', StringSplitOptions.RemoveEmptyEntries))
            {
                var excluded = member[0] == '-';
                unitClass.Members.Add(new() { Id = RegistryWrites.NewKey(clock), Class = unitClass.Id, Unit = units[excluded ? member[1..] : member], IsExcluded = excluded, ValidFrom = from });
            }

            foreach (var alias in Cell(UnitColumns.Aliases).Split('|', StringSplitOptions.RemoveEmptyEntries))
            {
                db.OrgUnitAliases.Add(new() { Id = RegistryWrites.NewKey(clock), Class = unitClass.Id, Text = alias, Key = VietnameseText.Fold(alias) });
            }

            db.UnitClasses.Add(unitClass);
            added++;
        }

        return added;
    }

    private static Stream Open(string file) =>
        typeof(RegistrySeed).Assembly.GetManifestResourceStream("LienThong.Platform.Registry.Sample." + file) ?? throw new FileNotFoundException(file);
}
