using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Corpus;

/// <summary>
/// When a warning counts as having seen a planted defect: by its code, or by what its message says. The examiner fixes no codes; a product that
/// says the thing in its own words is understood.
/// </summary>
public static class Families
{
    private static readonly Dictionary<string, (string Code, string Message)> Signs = new()
    {
        ["number.duplicate"] = ("number.*(dup|repeat|twice)|dup.*number", "(so thu tu|stt|so) .*(trung|lap)|trung (so|stt)"),
        ["number.gap"] = ("number.*(gap|skip|jump|order|sequence|contig)|gap", "(thieu|nhay|khuyet|dut|ngat).*(so|stt)|khong lien tuc|khong lien tiep"),
        ["lead.missing"] = ("lead.*(missing|none|absent|empty|unassigned)|unassigned|no-lead|missing.*lead", "(chua|khong|thieu).*(chu tri|phan cong|don vi|co quan)"),
        ["deadline.missing"] = ("deadline.*(missing|none|absent|empty)|no-deadline|missing.*deadline", "(chua|khong|thieu).*(thoi han|han hoan thanh|thoi gian|han)"),
        ["deadline.vague"] = ("deadline.*(vague|unclear|unread|unparsed|unknown|text|other|undecid|none|missing|ask)", "(khong ro|mo ho|chua ro|khong doc duoc|khong xac dinh|chua xac dinh)"),
        ["deadline.duration"] = ("deadline.*(duration|start|number|days|bare)|duration", "(khoang|so ngay|moc|bat dau|thoi luong)"),
        ["deadline.impossible"] = ("deadline.*(impossible|invalid|bad|not-?exist|nonexist|calendar)|impossible|invalid-date|date.*invalid", "(khong co that|khong ton tai|khong hop le|khong co trong lich|khong co ngay)"),
        ["deadline.agency-text"] = ("deadline.*(agency|organi|unit|shift|other|text|unread|unparsed|not-?a-?date|unrecogni)|shift", "(ten co quan|co quan|lech cot|khong phai thoi han|khong doc)"),
        ["deadline.before-issue"] = ("deadline.*(before|past|issue|birth|overdue)|overdue|before-issue|past", "(qua han|truoc ngay (ban hanh|ky|phat hanh)|truoc khi)"),
        ["deadline.serial"] = ("serial|excel", "(excel|so ngay cua|so seri|serial)"),
        ["deadline.year-missing"] = ("year", "(thieu nam|khong (ghi|co|neu) nam|nam .*(suy|ke hoach))"),
        ["deadline.after-plan"] = ("after|beyond|campaign", "sau khi ket thuc|vuot"),
        ["columns.shifted"] = ("shift|column|deadline.*(agency|organi|unit|text)|coordinator.*date|misplaced", "(lech|xo|dich).*cot|ten co quan"),
        ["unit.lead-and-coordinator"] = ("(lead|unit|agency|same|both).*(coord|both|same|lead|overlap|dup)|lead-and|both", "(vua chu tri|vua la|dong thoi|trung.*chu tri|ca chu tri)"),
        ["leads.several"] = ("lead.*(several|multiple|many|more|plural|co-?lead|split)|several|multiple.*lead|colead", "(nhieu|hai|hon mot|[2-9]) .*chu tri|dong chu tri"),
        ["lead.class"] = ("class|group-lead|lead.*(group|collective)", "(nhom|loai|tap hop|lop|tat ca|tung don vi|nhieu don vi)"),
        ["lead.foreign"] = ("foreign|outside|external|out-of|central", "(ngoai tinh|ngoai he thong|ngoai|trung uong|nganh doc|khong thuoc)"),
        ["personal-data"] = ("person|contact|phone|privacy|pii", "(ca nhan|dien thoai|thu dien tu|email|ho ten|ten nguoi)"),
        ["tables.skipped"] = ("table.*(skip|other|ignored|not|left|exclud)|skip", "(bo qua|khong phai bang nhiem vu|bang khac)"),
        ["citation.mismatch"] = ("cit|mismatch|range|refer|number.*(text|range)", "(so thu tu tu|dan chieu|vien dan|khong khop|nhac den)"),
        ["text.truncated"] = ("truncat|cut|incomplete|unfinished", "(bi cat|chua het|dut quang|chua tron|thieu phan|cut|bo lung|do dang|khong tron)"),
        ["document.number-missing"] = ("(document|plan|header).*number|number.*(missing|blank|none)", "(chua|khong|thieu).*(so ky hieu|so van ban|ky hieu|so,? ky hieu)|de trong so"),
        ["document.date-missing"] = ("(document|plan|header|issue).*(date|issued|day)|issued.*(missing|unknown)|date.*(missing|blank)", "(chua|khong|thieu).*(ngay ban hanh|ngay ky|ngay)"),
        ["instrument.spellings"] = ("spelling|alias|variant|instrument|notation", "(nhieu cach|hai cach|viet khac|ghi khac|cung mot van ban|khac nhau|khong thong nhat)"),
        ["issuer.conflict"] = ("issuer|conflict", "(hai co quan|khac nhau|mau thuan|co quan ban hanh)"),
        ["product.milestone"] = ("milestone|product", "(moc|trong (o|cot) san pham|san pham)"),
        ["inherited"] = ("inherit|fill|merged", "(ke thua|thua huong|lay theo|gop|theo nhom|o tren)"),
    };

    public static IReadOnlyCollection<string> All => Signs.Keys;

    public static bool Sees(string family, ReadWarning warning)
    {
        var (code, message) = Signs[family];
        return Regex.IsMatch(warning.Code ?? "", code, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)
            || Regex.IsMatch(VietnameseText.Fold(warning.Message), message, RegexOptions.CultureInvariant);
    }
}
