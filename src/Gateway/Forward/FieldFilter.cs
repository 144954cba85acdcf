using System.Buffers;
using System.Text.Json;

namespace LienThong.Gateway.Forward;

/// <summary>
/// Lets through of a JSON text what the agreement names, as it streams by: tokens in, tokens out, no tree of the document. Holds one unfinished token and the
/// way down to it. What is no JSON ends the call: a filter that cannot read must not pass.
/// </summary>
internal sealed class FieldFilter(FieldTree fields)
{
    /// <summary>Deeper nesting than any service has is an attack on whoever reads it.</summary>
    private const int DepthMax = 64;

    /// <summary>One token (a picture in base64 inside a string) may be this large; it must be whole to be judged.</summary>
    private const int TokenBytesMax = 16 * 1024 * 1024;

    private readonly (FieldTree Tree, bool IsArray, bool HasItems)[] _levels = new (FieldTree, bool, bool)[DepthMax + 2];
    private readonly ArrayBufferWriter<byte> _name = new(64);
    private byte[] _rest = [];
    private int _restLength;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = DepthMax });
    private int _depth;
    private int _skipping;             // nesting of what is being left out
    private bool _skipNext;
    private bool _hasName;
    private FieldTree? _next;          // what the member just named may show
    private bool _isStarted;

    /// <summary>Takes the next piece and writes what of it may leave.</summary>
    /// <exception cref="JsonException">Not JSON, too deep, or one token too large.</exception>
    public void Take(ReadOnlySpan<byte> piece, bool isLast, IBufferWriter<byte> output)
    {
        byte[]? joined = null;
        var bytes = piece;
        if (_restLength > 0)
        {
            joined = ArrayPool<byte>.Shared.Rent(_restLength + piece.Length);
            _rest.AsSpan(0, _restLength).CopyTo(joined);
            piece.CopyTo(joined.AsSpan(_restLength));
            bytes = joined.AsSpan(0, _restLength + piece.Length);
        }

        try
        {
            var reader = new Utf8JsonReader(bytes, isLast, _state);
            while (reader.Read()) Token(ref reader, output);
            _state = reader.CurrentState;
            Keep(bytes[(int)reader.BytesConsumed..]);
        }
        finally
        {
            if (joined is not null) ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > TokenBytesMax) throw new JsonException("a value of more than 16 MB");
        if (_rest.Length < rest.Length) _rest = new byte[Math.Max(rest.Length, Math.Min(TokenBytesMax, _rest.Length * 2))];
        rest.CopyTo(_rest);
        _restLength = rest.Length;
    }

    private void Token(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        if (_skipping > 0)
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) _skipping++;
            else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) _skipping--;
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Name(ref reader);
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                output.Write(reader.TokenType is JsonTokenType.EndObject ? "}"u8 : "]"u8);
                _depth--;
                return;
        }

        if (_skipNext)
        {
            _skipNext = false;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) _skipping = 1;
            return;
        }

        var tree = !_isStarted ? fields : _levels[_depth].IsArray ? _levels[_depth].Tree : _next!;
        var opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        if (!opens && !tree.IsWhole)
        {
            // The agreement names something inside; a bare value in its place is not what was agreed.
            if (!_isStarted) throw new JsonException("a bare value where the agreement names fields");
            _hasName = false;
            return;
        }

        Separate(output);
        _isStarted = true;
        if (!opens)
        {
            Value(ref reader, output);
            return;
        }

        var isArray = reader.TokenType is JsonTokenType.StartArray;
        output.Write(isArray ? "["u8 : "{"u8);
        _levels[++_depth] = (isArray && !tree.IsWhole ? tree.Element : tree, isArray, false);
    }

    private void Name(ref Utf8JsonReader reader)
    {
        var level = _levels[_depth].Tree;
        FieldTree? found;
        if (level.IsWhole)
        {
            found = level;
        }
        else if (!reader.ValueIsEscaped)
        {
            found = level.Find(reader.ValueSpan);
        }
        else
        {
            var plain = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
            try
            {
                found = level.Find(plain.AsSpan(0, reader.CopyString(plain)));
            }
            catch (InvalidOperationException broken)
            {
                throw new JsonException("a name that is no Unicode", broken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(plain);
            }
        }

        if (found is null)
        {
            _skipNext = true;
            return;
        }

        _next = found;
        _hasName = true;
        _name.ResetWrittenCount();
        _name.Write(reader.ValueSpan);
    }

    /// <summary>The comma before the second item, and the name that was waiting for a value that may leave.</summary>
    private void Separate(IBufferWriter<byte> output)
    {
        if (!_isStarted) return;
        ref var level = ref _levels[_depth];
        if (level.HasItems) output.Write(","u8);
        level.HasItems = true;
        if (!_hasName) return;
        output.Write("\""u8);
        output.Write(_name.WrittenSpan);
        output.Write("\":"u8);
        _hasName = false;
    }

    private static void Value(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        if (reader.TokenType is JsonTokenType.String)
        {
            output.Write("\""u8);
            output.Write(reader.ValueSpan);
            output.Write("\""u8);
            return;
        }

        output.Write(reader.ValueSpan);
    }
}
