using LienThong.Corpus;
using LienThong.Platform.Plans.Import;
using LienThong.Platform.Plans.Import.Readers;

// generate DIR --set dev|held [--only STYLE]                     writes the documents and their truths
// read FILE …                                                    what the importer makes of a document, a task to a line
// blocks FILE …                                                  paragraphs and tables as the reader hands them over
// score DIR [--cli PATH] [--only STYLE] [--show] [--kind KIND]   reads each document, in process or by the built command, and marks it
return args switch
{
    ["generate", var folder, ..] => Generate(folder, Option("--set") ?? "dev"),
    ["score", var folder, ..] => await ScoreAsync(folder),
    ["read", .. var files] => await ReadAsync(files),
    ["blocks", .. var files] => await BlocksAsync(files),
    _ => Usage(),
};

int Generate(string folder, string set)
{
    var only = Option("--only");
    var made = Generator.Generate(set, folder, only is null ? null : style => style.Id.Contains(only, StringComparison.Ordinal));
    Console.WriteLine($"{made.Count} documents in {folder}");
    return 0;
}

async Task<int> ScoreAsync(string folder)
{
    var only = Option("--only");
    // By the public door in this process unless a command is named: forty starts of a runtime are forty seconds.
    var cli = Option("--cli");
    var results = await Examiner.ExamineAsync(folder, file => cli is null ? InProcess.AskAsync(file) : Examiner.AskCommandAsync(cli, file), only is null ? null : file => file.Contains(only, StringComparison.Ordinal));
    // Held documents give figures and kinds of mistakes only, so that nobody builds for them.
    var held = results.Any(result => result.Style.StartsWith('h')) && !args.Contains("--show");
    Console.WriteLine(Examiner.Report(results, !held));
    if (!held) Console.WriteLine(Examiner.Worst(results, Option("--kind") is null ? 15 : 60, Option("--kind")));
    return 0;
}

async Task<int> ReadAsync(string[] files)
{
    foreach (var file in files)
    {
        Console.WriteLine($"== {Path.GetFileName(file)}");
        var (reading, fault, _) = await InProcess.AskAsync(file);
        if (reading is null) { Console.WriteLine(fault); continue; }
        var (number, kind, issuer, day, subject) = reading.Document;
        Console.WriteLine($"{number} | {kind} | {issuer} | {day:yyyy-MM-dd} | {subject}");
        foreach (var task in reading.Tasks)
        {
            Console.WriteLine($"{task.Number,-4} [{task.Group}]{(task.Parent is null ? "" : " ^" + task.Parent)} {task.Content}\n       L: {string.Join(" | ", task.Leads ?? [])}   C: {string.Join(" | ", task.Coordinators ?? [])}");
            var due = task.Deadline;
            Console.WriteLine($"       D: “{due?.Text}” {due?.Rule} {due?.Date:yyyy-MM-dd} {due?.Recurrence}{(due?.CompletedAndContinuing == true ? " done" : "")}   P: {task.Product}   T: {string.Join(" | ", (task.Targets ?? []).Select(target => $"{target.Amount} {target.Unit}"))}   W: {string.Join(" ", (task.Warnings ?? []).Select(warning => warning.Code))}");
        }

        Console.WriteLine("warnings: " + string.Join(" ", reading.Warnings.Select(warning => warning.Code)));
    }

    return 0;
}

async Task<int> BlocksAsync(string[] files)
{
    foreach (var file in files)
    {
        var source = await new SourceReader().ReadAsync(file, CancellationToken.None);
        if (!source.IsGranted(out var document, out var refusal)) { Console.WriteLine($"== {file}: {refusal.Code}"); continue; }
        Console.WriteLine($"== {Path.GetFileName(file)}: {document.Pages} pages; {string.Join(' ', document.Defects.Select(defect => defect.Code))}");
        foreach (var block in document.Blocks)
        {
            if (block is SourceParagraph paragraph) Console.WriteLine($"{block.Page} ¶ {paragraph.Marker}{paragraph.Text.Replace("\n", "⏎", StringComparison.Ordinal)}");
            if (block is not SourceTable table) continue;
            Console.WriteLine($"{block.Page} table of {table.Columns}");
            foreach (var row in table.Rows) Console.WriteLine($"    {row.Page} | {string.Join(" | ", row.Cells.Select(cell => cell.Covered ? "‹" : cell.Marker + cell.Text.Replace("\n", "⏎", StringComparison.Ordinal)))}");
        }
    }

    return 0;
}

int Usage()
{
    Console.Error.WriteLine("generate DIR --set dev|held [--only STYLE]\nscore DIR [--cli PATH] [--only STYLE] [--show] [--kind KIND]\nread FILE …\nblocks FILE …");
    return 2;
}

string? Option(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
