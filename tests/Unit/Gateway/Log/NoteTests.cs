using System.Security.Cryptography;
using System.Text;
using LienThong.Gateway.Log;
using Xunit;

namespace LienThong.Unit.Gateway.Log;

/// <summary>Signed notes and checkpoints (exchange.md §3.3, C2SP signed-note).</summary>
public sealed class NoteTests : IDisposable
{
    private readonly NoteSigner _log = new("log.quangngai.example/node-1", ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly NoteSigner _witness = new("witness.example/police", ECDsa.Create(ECCurve.NamedCurves.nistP256), NoteAlgorithm.Cosignature);

    [Fact]
    public void A_checkpoint_survives_writing_and_reading_and_its_key_does_too()
    {
        var checkpoint = new Checkpoint(_log.Key.Name, 70_000, MerkleHash.Leaf("x"u8));
        Assert.True(SignedNote.TryParse(Note(checkpoint), out var note));
        Assert.True(NoteKey.TryParse(_log.Key.ToString(), out var key));
        Assert.Equal(_log.Key.Id, Assert.Single(note.Verify([key])!).Key.Id);
        Assert.True(Checkpoint.TryParse(note.Text, out var read));
        Assert.Equal(checkpoint, read);
    }

    [Fact]
    public void Unknown_keys_are_passed_over_and_a_wrong_signature_of_a_known_key_spoils_the_note()
    {
        var text = new Checkpoint(_log.Key.Name, 1, MerkleHash.Empty).Text;
        var note = text + "\n" + _log.Sign(text) + _witness.Cosign(text, DateTimeOffset.UnixEpoch.AddDays(20_000));
        Assert.True(SignedNote.TryParse(note, out var parsed));
        Assert.Empty(parsed.Verify([])!);
        Assert.Single(parsed.Verify([_log.Key])!);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(20_000), parsed.Verify([_log.Key, _witness.Key])!.Single(s => s.Key == _witness.Key).At);

        Assert.True(SignedNote.TryParse(note.Replace("\n1\n", "\n2\n", StringComparison.Ordinal), out var altered));
        Assert.Null(altered.Verify([_log.Key]));
        Assert.Null(altered.Verify([_witness.Key]));
    }

    [Fact]
    public void No_single_flipped_bit_of_a_signed_checkpoint_is_taken_for_the_log_s_word()
    {
        var bytes = Encoding.UTF8.GetBytes(Note(new Checkpoint(_log.Key.Name, 12_345, MerkleHash.Leaf("root"u8))));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var read = SignedNote.TryParse(Encoding.UTF8.GetString(flipped), out var note) && note.Verify([_log.Key]) is { Count: > 0 };
            Assert.False(read, $"bit {bit}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n— name\n")]
    [InlineData("text\n\n— name AAAA\n")]
    [InlineData("text\n\n- name AAAAAAAA\n")]
    [InlineData("text\n\n— na+me AAAAAAAA\n")]
    [InlineData("text\n\n— name AAAAAAAA")]
    [InlineData("te\rxt\n\n— name AAAAAAAA\n")]
    public void What_is_no_note_is_refused(string text) => Assert.False(SignedNote.TryParse(text, out _));

    [Theory]
    [InlineData("origin\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("origin\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("origin\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n")]
    [InlineData("origin\n1\n47DEQpj8HBSa\n")]
    [InlineData("origin\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n")]
    [InlineData("\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    public void What_is_no_checkpoint_is_refused(string text) => Assert.False(Checkpoint.TryParse(text, out _));

    [Fact]
    public void A_key_of_another_name_id_curve_or_kind_is_refused()
    {
        var good = _log.Key.ToString();
        Assert.False(NoteKey.TryParse(good.Replace("node-1", "node-2 x", StringComparison.Ordinal), out _));
        Assert.False(NoteKey.TryParse(good[..^4], out _));
        var parts = good.Split('+', 3);
        Assert.False(NoteKey.TryParse($"{parts[0]}+00000000+{parts[2]}", out _));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.False(NoteKey.TryParse($"{parts[0]}+{parts[1]}+{Convert.ToBase64String([2, .. other.ExportSubjectPublicKeyInfo()])}", out _));
        Assert.True(NoteKey.TryParse(_witness.Key.ToString(), out var witness));
        Assert.Equal(NoteAlgorithm.Cosignature, witness.Algorithm);
    }

    private string Note(Checkpoint checkpoint) => checkpoint.Text + "\n" + _log.Sign(checkpoint.Text);

    public void Dispose()
    {
        _log.Dispose();
        _witness.Dispose();
    }
}
