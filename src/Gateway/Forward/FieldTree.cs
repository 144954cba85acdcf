using System.Text;

namespace LienThong.Gateway.Forward;

/// <summary>JSON pointers of an agreement as a tree of member names. A leaf lets everything under it pass; arrays on the way are passed through.</summary>
internal sealed class FieldTree
{
    private readonly Dictionary<string, FieldTree> _members = new(StringComparer.Ordinal);
    private (byte[] Name, FieldTree Tree)[] _byBytes = [];

    private FieldTree()
    {
    }

    /// <summary>Everything from here on may leave.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>What stands in an array here: the step <c>*</c> where one is written, otherwise the same step again.</summary>
    public FieldTree Element => _members.GetValueOrDefault("*") ?? this;

    /// <exception cref="InvalidDataException">A pointer does not begin with '/'.</exception>
    public static FieldTree Of(IEnumerable<string> pointers)
    {
        var root = new FieldTree();
        foreach (var pointer in pointers)
        {
            if (pointer.Length > 0 && pointer[0] != '/') throw new InvalidDataException($"'{pointer}' is no JSON pointer");
            var at = root;
            if (pointer.Length > 0)
            {
                foreach (var token in pointer[1..].Split('/'))
                {
                    var name = token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                    if (!at._members.TryGetValue(name, out var next)) at._members[name] = next = new FieldTree();
                    at = next;
                }
            }

            at.IsWhole = true;
        }

        root.Freeze();
        return root;
    }

    public FieldTree? Find(ReadOnlySpan<byte> name)
    {
        foreach (var member in _byBytes)
        {
            if (name.SequenceEqual(member.Name)) return member.Tree;
        }

        return null;
    }

    private void Freeze()
    {
        _byBytes = [.. _members.Select(m => (Encoding.UTF8.GetBytes(m.Key), m.Value))];
        foreach (var member in _members.Values) member.Freeze();
    }
}
