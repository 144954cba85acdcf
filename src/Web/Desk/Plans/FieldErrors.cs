namespace LienThong.Web.Desk.Plans;

/// <summary>Everything that is wrong with a form at once: beside each field, and in a summary that takes the focus.</summary>
public sealed class FieldErrors
{
    private readonly List<(string Field, string Words)> _all = [];

    public int Count => _all.Count;

    public IReadOnlyList<(string Field, string Words)> All => _all;

    public void Add(string field, string words) => _all.Add((field, words));

    public bool Has(string field) => _all.Exists(e => e.Field == field);

    public string? Of(string field) => _all.Find(e => e.Field == field).Words;

    /// <summary>Id of the sentence about that field, for aria-describedby.</summary>
    public string? Described(string field) => Has(field) ? "loi-" + field : null;
}
