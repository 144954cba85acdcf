using LienThong.Corpus;

// generate DIR --set dev|held [--only STYLE]                     writes the documents and their truths
// score DIR [--cli PATH] [--only STYLE] [--show] [--kind KIND]   reads each document, in process or by the built command, and marks it
return args switch
{
    ["generate", var folder, ..] => Generate(folder, Option("--set") ?? "dev"),
    ["score", var folder, ..] => await ScoreAsync(folder),
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

int Usage()
{
    Console.Error.WriteLine("generate DIR --set dev|held [--only STYLE]\nscore DIR [--cli PATH] [--only STYLE] [--show] [--kind KIND]");
    return 2;
}

string? Option(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
