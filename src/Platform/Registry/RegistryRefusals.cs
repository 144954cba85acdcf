using LienThong.Kernel;

namespace LienThong.Platform.Registry;

/// <summary>Every way the registry says no. The Vietnamese sentence stands under the same key in the resources.</summary>
public static class RegistryRefusals
{
    public static Refusal NotAllowed() => new("registry.forbidden", RefusalKind.Forbidden);

    public static Refusal UnknownUnit(string what) => new("registry.unit.unknown", RefusalKind.NotFound, what);

    public static Refusal CodeTaken(string code) => new("registry.unit.code-taken", RefusalKind.Conflict, code);

    public static Refusal CodeForm(string code) => new("registry.unit.code-form", RefusalKind.Invalid, code);

    public static Refusal NameMissing() => new("registry.unit.name-missing", RefusalKind.Invalid);

    public static Refusal UnitEnded(string code, DateOnly on) => new("registry.unit.ended", RefusalKind.Conflict, code, Vietnamese.Day(on));

    public static Refusal EndsBeforeItBegins(string code, DateOnly from) => new("registry.unit.ends-before-it-begins", RefusalKind.Invalid, code, Vietnamese.Day(from));

    public static Refusal NotAfterLastChange(string code, DateOnly last) => new("registry.unit.not-after-last-change", RefusalKind.Conflict, code, Vietnamese.Day(last));

    public static Refusal ParentUnknown(string parent) => new("registry.unit.parent-unknown", RefusalKind.Invalid, parent);

    public static Refusal ParentNotThen(string parent, DateOnly day) => new("registry.unit.parent-not-then", RefusalKind.Invalid, parent, Vietnamese.Day(day));

    public static Refusal ParentBelow(string unit, string parent) => new("registry.unit.parent-below", RefusalKind.Invalid, unit, parent);

    public static Refusal HasChildren(string code, IReadOnlyList<string> children) =>
        new("registry.unit.has-children", RefusalKind.Conflict, code, children.Count, string.Join("; ", children.Take(10)));

    /// <summary>Somebody saved in between: what this person saw and sent, and what stands now.</summary>
    public static Refusal Stale(string code, int seen, int current, string mine, string theirs) =>
        new("registry.unit.stale", RefusalKind.Conflict, code, seen, current, mine, theirs);

    public static Refusal SuccessorsNeeded(int least) => new("registry.succession.too-few", RefusalKind.Invalid, least);

    public static Refusal SuccessorTwice(string code) => new("registry.succession.twice", RefusalKind.Invalid, code);

    public static Refusal SharesWrong(decimal sum) => new("registry.succession.shares", RefusalKind.Invalid, Vietnamese.Number(sum, 4));

    public static Refusal DocumentMissing() => new("registry.document-missing", RefusalKind.Invalid);

    public static Refusal PeriodReversed() => new("registry.period-reversed", RefusalKind.Invalid);

    public static Refusal IdentifierEmpty() => new("registry.identifier.empty", RefusalKind.Invalid);

    public static Refusal IdentifierTooLong(int length, int most) => new("registry.identifier.too-long", RefusalKind.Invalid, length, most);

    public static Refusal IdentifierCharacters(string code) => new("registry.identifier.characters", RefusalKind.Invalid, code);

    public static Refusal IdentifierLowerCase(string code) => new("registry.identifier.lower-case", RefusalKind.Invalid, code);

    public static Refusal IdentifierReserved(string code) => new("registry.identifier.reserved-z", RefusalKind.Invalid, code);

    public static Refusal IdentifierForm(string scheme, string code) => new("registry.identifier.form-" + scheme, RefusalKind.Invalid, code);

    public static Refusal IdentifierTaken(string code, string unit) => new("registry.identifier.taken", RefusalKind.Conflict, code, unit);

    public static Refusal AliasTaken(string alias, string unit) => new("registry.alias.taken", RefusalKind.Conflict, alias, unit);

    public static Refusal UnknownClass(string code) => new("registry.class.unknown", RefusalKind.NotFound, code);

    public static Refusal MemberAlready(string unit, string unitClass) => new("registry.class.member-already", RefusalKind.Conflict, unit, unitClass);

    public static Refusal OfficerOverlaps(string name, DateOnly from) => new("registry.officer.overlaps", RefusalKind.Conflict, name, Vietnamese.Day(from));

    public static Refusal ContactWrong(string contact) => new("registry.officer.contact", RefusalKind.Invalid, contact);

    public static Refusal DelegationToSelf() => new("registry.delegation.self", RefusalKind.Invalid);

    public static Refusal DelegationOfRolesNotHeld(string role) => new("registry.delegation.role-not-held", RefusalKind.Forbidden, role);

    public static Refusal DelegationTooLong(int days) => new("registry.delegation.too-long", RefusalKind.Invalid, days);

    public static Refusal DelegationOver(DelegationId id) => new("registry.delegation.over", RefusalKind.Conflict, id.ToString());

    public static Refusal UnknownPerson() => new("registry.delegation.person-unknown", RefusalKind.Invalid);

    public static Refusal UnknownDelegation(DelegationId id) => new("registry.delegation.unknown", RefusalKind.NotFound, id.ToString());

    public static Refusal DelegationStale(int seen, int current) => new("registry.delegation.stale", RefusalKind.Conflict, seen, current);

    public static Refusal UnknownSystem(string code) => new("registry.system.unknown", RefusalKind.NotFound, code);

    public static Refusal AccountTaken(string account, string system) => new("registry.account.taken", RefusalKind.Conflict, account, system);

    public static Refusal UnknownAccount(string account) => new("registry.account.unknown", RefusalKind.NotFound, account);

    public static Refusal FileUnreadable(string why) => new("registry.import.unreadable", RefusalKind.Invalid, why);

    public static Refusal FileKind() => new("registry.import.file-kind", RefusalKind.Invalid);

    public static Refusal FileTooLarge(int megabytes) => new("registry.import.too-large", RefusalKind.TooLarge, megabytes);

    public static Refusal FileRows(int most) => new("registry.import.too-many-rows", RefusalKind.TooLarge, most);

    public static Refusal ColumnsMissing(IReadOnlyList<string> columns) => new("registry.import.columns-missing", RefusalKind.Invalid, string.Join(", ", columns));

    public static Refusal FileHasProblems(int count) => new("registry.import.problems", RefusalKind.Conflict, count);

    public static Refusal SinceForm(string since) => new("registry.reference.since", RefusalKind.Invalid, since);

    public static Refusal UnknownFile() => new("registry.import.unknown-file", RefusalKind.NotFound);
}
