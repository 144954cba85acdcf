namespace LienThong.Platform.Shared;

/// <summary>A part of this process that may be away while the pages go on; the readiness probe names it with its state.</summary>
public interface IReadiness
{
    /// <summary>"gateway": one word, the same for ever.</summary>
    string Part { get; }

    /// <summary>"ok", or one word of why not. The probe is open to everybody, so the word says nothing about the machine.</summary>
    string State { get; }
}
