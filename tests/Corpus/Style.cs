namespace LienThong.Corpus;

public enum Format { Docx, Xlsx, Pdf, Scan, TextTabs, TextColumns, TextBars, TextLines, TextProse, TextLayout, TextFlow, TextSheet }

public enum Head { State, Party, Commune, Department, Decision, Letter, Bare }

public enum Groups { None, Roman, RomanMerged, Letter, Deadline, Lead, Paragraphs, Numbered, Agency }

public enum Subs { None, Dotted, Letters, BareParent }

public enum Shape { Table, ByUnit, Numbered, Labelled, Brackets, Topics }

/// <summary>The habits of one office: how its plans look, and what is wrong with this one.</summary>
/// <param name="Columns">
/// One letter a column: n number, c content, l lead, k coordinators, b both in one cell, u all who take part (lead only), d deadline, s start and
/// e end, y three years with crosses, p product, g note, q basis, h leader in charge, m money.
/// </param>
public sealed record Style(string Id, Format Format, string Columns)
{
    public Head Head { get; init; } = Head.State;
    public Shape Shape { get; init; }
    public Groups Groups { get; init; } = Groups.Roman;
    public Subs Subs { get; init; }
    public string Dates { get; init; } = "all";
    public string Spelling { get; init; } = "full";
    public string Separator { get; init; } = ", ";
    public int Low { get; init; } = 12;
    public int High { get; init; } = 24;
    public string Defects { get; init; } = "";
    public string Others { get; init; } = "";
    public bool Borders { get; init; } = true;
    public bool Landscape { get; init; }
    public bool RepeatHeader { get; init; } = true;
    public bool RepeatedRows { get; init; }
    public bool NoSplitRows { get; init; }
    public bool TwoRowHeader { get; init; }
    public bool IndexRow { get; init; }
    public bool TotalRow { get; init; }
    public bool MergeLeads { get; init; }
    public bool AutoNumber { get; init; }
    public bool Footnotes { get; init; }
    public bool Tracked { get; init; }
    public int Pieces { get; init; } = 1;
    public bool BrokenRows { get; init; }
    public bool TypedDates { get; init; }
    public bool Restart { get; init; }
    public bool TwoTables { get; init; }
    public bool CentredCells { get; init; }
    public bool BlankBetween { get; init; } = true;
    public bool PageFeeds { get; init; }
    public int HardWrap { get; init; }
    public int SheetOffset { get; init; }
    public int LeadClasses { get; init; } = 8;
    public int SeveralLeads { get; init; }
    public int ForeignLeads { get; init; }
    public double Turn { get; init; }
    public int Noise { get; init; }
    public bool NoBody { get; init; }
    public bool Decomposed { get; init; }
    public bool PaddedNumbers { get; init; }
    /// <summary>Without Vietnamese marks, as poor recognition or old systems leave it.</summary>
    public bool NoMarks { get; init; }
    public bool HardSpaces { get; init; }
    public bool HeaderOnce { get; init; }
    /// <summary>Cells of a flowed text stand on one line where one ends and the next begins.</summary>
    public bool RunTogether { get; init; }
    public char Mark { get; init; } = '\t';

    public bool Has(char column) => Columns.Contains(column, StringComparison.Ordinal);
}
