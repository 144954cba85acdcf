using LienThong.Gateway.Forward;

namespace LienThong.Gateway.Routes;

/// <summary>What is open at this moment: one field, replaced whole, and only by a higher number.</summary>
public sealed class RouteTable(UpstreamDirectory upstreams, Admission.ShareKeeper? shares = null)
{
    private readonly Lock _replacing = new();
    private volatile RouteIndex? _current;

    /// <summary>The snapshot in force; null before the first one, and then nothing is open.</summary>
    public RouteIndex? Current => _current;

    /// <summary>Takes the snapshot if it is newer and holds together; says why not otherwise.</summary>
    public string? Replace(RouteSnapshot snapshot, DateTimeOffset now)
    {
        lock (_replacing)
        {
            var before = _current;
            if (before is not null && snapshot.Number <= before.Number) return $"number {snapshot.Number} is not above {before.Number}";
            if (snapshot.ValidUntil <= now) return $"valid until {snapshot.ValidUntil:O} only";
            try
            {
                var next = new RouteIndex(snapshot, before, upstreams, shares);
                _current = next;
                upstreams.Keep(next.Services.SelectMany(s => s.Upstreams));
                return null;
            }
            catch (InvalidDataException broken)
            {
                return broken.Message;
            }
        }
    }
}
