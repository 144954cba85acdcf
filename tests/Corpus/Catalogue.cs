namespace LienThong.Corpus;

/// <summary>The offices: forty whose plans the makers of the importer may read, forty that only mark it.</summary>
public static class Catalogue
{
    public static IReadOnlyList<Style> Of(string set) => set switch { "dev" => Dev, "held" => Held, _ => throw new ArgumentException(set, nameof(set)) };

    public static Draft Write(string set, Style style)
    {
        // The seed is the place in the list, so a style added at the end changes no other document.
        var at = Of(set).ToList().IndexOf(style);
        return PlanWriter.Write(style, set == "held", (ulong)(set == "held" ? 70_001 : 10_001) + (ulong)at * 977);
    }

    private static readonly Style[] Dev =
    [
        new("d01-docx-plain", Format.Docx, "nclkdg") { Dates = "dates", Defects = "lead.missing deadline.missing" },
        new("d02-docx-landscape-product", Format.Docx, "nclkpd") { Landscape = true, Groups = Groups.RomanMerged, Spelling = "mixed", Separator = "; ", Defects = "deadline.impossible number.duplicate" },
        new("d03-docx-merged-leads", Format.Docx, "ncdlkp") { MergeLeads = true, Dates = "quarters", LeadClasses = 0 },
        new("d04-docx-group-deadline", Format.Docx, "nclkd") { Groups = Groups.Deadline, Dates = "quarters", LeadClasses = 0 },
        new("d05-docx-autonumber-footnotes", Format.Docx, "nclkdg") { AutoNumber = true, Footnotes = true, Pieces = 4, Dates = "dates" },
        new("d06-docx-tracked", Format.Docx, "nclkd") { Tracked = true, Pieces = 3, Groups = Groups.Letter, Defects = "text.truncated" },
        new("d07-docx-two-row-header", Format.Docx, "nclkdp") { TwoRowHeader = true, IndexRow = true, Spelling = "short", Separator = "- ", Defects = "unit.lead-and-coordinator" },
        new("d08-docx-combined", Format.Docx, "ncbdp") { Groups = Groups.None, Dates = "months" },
        new("d09-docx-no-number", Format.Docx, "clkd") { Groups = Groups.RomanMerged, Dates = "dates", Defects = "document.number-missing" },
        new("d10-docx-years", Format.Docx, "nclky") { Landscape = true },
        new("d11-docx-start-end", Format.Docx, "nclkse") { Dates = "dates", Defects = "deadline.before-issue" },
        new("d12-docx-subtasks", Format.Docx, "nclkd") { Subs = Subs.Dotted, Low = 18, High = 26, Defects = "number.gap" },
        new("d13-docx-letters", Format.Docx, "nclkdp") { Subs = Subs.Letters, Low = 16, High = 24, Spelling = "mixed" },
        new("d14-docx-party", Format.Docx, "nclkd") { Head = Head.Party, Separator = "; ", LeadClasses = 0, Spelling = "mixed", Defects = "document.date-missing" },
        new("d15-docx-commune", Format.Docx, "nculd".Replace("u", "", StringComparison.Ordinal)) { Head = Head.Commune, Dates = "dates", Defects = "personal-data" },
        new("d16-docx-department", Format.Docx, "nculdp".Replace("l", "", StringComparison.Ordinal)) { Head = Head.Department, Dates = "months", Spelling = "mixed" },
        new("d17-docx-other-tables", Format.Docx, "nclkdg") { Others = "equipment contacts forms", Defects = "deadline.year-missing" },
        new("d18-docx-several-leads", Format.Docx, "nclkd") { SeveralLeads = 25, ForeignLeads = 12, Spelling = "mixed", Separator = " và " },
        new("d19-docx-words", Format.Docx, "nclkdp") { Dates = "words", Low = 22, High = 32, Defects = "deadline.vague deadline.duration" },
        new("d20-docx-basis-leader", Format.Docx, "ncqlkdh") { Landscape = true, Defects = "instrument.spellings citation.mismatch" },
        new("d21-docx-broken-rows", Format.Docx, "nclkd") { BrokenRows = true, RepeatedRows = true, RepeatHeader = false },
        new("d22-docx-shifted", Format.Docx, "nclkdg") { Defects = "columns.shifted deadline.agency-text issuer.conflict", Dates = "dates" },
        new("d23-docx-done", Format.Docx, "nclkdg") { Dates = "dates", Defects = "deadline.done deadline.before-issue citation.mismatch text.truncated" },
        new("d24-docx-lead-groups", Format.Docx, "nclkd") { Groups = Groups.Lead, LeadClasses = 0 },
        new("d25-xlsx-typed", Format.Xlsx, "nclkdpg") { TypedDates = true, Dates = "dates", Head = Head.Bare, Defects = "deadline.duration lead.missing" },
        new("d26-xlsx-serial", Format.Xlsx, "nclkd") { Head = Head.Bare, Dates = "dates", Defects = "deadline.serial number.duplicate", SheetOffset = 1 },
        new("d27-xlsx-sheets", Format.Xlsx, "nculdp".Replace("u", "", StringComparison.Ordinal)) { Others = "summary staff forms", Head = Head.State, NoBody = true, TypedDates = true },
        new("d28-xlsx-merged", Format.Xlsx, "nclkdq") { MergeLeads = true, Groups = Groups.RomanMerged, LeadClasses = 0, Head = Head.Bare, Dates = "quarters" },
        new("d29-xlsx-years", Format.Xlsx, "nclkpy") { Head = Head.Bare, Groups = Groups.Letter },
        new("d30-pdf-portrait", Format.Pdf, "nclkd") { Dates = "dates", Low = 20, High = 30, Defects = "lead.missing deadline.missing" },
        new("d31-pdf-landscape", Format.Pdf, "nclkdpg") { Landscape = true, Spelling = "mixed", Low = 18, High = 28, Defects = "deadline.impossible" },
        new("d32-pdf-no-repeat", Format.Pdf, "nclkdp") { RepeatHeader = false, Groups = Groups.RomanMerged, Low = 22, High = 30, Dates = "quarters" },
        new("d33-pdf-no-borders", Format.Pdf, "nclkd") { Borders = false, Landscape = true, Dates = "dates" },
        new("d34-scan", Format.Scan, "nclkd") { Dates = "dates", Low = 10, High = 14, Turn = 0.3, Noise = 3, NoSplitRows = true },
        new("d35-txt-tabs", Format.TextTabs, "nclkdg") { Dates = "dates", Defects = "deadline.done citation.mismatch lead.missing deadline.missing document.number-missing document.date-missing" },
        new("d36-txt-columns", Format.TextColumns, "nclkd") { Dates = "dates", Defects = "deadline.missing" },
        new("d37-txt-bars", Format.TextBars, "nclkdp") { Dates = "quarters", BlankBetween = false },
        new("d38-letter-by-unit", Format.TextProse, "nck") { Shape = Shape.ByUnit, Head = Head.Letter, HardWrap = 80, Groups = Groups.None, Low = 8, High = 14 },
        new("d39-docx-labelled", Format.Docx, "nclkdp") { Shape = Shape.Labelled, Dates = "dates", Low = 10, High = 16 },
        new("d40-docx-numbered-prose", Format.Docx, "nck") { Shape = Shape.Numbered, Head = Head.Letter, Groups = Groups.None, Low = 8, High = 12, LeadClasses = 0 },
        new("d41-docx-bare-parents", Format.Docx, "nclkdp") { Subs = Subs.BareParent, Low = 16, High = 24, Dates = "dates" },
        new("d42-docx-no-deadline-column", Format.Docx, "nclk") { Dates = "dates" },
    ];

