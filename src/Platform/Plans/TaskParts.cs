using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;

namespace LienThong.Platform.Plans;

/// <summary>Who takes part in a task: gives parts to units, and a class that leads to each of its members on the day of issue (R-TSK-06).</summary>
internal sealed class TaskParts(IOrgUnits units, TimeProvider clock)
{
    private readonly Dictionary<(UnitClassId, DateOnly), IReadOnlyList<OrgUnitView>> _members = [];

    public async Task AssignAsync(
        PlansWork work, GovernanceTask task, IReadOnlyList<DraftParty> leads, IReadOnlyList<DraftParty> coordinators, DateOnly asOf, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var order = 0;
        var taken = new HashSet<OrgUnitId>();
        var isFirst = true;
        string? firstName = null;
        foreach (var lead in leads)
        {
            // All classes named in one breath ("Các sở, ban, ngành, địa phương") lead together; after that the first lead answers, the others are co-leads.
            var role = isFirst || lead.AsWritten == firstName ? AssignmentRole.Lead : AssignmentRole.CoLead;
            firstName ??= lead.AsWritten;
            isFirst = false;
            if (lead.Class is { } unitClass)
            {
                foreach (var member in await MembersAsync(unitClass, asOf, cancellationToken))
                {
                    if (taken.Add(member.Id)) Give(work, task, member.Id, unitClass, role, order++, lead.AsWritten, at);
                }
            }
            else if (lead.Unit is null || taken.Add(lead.Unit.Value))
            {
                Give(work, task, lead.Unit, null, role, order++, lead.AsWritten, at);
            }
        }

        foreach (var coordinator in coordinators)
        {
            // Never a unit as coordinator of itself (monitoring §12).
            if (coordinator.Unit is { } unit && !taken.Add(unit)) continue;
            Give(work, task, coordinator.Unit, coordinator.Class, AssignmentRole.Coordinate, order++, coordinator.AsWritten, at);
        }

        Name(task, leads);
    }

    public async Task<IReadOnlyList<OrgUnitView>> MembersAsync(UnitClassId unitClass, DateOnly asOf, CancellationToken cancellationToken)
    {
        if (_members.TryGetValue((unitClass, asOf), out var known)) return known;
        return _members[(unitClass, asOf)] = await units.MembersAsync(unitClass, asOf, cancellationToken);
    }

    public Assignment Give(PlansWork work, GovernanceTask task, OrgUnitId? unit, UnitClassId? unitClass, AssignmentRole role, int order, string asWritten, DateTimeOffset at, DateOnly? ownDue = null)
    {
        var part = new Assignment
        {
            Id = StrongId.New<AssignmentId>(clock),
            Task = task.Id,
            Unit = unit,
            Class = unitClass,
            Role = role,
            Order = order,
            AsWritten = asWritten,
            OwnDue = ownDue,
        };
        work.Add(task, part);
        work.Happened(task, part, TaskEventKind.Assigned, day: ownDue ?? task.OriginalDue, text: asWritten, at: at);
        return part;
    }

    private static void Name(GovernanceTask task, IReadOnlyList<DraftParty> leads)
    {
        var names = leads.Select(l => l.AsWritten).Distinct(StringComparer.Ordinal).ToList();
        var first = leads.Where(l => l.AsWritten == names.FirstOrDefault()).ToList();
        task.LeadUnit = first is [{ Unit: { } unit }] ? unit : null;
        task.LeadClass = first.Count > 0 && first[0].Class is { } unitClass ? unitClass : null;
        task.LeadName = first is [{ Unit: not null } one] ? one.Name : names.FirstOrDefault() ?? "";
    }
}
