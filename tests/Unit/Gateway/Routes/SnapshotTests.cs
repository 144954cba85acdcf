using System.Security.Cryptography;
using System.Text;
using LienThong.Gateway.Forward;
using LienThong.Gateway.Routes;
using Xunit;

namespace LienThong.Unit.Gateway.Routes;

/// <summary>R-SHR-03, R-SHR-04, issue 3 B.2: one signed snapshot, swapped whole, and nothing is open without an agreement.</summary>
public sealed class SnapshotTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_sealed_snapshot_opens_to_the_same_snapshot()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var snapshot = Some.Snapshot(7, Now);
        Assert.True(SnapshotEnvelope.TryOpen(SnapshotEnvelope.Seal(snapshot, key), [key], out var opened, out _));
        // Lists compare by reference, so the comparison is by what is written.
        Assert.Equal(Plain(snapshot, key), Plain(opened, key));
        Assert.Equal("VN-QNG/GOV/H48/mot-cua", opened.Subsystems[0].Identifier);
        Assert.Equal(new EndpointEntry("GET", "/nguoi/*"), opened.Services[0].Endpoints[0]);

        static string Plain(RouteSnapshot s, ECDsa key)
        {
            var text = Encoding.UTF8.GetString(SnapshotEnvelope.Seal(s, key));
            return text[text.IndexOf("\n\n", StringComparison.Ordinal)..];
        }
    }

    [Fact]
    public void One_changed_bit_anywhere_closes_the_snapshot()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var envelope = SnapshotEnvelope.Seal(Some.Snapshot(7, Now), key);
        for (var i = 0; i < envelope.Length; i++)
        {
            var changed = (byte[])envelope.Clone();
            changed[i] ^= 1;
            Assert.False(SnapshotEnvelope.TryOpen(changed, [key], out var opened, out var fault), $"byte {i}");
            Assert.Null(opened);
            Assert.NotEmpty(fault);
        }
    }

    [Fact]
    public void A_strangers_key_opens_nothing_and_two_keys_may_sign_while_one_replaces_the_other()
    {
        using var old = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var snapshot = Some.Snapshot(7, Now);
        Assert.False(SnapshotEnvelope.TryOpen(SnapshotEnvelope.Seal(snapshot, stranger), [old], out _, out _));
        var both = SnapshotEnvelope.Seal(snapshot, old, fresh);
        Assert.True(SnapshotEnvelope.TryOpen(both, [old], out _, out _));
        Assert.True(SnapshotEnvelope.TryOpen(both, [fresh], out _, out _));
    }

    [Fact]
    public void Only_a_higher_number_replaces_so_an_old_right_cannot_be_put_back()
    {
        using var upstreams = new UpstreamDirectory(TimeProvider.System);
        var table = new RouteTable(upstreams);
        Assert.Null(table.Current);
        Assert.Null(table.Replace(Some.Snapshot(7, Now), Now));
        Assert.Contains("not above 7", table.Replace(Some.Snapshot(7, Now), Now));
        Assert.Contains("not above 7", table.Replace(Some.Snapshot(6, Now), Now));
        Assert.Null(table.Replace(Some.Snapshot(8, Now), Now));
        Assert.Equal(8, table.Current!.Number);
        Assert.Contains("valid until", table.Replace(Some.Snapshot(9, Now) with { ValidUntil = Now }, Now));
        Assert.Equal(8, table.Current!.Number);
    }

    public static TheoryData<string, Func<RouteSnapshot, RouteSnapshot>> Contradictions => new()
    {
        { "no subsystem", s => s with { Agreements = [s.Agreements[0] with { Consumer = "VN-QNG/GOV/H48/nobody" }] } },
        { "no service", s => s with { Agreements = [s.Agreements[0] with { MajorVersion = 9 }] } },
        { "there twice", s => s with { Agreements = [s.Agreements[0], s.Agreements[0]] } },
        { "there twice", s => s with { Services = [s.Services[0], s.Services[0]] } },
        { "not an identifier", s => s with { Subsystems = [s.Subsystems[0] with { Identifier = "VN-QNG/GOV/H48/mot_cua" }] } },
        { "service of the exchange itself", s => s with { Services = [s.Services[0] with { ServiceCode = "listMethods" }] } },
        { "cannot be a path", s => s with { Services = [s.Services[0] with { Path = "r1/x" }] } },
        { "cannot be a path", s => s with { Services = [s.Services[0] with { Path = "a/../b" }] } },
        { "cannot be the address", s => s with { Services = [s.Services[0] with { Upstreams = ["file:///etc/passwd"] }] } },
        { "cannot be the address", s => s with { Services = [s.Services[0] with { Upstreams = ["http://user:secret@host/"] }] } },
        { "ends before it begins", s => s with { Agreements = [s.Agreements[0] with { ValidUntil = s.Agreements[0].ValidFrom }] } },
        { "no JSON pointer", s => s with { Agreements = [s.Agreements[0] with { Fields = ["hoTen"] }] } },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_snapshot_that_contradicts_itself_is_not_taken_and_the_one_before_stays(string why, Func<RouteSnapshot, RouteSnapshot> break_)
    {
        using var upstreams = new UpstreamDirectory(TimeProvider.System);
        var table = new RouteTable(upstreams);
        table.Replace(Some.Snapshot(7, Now), Now);
        Assert.Contains(why, table.Replace(break_(Some.Snapshot(8, Now)), Now));
        Assert.Equal(7, table.Current!.Number);
    }

    [Fact]
    public void The_longest_path_wins_and_the_rest_goes_to_the_service()
    {
        using var upstreams = new UpstreamDirectory(TimeProvider.System);
        var table = new RouteTable(upstreams);
        var one = Some.Snapshot(1, Now).Services[0];
        Assert.Null(table.Replace(Some.Snapshot(1, Now) with { Services = [one with { Code = "a", Path = "a", ServiceCode = "a" }, one, one with { Version = "2.0.0", ServiceCode = "tra-cuu-2" }], Agreements = [] }, Now));
        var index = table.Current!;
        Assert.Equal(("dan-cu/tra-cuu", "/nguoi/1"), (index.ByPath("/dan-cu/tra-cuu/nguoi/1", out var rest)!.Path, rest.ToString()));
        Assert.Equal(("dan-cu/tra-cuu/v2", "/nguoi/1"), (index.ByPath("/dan-cu/tra-cuu/v2/nguoi/1", out rest)!.Path, rest.ToString()));
        Assert.Equal(("dan-cu/tra-cuu", ""), (index.ByPath("/dan-cu/tra-cuu", out rest)!.Path, rest.ToString()));
        Assert.Equal("a", index.ByPath("/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s", out _)!.Path);
        Assert.Null(index.ByPath("/dan-cu", out _));
        Assert.Null(index.ByPath("/dan-cu/tra-cuux", out _));
        Assert.Null(index.ByPath("/DAN-CU/tra-cuu", out _));
        Assert.Null(index.ByPath("/", out _));
        Assert.NotNull(index.ByRoadIdentifier("VN-QNG/GOV/H48/dan-cu/tra-cuu"));
    }

    [Fact]
    public void An_agreement_opens_from_its_first_instant_to_before_its_last_and_not_while_suspended()
    {
        using var upstreams = new UpstreamDirectory(TimeProvider.System);
        var table = new RouteTable(upstreams);
        var snapshot = Some.Snapshot(1, Now);
        var (from, until) = (Now.AddDays(1), Now.AddDays(3));
        table.Replace(snapshot with { Agreements = [snapshot.Agreements[0] with { ValidFrom = from, ValidUntil = until, SuspendedFrom = Now.AddDays(2) }] }, Now);
        var service = table.Current!.ByPath("/dan-cu/tra-cuu", out _)!;
        Agreement? At(DateTimeOffset instant) => service.AgreementOf("VN-QNG/GOV/H48/mot-cua", default, instant);
        Assert.Null(At(from.AddTicks(-1)));
        Assert.NotNull(At(from));
        Assert.NotNull(At(Now.AddDays(2).AddTicks(-1)));
        Assert.Null(At(Now.AddDays(2)));
        Assert.Null(service.AgreementOf("VN-QNG/GOV/H48/dat-dai", default, from));
    }
}
