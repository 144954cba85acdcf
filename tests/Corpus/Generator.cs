namespace LienThong.Corpus;

public static class Generator
{
    /// <summary>Writes a set with its truths; formats that need tools this machine lacks are left out.</summary>
    public static IReadOnlyList<string> Generate(string set, string folder, Func<Style, bool>? wanted = null)
    {
        Directory.CreateDirectory(folder);
        var printed = new List<(Draft Draft, string Word)>();
        var made = new List<string>();
        foreach (var style in Catalogue.Of(set).Where(style => wanted?.Invoke(style) ?? true))
        {
            if (style.Format is (Format.Pdf or Format.Scan or Format.TextLayout) && !PdfWriter.IsAvailable) continue;
            var draft = Catalogue.Write(set, style);
            var path = Path.Combine(folder, draft.Truth.File);
            switch (style.Format)
            {
                case Format.Docx: DocxWriter.Write(path, draft); break;
                case Format.Xlsx: XlsxWriter.Write(path, draft); break;
                case Format.Pdf or Format.Scan or Format.TextLayout:
                    var word = Path.Combine(folder, style.Id + ".print.docx");
                    DocxWriter.Write(word, draft);
                    printed.Add((draft, word));
                    break;
                default: TextWriters.Write(path, draft); break;
            }

            TruthFile.Write(path + ".truth.json", draft.Truth);
            made.Add(path);
        }

        PdfWriter.FromWord([.. printed.Select(each => each.Word)], folder);
        foreach (var (draft, word) in printed)
        {
            var pdf = Path.Combine(folder, draft.Truth.File);
            File.Delete(word);
            if (draft.Style.Format is Format.TextLayout)
            {
                PdfWriter.LayOut(Path.ChangeExtension(word, ".pdf"), pdf);
                continue;
            }

            File.Move(Path.ChangeExtension(word, ".pdf"), pdf, true);
            if (draft.Style.Format is Format.Scan) PdfWriter.Scan(pdf, 200, draft.Style.Turn, draft.Style.Noise);
        }

        return made;
    }
}
