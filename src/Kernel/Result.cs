using System.Diagnostics.CodeAnalysis;

namespace LienThong.Kernel;

/// <summary>What sort of "no" an answer is; the host maps it to an HTTP status once, in Problems.cs.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong (400, 422 on forms).</summary>
    Invalid,

    /// <summary>The person is known and may not do this (403).</summary>
    Forbidden,

    /// <summary>Nothing is there, or nothing this person may know of (404).</summary>
    NotFound,

    /// <summary>The state of things forbids it: a stale save, a closed period, a second decision (409).</summary>
    Conflict,

    /// <summary>Too large (413).</summary>
    TooLarge,

    /// <summary>Not now: busy or a dependency is away (503).</summary>
    Unavailable,
}

/// <summary>
/// An ordinary "no". The code is for machines and translators and never changes its meaning; the Vietnamese sentence is a
/// resource under the same key, with <paramref name="Arguments"/> filled in by position.
/// </summary>
public sealed record Refusal(string Code, RefusalKind Kind, params IReadOnlyList<object> Arguments);

/// <summary>Either the answer or the refusal, never both, never neither.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;
    private readonly Refusal? _refusal;

    private Result(T? value, Refusal? refusal) => (_value, _refusal) = (value, refusal);

    public bool IsGranted([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (_value, _refusal);
        return refusal is null;
    }

    /// <summary>The answer where a refusal would be a fault of ours.</summary>
    /// <exception cref="InvalidOperationException">The result is a refusal.</exception>
    public T Expect() =>
        _refusal is null ? _value! : throw new InvalidOperationException($"Refused: {_refusal.Code} ({string.Join(", ", _refusal.Arguments)}).");

    public Refusal? Refusal => _refusal;

    [SuppressMessage("Usage", "CA2225", Justification = "A slice returns its answer or a refusal; named alternates would only be noise.")]
    public static implicit operator Result<T>(T value) => new(value, null);

    [SuppressMessage("Usage", "CA2225", Justification = "A slice returns its answer or a refusal; named alternates would only be noise.")]
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The answer of an order that has nothing to say but "done".</summary>
public readonly record struct Done;