    private static readonly Style[] Held =
    [
        new("h01-docx-order", Format.Docx, "ndclkp") { Dates = "dates", Spelling = "mixed", Defects = "deadline.impossible lead.missing" },
        new("h02-docx-decision", Format.Docx, "nclkdp") { Head = Head.Decision, Landscape = true, TwoRowHeader = true, IndexRow = true, Spelling = "short", Separator = "; " },
        new("h03-docx-merged-group-deadline", Format.Docx, "nclkd") { Groups = Groups.Deadline, Dates = "months", LeadClasses = 0, Separator = "\n" },
        new("h04-docx-slash", Format.Docx, "ncpbd") { Dates = "quarters", Defects = "deadline.missing" },
        new("h05-docx-combined", Format.Docx, "ncbdg") { Dates = "all", Groups = Groups.Letter },
        new("h06-docx-numbered-groups", Format.Docx, "nclkd") { Groups = Groups.Numbered, Dates = "dates", Defects = "deadline.before-issue" },
        new("h07-docx-restart", Format.Docx, "nclkdg") { Restart = true, Groups = Groups.RomanMerged, Spelling = "mixed", Defects = "text.truncated" },
        new("h08-docx-two-tables", Format.Docx, "nclkd") { TwoTables = true, Dates = "quarters", TotalRow = true },
        new("h09-docx-decomposed", Format.Docx, "nclkdp") { Decomposed = true, Dates = "dates", Separator = " và " },
        new("h10-docx-years", Format.Docx, "ncluy".Replace("u", "k", StringComparison.Ordinal)) { Groups = Groups.None },
        new("h11-docx-start-end", Format.Docx, "nclksep") { Landscape = true, Dates = "months" },
        new("h12-docx-words", Format.Docx, "nclkd") { Dates = "words", Low = 24, High = 34, Defects = "deadline.duration deadline.vague" },
        new("h13-docx-subtasks", Format.Docx, "nclkdp") { Subs = Subs.Dotted, Low = 18, High = 26, PaddedNumbers = true, Spelling = "mixed" },
        new("h14-docx-bare-parents-letters", Format.Docx, "nclkd") { Subs = Subs.BareParent, Low = 18, High = 24, Groups = Groups.None },
        new("h15-docx-party", Format.Docx, "nclkdg") { Head = Head.Party, LeadClasses = 0, Separator = "- ", Spelling = "mixed", Dates = "quarters" },
        new("h16-docx-commune", Format.Docx, "nclkdp") { Head = Head.Commune, Dates = "months", Spelling = "mixed", Defects = "personal-data number.gap" },
        new("h17-docx-department", Format.Docx, "nclkd") { Head = Head.Department, Dates = "all", Spelling = "short" },
        new("h18-docx-others", Format.Docx, "nclkdm") { Others = "before indicators summary budget staff glossary", Dates = "all", Defects = "number.duplicate" },
        new("h19-docx-several", Format.Docx, "nclkdp") { SeveralLeads = 30, ForeignLeads = 15, Separator = "\n", Defects = "unit.lead-and-coordinator" },
        new("h20-docx-tracked-notes", Format.Docx, "nclkdg") { Tracked = true, Footnotes = true, Pieces = 6, AutoNumber = true },
        new("h21-docx-broken", Format.Docx, "nclkdp") { BrokenRows = true, RepeatedRows = true, Landscape = true, Dates = "dates" },
        new("h22-docx-defects", Format.Docx, "nclkdg") { Dates = "dates", Low = 24, High = 30, Defects = "columns.shifted deadline.year-missing deadline.done instrument.spellings issuer.conflict citation.mismatch personal-data" },
        new("h23-docx-lead-groups", Format.Docx, "nclkdp") { Groups = Groups.Lead, LeadClasses = 0, Dates = "months" },
        new("h24-docx-executing-unit", Format.Docx, "ncudp") { Dates = "years", SeveralLeads = 20 },
        new("h25-docx-leader", Format.Docx, "nchlkdq") { Landscape = true, Dates = "all", Defects = "document.number-missing document.date-missing" },
        new("h26-xlsx-typed", Format.Xlsx, "nclkpd") { TypedDates = true, Head = Head.State, NoBody = true, Dates = "dates", SheetOffset = 1, Defects = "deadline.duration deadline.serial" },
        new("h27-xlsx-sheets", Format.Xlsx, "ncdlk") { TwoTables = true, Others = "contacts equipment indicators", Head = Head.Bare, Spelling = "mixed" },
        new("h28-xlsx-merged-two-row", Format.Xlsx, "nclkdg") { MergeLeads = true, TwoRowHeader = true, IndexRow = true, LeadClasses = 0, Head = Head.Bare, Groups = Groups.Letter, Dates = "months" },
        new("h29-xlsx-combined", Format.Xlsx, "ncbpd") { Head = Head.Bare, RepeatedRows = true, TotalRow = true, Defects = "lead.missing" },
        new("h30-xlsx-years", Format.Xlsx, "ncluyg".Replace("u", "", StringComparison.Ordinal)) { Head = Head.Bare },
        new("h31-pdf-portrait", Format.Pdf, "nclkdg") { Spelling = "mixed", Low = 22, High = 32, Groups = Groups.RomanMerged, Defects = "number.gap deadline.before-issue" },
        new("h32-pdf-landscape", Format.Pdf, "ncplkd") { Landscape = true, Low = 20, High = 30, Dates = "all", RepeatHeader = false, Separator = "; " },
        new("h33-pdf-borderless", Format.Pdf, "nclkd") { Borders = false, Dates = "months", Landscape = true },
        new("h34-pdf-merged", Format.Pdf, "nclkd") { MergeLeads = true, LeadClasses = 0, Landscape = true, Dates = "dates" },
        new("h35-pdf-party-subtasks", Format.Pdf, "nclkdp") { Head = Head.Party, Subs = Subs.Dotted, LeadClasses = 0, Landscape = true },
        new("h36-scan-landscape", Format.Scan, "nclkd") { Landscape = true, Dates = "dates", Low = 9, High = 13, Turn = -0.2, Noise = 2, NoSplitRows = true },
        new("h37-scan-portrait", Format.Scan, "ncld") { Dates = "dates", Low = 9, High = 12, Turn = 0.4, Noise = 4 },
        new("h38-txt-tabs", Format.TextTabs, "nclkdp") { Dates = "all", Groups = Groups.RomanMerged, Defects = "deadline.impossible" },
        new("h39-txt-columns", Format.TextColumns, "nclkdp") { Dates = "quarters", CentredCells = true, PageFeeds = true, BlankBetween = true },
        new("h40-txt-columns-tight", Format.TextColumns, "nclkd") { Dates = "dates", BlankBetween = false, Groups = Groups.RomanMerged },
        new("h41-txt-bars", Format.TextBars, "ncdlkp") { Dates = "dates", Groups = Groups.None },
        new("h42-prose-by-unit", Format.Docx, "nck") { Shape = Shape.ByUnit, Groups = Groups.None, Low = 10, High = 16, Spelling = "mixed" },
        new("h43-prose-labelled", Format.TextProse, "nclkdp") { Shape = Shape.Labelled, Dates = "all", Low = 10, High = 16, HardWrap = 90, BlankBetween = false },
        new("h44-prose-brackets", Format.Docx, "nc") { Shape = Shape.Brackets, Head = Head.Letter, Groups = Groups.None, Low = 8, High = 12, LeadClasses = 0 },
        new("h45-prose-numbered", Format.TextProse, "nck") { Shape = Shape.Numbered, Head = Head.Letter, Groups = Groups.None, Low = 8, High = 12, LeadClasses = 0, HardWrap = 78, BlankBetween = false },
        new("h46-docx-no-number-column", Format.Docx, "clkdp") { Groups = Groups.None, Dates = "quarters" },
    ];
}
