using System.Text.RegularExpressions;
using LienThong.Kernel;
using LienThong.Platform.Registry.Contracts;

namespace LienThong.Platform.Registry;

/// <summary>
/// The two code schemes of organisations side by side (R-ORG-03). QCVN 102:2016 writes 000.00.53.H48 with the level-1 code rightmost;
/// QĐ 20/2020/QĐ-TTg writes H48.53 with it leftmost. Letters are capitals; Z stands for organisations that are not State agencies.
/// </summary>
public static partial class OrganizationIdentifier
{
    /// <summary>QĐ 20/2020/QĐ-TTg.</summary>
    public const int LengthMax = 35;

    [GeneratedRegex(@"^[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Qcvn102Form();

    [GeneratedRegex(@"^[A-Z][0-9]{2}(\.[A-Z0-9]+)*$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Qd20Form();

    [GeneratedRegex(@"^Z[0-9]{2}(\.?[A-Z0-9]{1,32})?$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex OtherOrganizationForm();

    /// <summary>Tax code of an enterprise (10 digits) or of its branch (10 and 3).</summary>
    [GeneratedRegex(@"^[0-9]{10}(-?[0-9]{3})?$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex EnterpriseForm();

    [GeneratedRegex(@"^([0-9]{2}|[0-9]{3}|[0-9]{5})$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex AdministrativeUnitForm();

    /// <summary>Which of the two organisation schemes the text is meant for: four groups with dots ending in a level-1 code, or anything else.</summary>
    public static IdentifierScheme SchemeOf(string text) =>
        Qcvn102Form().IsMatch(VietnameseText.Clean(text).ToUpperInvariant()) ? IdentifierScheme.Qcvn102 : IdentifierScheme.Qd20;

    /// <param name="isStateAgency">Only enterprises and bodies outside the State may carry a business number or a Z code.</param>
    /// <returns>The code as stored, or why not.</returns>
    public static Result<string> Check(IdentifierScheme scheme, string? text, bool isStateAgency)
    {
        var code = VietnameseText.Clean(text);
        if (code.Length == 0) return RegistryRefusals.IdentifierEmpty();
        if (scheme is IdentifierScheme.AdministrativeUnit)
        {
            return AdministrativeUnitForm().IsMatch(code) ? code : RegistryRefusals.IdentifierForm("administrative", code);
        }

        if (code.Length > LengthMax) return RegistryRefusals.IdentifierTooLong(code.Length, LengthMax);
        if (!code.All(c => char.IsAsciiLetterOrDigit(c) || c == '.' || c == '-')) return RegistryRefusals.IdentifierCharacters(code);
        if (code.Any(char.IsAsciiLetterLower)) return RegistryRefusals.IdentifierLowerCase(code);

        if (scheme is IdentifierScheme.Qcvn102)
        {
            if (!Qcvn102Form().IsMatch(code)) return RegistryRefusals.IdentifierForm("qcvn102", code);
            return isStateAgency && code[^3] == 'Z' ? RegistryRefusals.IdentifierReserved(code) : code;
        }

        if (code[0] == 'Z')
        {
            if (isStateAgency) return RegistryRefusals.IdentifierReserved(code);
            return OtherOrganizationForm().IsMatch(code) ? code : RegistryRefusals.IdentifierForm("qd20", code);
        }

        if (!isStateAgency && EnterpriseForm().IsMatch(code)) return code;
        return Qd20Form().IsMatch(code) ? code : RegistryRefusals.IdentifierForm("qd20", code);
    }

    /// <summary>The same body in the other scheme, or null where no mapping exists (deeper or lettered levels have none).</summary>
    public static string? Convert(IdentifierScheme from, string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (from is IdentifierScheme.Qcvn102 && Qcvn102Form().IsMatch(code))
        {
            var part = code.Split('.');   // V1V2V3, Z1Z2, Y1Y2, MX1X2
            List<string> levels = [part[3]];
            if (part[2] == "00" && (part[1] != "00" || part[0] != "000")) return null;   // A level is skipped: the other scheme cannot say it.
            if (part[1] == "00" && part[0] != "000") return null;
            if (part[2] != "00") levels.Add(part[2]);
            if (part[1] != "00") levels.Add(part[1]);
            if (part[0] != "000") levels.Add(part[0]);
            return string.Join('.', levels);
        }

        if (from is IdentifierScheme.Qd20 && Qd20Form().IsMatch(code))
        {
            var level = code.Split('.');
            if (level.Length > 4) return null;
            int[] length = [3, 2, 2, 3];
            for (var i = 1; i < level.Length; i++)
            {
                if (level[i].Length != length[i] || !level[i].All(char.IsAsciiDigit)) return null;
            }

            string Part(int index, string none) => level.Length > index ? level[index] : none;
            return $"{Part(3, "000")}.{Part(2, "00")}.{Part(1, "00")}.{level[0]}";
        }

        return null;
    }

    /// <summary>Enterprises and bodies outside the State may carry Z codes or their business number.</summary>
    public static bool IsStateAgency(OrgUnitKind kind) => kind is not (OrgUnitKind.Enterprise or OrgUnitKind.Other or OrgUnitKind.MassOrganization);
}
