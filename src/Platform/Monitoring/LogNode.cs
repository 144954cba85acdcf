using LienThong.Gateway.Log;
using LienThong.Kernel;

namespace LienThong.Platform.Monitoring;

/// <summary>
/// A node whose sealed log is taken in, known by its origin and the key it signs with. How far it was taken in stands in the same row, and moves only in
/// the transaction that keeps the entries: so neither a kill nor a second control plane loses or doubles one.
/// </summary>
public sealed class LogNode
{
    /// <summary>Small, because every call carries it.</summary>
    public required int Number { get; init; }

    /// <summary>The log's name for ever; a log that lost its disk is another node.</summary>
    public required string Origin { get; init; }

    /// <summary>The verifier key, as text. Whoever registers a node vouches for it.</summary>
    public required string Key { get; init; }

    /// <summary>A folder with <c>public/</c>, or the address of the public files.</summary>
    public required string Place { get; init; }

    /// <summary>Found in the data folder of this control plane; otherwise a person registered it.</summary>
    public required bool IsOwn { get; init; }

    /// <summary>The machine whose folder it is: several control planes share the database, and each sees its own disk only.</summary>
    public string? Host { get; private set; }
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>Entries taken in: the next one to take has this index.</summary>
    public long Pulled { get; private set; }

    /// <summary>The newest checkpoint seen, proven to continue the one before it.</summary>
    public long HeadSize { get; private set; }
    public string HeadRoot { get; private set; } = MerkleHash.Empty.ToString();
    public string? HeadNote { get; private set; }

    /// <summary>When the log was last read without fault, also if it had nothing new.</summary>
    public DateTimeOffset? SeenAt { get; private set; }

    /// <summary>The time in the last entry taken in.</summary>
    public DateTimeOffset? LastEntryAt { get; private set; }

    /// <summary>Since when it could not be reached; it is asked again.</summary>
    public DateTimeOffset? AwaySince { get; private set; }

    /// <summary>When it was found to be wrong: nothing more is taken from it until a person says so.</summary>
    public DateTimeOffset? StoppedAt { get; private set; }
    public LogFault? Fault { get; private set; }

    /// <summary>The entry, tile or file found wrong.</summary>
    public string? FaultWhere { get; private set; }

    /// <summary>How many entries stand under the newest checkpoint that witnesses signed, and which of them did, a line each: name, tab, instant.</summary>
    public long WitnessedSize { get; private set; }
    public string Witnesses { get; private set; } = "";

    /// <summary>Since when entries wait for their witnesses, where the log has any.</summary>
    public DateTimeOffset? UnwitnessedSince { get; private set; }

    /// <summary>How many entries wait under the newest checkpoint.</summary>
    public long Behind => HeadSize - Pulled;

    public bool IsRemote => Uri.TryCreate(Place, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    /// <summary>Where the public files are, in a folder.</summary>
    public string PublicFolder => Path.Combine(Place, "public");

    public LogNode On(string host)
    {
        Host = host;
        return this;
    }

    public Checkpoint? Head => HeadNote is null ? null : new Checkpoint(Origin, HeadSize, MerkleHash.TryParse(HeadRoot, out var root) ? root : MerkleHash.Empty);
}
