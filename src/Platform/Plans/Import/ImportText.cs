using System.Globalization;
using System.Resources;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

/// <summary>The Vietnamese sentences of warnings and refusals of the import, by code (ImportText.resx and, for the readers, ReaderRefusals.resx; English beside each).</summary>
public static class ImportText
{
    private static readonly ResourceManager s_resources = new("LienThong.Platform.Plans.Import.ImportText", typeof(ImportText).Assembly);

    /// <summary>What the readers say of a file has its own book, beside them.</summary>
    private static readonly ResourceManager s_readers = new("LienThong.Platform.Plans.Import.Readers.ReaderRefusals", typeof(ImportText).Assembly);

    /// <summary>The sentence under that code in the language of the current thread, Vietnamese unless English is asked for.</summary>
    public static string Of(string code, IReadOnlyList<object> arguments)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName is "en" ? CultureInfo.GetCultureInfo("en") : CultureInfo.InvariantCulture;
        var format = s_resources.GetString(code, language) ?? s_readers.GetString(code, language) ?? code;
        return arguments.Count == 0 ? format : string.Format(Vietnamese.Culture, format, [.. arguments.Select(Readable)]);
    }

    private static object Readable(object argument) => argument is DateOnly day ? Vietnamese.Day(day) : argument;
}
