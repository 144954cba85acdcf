using System.Text.RegularExpressions;
using Xunit;

namespace LienThong.House;

/// <summary>What must never be committed: keys, tokens, and paths that exist on one machine only.</summary>
public sealed partial class SecretTests
{
    private static readonly string[] Text =
        [".cs", ".razor", ".resx", ".csproj", ".props", ".slnx", ".md", ".json", ".js", ".mjs", ".css", ".csv", ".sh", ".txt", ".yml", ".yaml", ".conf"];

    private static IEnumerable<string> TextFiles => HouseRoot.Files.Where(file => Text.Any(e => file.EndsWith(e, StringComparison.Ordinal)) || !Path.GetFileName(file).Contains('.', StringComparison.Ordinal));

    [Fact]
    public void No_key_and_no_token_is_committed()
    {
        HouseRoot.Nothing("This looks like a secret:",
            from file in TextFiles
            where file != "tests/House/SecretTests.cs"
            from Match secret in Secret().Matches(HouseRoot.Read(file))
            select $"{file}: {secret.Value[..Math.Min(24, secret.Value.Length)]}…");
    }

    [Fact]
    public void No_path_of_one_machine_is_committed()
    {
        // Folders of the system (/usr, /etc) are the same on every Debian; homes and working folders are not.
        HouseRoot.Nothing("A path of one machine:",
            from file in TextFiles
            where file is not ("tests/House/SecretTests.cs" or "LICENSE")
            from line in HouseRoot.Read(file).Split('\n').Select((words, i) => (words, number: i + 1))
            where MachinePath().IsMatch(line.words.Replace("${TMPDIR:-/tmp}", "", StringComparison.Ordinal))
            select $"{file}:{line.number}: {line.words.Trim()}");
    }

    [Fact]
    public void Npm_packages_come_from_the_public_registry_or_from_wherever_npm_is_set_to()
    {
        HouseRoot.Nothing("A lock file that names a private registry works for one office only:",
            from file in HouseRoot.Files
            where Path.GetFileName(file) == "package-lock.json"
            from Match resolved in Resolved().Matches(HouseRoot.Read(file))
            where resolved.Groups[1].Value != "registry.npmjs.org"
            select $"{file}: {resolved.Groups[1].Value}");
        Assert.DoesNotContain(HouseRoot.Files, file => Path.GetFileName(file) is ".npmrc");
    }

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bnpm_[A-Za-z0-9]{30,}|\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}|\bxox[bap]-[\w-]{20,}", RegexOptions.None, 5000)]
    private static partial Regex Secret();

    [GeneratedRegex(@"(?<![\w.~}/\-])/(?:work|root|home|tmp|Users|mnt|var/folders)/[\w.]|\b[A-Z]:\\\\?Users", RegexOptions.None, 5000)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"""resolved"":\s*""https?://([^/""]+)", RegexOptions.None, 5000)]
    private static partial Regex Resolved();
}
