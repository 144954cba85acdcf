using System.Net;
using LienThong.Kernel;
using LienThong.Platform.Shared;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LienThong.Journeys.Accounts;

/// <summary>R-ORG-05, R-NFR-05: deny by default, every endpoint × every role × (own, child, sibling, parent, other unit).</summary>
public sealed class AccessMatrixTests(MatrixWorld world) : IClassFixture<MatrixWorld>
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public void Every_endpoint_of_the_host_is_in_the_matrix_with_the_right_it_names()
    {
        var found = Endpoints().Select(e => (Key: KeyOf(e), Right: Say(e.Required()?.AnyOf))).Distinct().Select(e => $"{e.Key} needs {e.Right}").ToHashSet();
        var written = AccessMatrix.Rows.Select(r => $"{r.Route} needs {Say(r.AnyOf)}").ToHashSet();

        Assert.True(found.SetEquals(written),
            "In the host, not in AccessMatrix.cs:\n  " + string.Join("\n  ", found.Except(written).Order()) +
            "\nIn AccessMatrix.cs, not in the host:\n  " + string.Join("\n  ", written.Except(found).Order()));
    }

    [Fact]
    public void Files_of_the_pages_are_open_to_anyone_and_nothing_else_is_a_file()
    {
        var files = All().Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is not null).ToList();

        Assert.All(files, file => Assert.Equal("Anyone", Say(file.Required()?.AnyOf)));
        Assert.DoesNotContain(All(), e => e.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is not null);
    }

    [Fact]
    public void A_right_held_over_a_part_of_the_province_says_how_its_scope_is_proved()
    {
        var silent = AccessMatrix.Rows
            .Where(r => r.ScopeInside is null && r.Of is null && r.AnyOf.Any(p => Enum.GetValues<Role>().Any(role => AccessMatrix.Expected(role, p) is Reach.Own or Reach.Subtree)))
            .Select(r => r.Route);

        Assert.Empty(silent);
    }

    [Fact]
    public void The_table_of_rights_is_the_one_written_down_here()
    {
        var differences =
            from role in Enum.GetValues<Role>()
            from permission in Enum.GetValues<Permission>()
            where permission is not (Permission.Anyone or Permission.SignedIn) && AccessTable.ReachOf(role, permission) != AccessMatrix.Expected(role, permission)
            select $"{role} {permission}: the product says {AccessTable.ReachOf(role, permission)}, the matrix {AccessMatrix.Expected(role, permission)}";

        Assert.Empty(differences);
    }

    [Fact]
    public void Every_right_reaches_exactly_as_far_as_it_should_from_the_unit_of_its_holder()
    {
        var (own, child, sibling, parent, other, top) = (Unit(1), Unit(2), Unit(3), Unit(4), Unit(5), Unit(6));
        (string Relation, OrgUnitId Unit, OrgUnitId[] Above, Reach Needs)[] relations =
        [
            ("own", own, [parent, top], Reach.Own), ("child", child, [own, parent, top], Reach.Subtree), ("sibling", sibling, [parent, top], Reach.Province),
            ("parent", parent, [top], Reach.Province), ("other", other, [top], Reach.Province),
        ];
        foreach (var role in Enum.GetValues<Role>())
        {
            var user = new CurrentUser(new UserId(Guid.CreateVersion7()), role.ToString(), own, "", [new RoleGrant(role, own)], null, null);
            foreach (var permission in AccessMatrix.Holders.Keys)
            {
                foreach (var (relation, unit, above, needs) in relations)
                {
                    var expected = AccessMatrix.Expected(role, permission) >= needs;
                    Assert.True(user.May(permission, unit, above) == expected, $"{role} {permission} on {relation}: expected {expected}");
                }
            }
        }
    }

    [Fact]
    public async Task Every_endpoint_lets_in_exactly_the_roles_that_hold_its_right()
    {
        var wrong = new List<string>();
        // A row with a thing of a unit is asked for each unit below; here a unit nobody belongs to would be refused to the rightful too.
        foreach (var row in AccessMatrix.Rows.Where(r => !AccessMatrix.IsClosed(r) && r.Of is null))
        {
            var (method, path) = Split(row.Route);
            foreach (var role in Enum.GetValues<Role>().Select(r => (Role?)r).Append(null))
            {
                // Posts carry no antiforgery token: whoever may come in is refused with 400 for that, so nothing is done by asking.
                using var request = new HttpRequestMessage(method, Sample(path));
                if (method != HttpMethod.Get) request.Content = Body(path);
                using var answer = await (role is { } held ? world.As(held) : world.Nobody).SendAsync(request, Cancellation);
                var isIn = await CameInAsync(answer, path);
                if (isIn != AccessMatrix.Opens(row, role)) wrong.Add($"{row.Route} as {role?.ToString() ?? "nobody"}: {(int)answer.StatusCode} {answer.Headers.Location}");
                if (!isIn && role is null && answer.StatusCode is not (HttpStatusCode.Redirect or HttpStatusCode.Unauthorized)) wrong.Add($"{row.Route} as nobody was not sent to sign in");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task What_names_no_right_is_closed_to_every_role()
    {
        using var asNobody = await world.Nobody.GetAsync(new Uri("/no-such-file.txt", UriKind.Relative), Cancellation);
        using var asAdmin = await world.As(Role.PlatformAdmin).GetAsync(new Uri("/_framework/opaque-redirect?url=x", UriKind.Relative), Cancellation);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (asNobody.StatusCode, asAdmin.StatusCode));
    }

    [Fact]
    public async Task Things_of_a_unit_open_to_each_role_as_far_as_its_right_reaches()
    {
        var wrong = new List<string>();
        foreach (var row in AccessMatrix.Rows.Where(r => r.Of is not null))
        {
            (string Relation, OrgUnitId? Unit, Reach Needs)[] relations =
            [
                ("own", world.Own.Id, Reach.Own), ("child", world.Child?.Id, Reach.Subtree), ("sibling", world.Sibling.Id, Reach.Province),
                ("parent", world.Parent, Reach.Province), ("other", world.Other.Id, Reach.Province),
            ];
            foreach (var (relation, unit, needs) in relations)
            {
                if (unit is not { } of) continue;
                var address = await row.Of!(world, of);
                foreach (var role in Enum.GetValues<Role>())
                {
                    using var answer = await world.As(role).GetAsync(new Uri(address, UriKind.Relative), Cancellation);
                    var expected = row.AnyOf.Any(p => AccessMatrix.Expected(role, p) >= needs);
                    var isSeen = answer.StatusCode is HttpStatusCode.OK;
                    if (isSeen != expected) wrong.Add($"{row.Route} of {relation} unit as {role}: {(int)answer.StatusCode}");
                    if (!isSeen && answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound)) wrong.Add($"{row.Route} of {relation} unit as {role}: refused with {(int)answer.StatusCode}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Nobody_can_post_without_a_token_of_the_page()
    {
        foreach (var row in AccessMatrix.Rows.Where(r => !AccessMatrix.IsClosed(r)))
        {
            var (method, path) = Split(row.Route);
            if (row.Route.StartsWith("GET ", StringComparison.Ordinal)) continue;
            var role = Enum.GetValues<Role>().First(r => AccessMatrix.Opens(row, r));
            using var request = new HttpRequestMessage(row.Route[0] == '/' ? HttpMethod.Post : method, Sample(path))
            {
                Content = Body(path),
            };
            using var answer = await world.As(role).SendAsync(request, Cancellation);
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest || (row.ProvesItself && (int)answer.StatusCode is > 400 and < 500), $"{row.Route}: {(int)answer.StatusCode}");
        }

        using var still = await world.As(Role.UnitFocal).GetAsync(new Uri("/tai-khoan", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    private IEnumerable<RouteEndpoint> All() => world.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private IEnumerable<RouteEndpoint> Endpoints() => All().Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null);

    /// <summary>A page is its route; another route has its method before it.</summary>
    private static string KeyOf(RouteEndpoint endpoint)
    {
        var route = "/" + (endpoint.RoutePattern.RawText ?? "").TrimStart('/');
        if (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null) return route;
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"];
        return string.Join('|', methods) + " " + route;
    }

    private static string Say(IReadOnlyList<Permission>? rights) => rights is null or { Count: 0 } ? "nothing, so it is closed" : string.Join(" or ", rights.Order());

    private static (HttpMethod Method, string Path) Split(string route) =>
        route.Split(' ') is [var method, var path] ? (new HttpMethod(method), path) : (HttpMethod.Get, route);

    /// <summary>Any id will do: whether the thing exists is asked behind the door.</summary>
    private static string Sample(string path) =>
        System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]+\}", "01980000-0000-7000-8000-00000000ffff", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>What such a route takes; otherwise routing answers before the door does.</summary>
    private static HttpContent Body(string path) => path switch
    {
        _ when path.EndsWith("/attachments", StringComparison.Ordinal) || path == "/api/plans/imports/" =>
            new MultipartFormDataContent { { new StringContent("1"), "x" } },
        _ when path.StartsWith("/api", StringComparison.Ordinal) => new StringContent("{}", System.Text.Encoding.UTF8, "application/json"),
        _ => new FormUrlEncodedContent(new Dictionary<string, string> { ["x"] = "1" }),
    };

    /// <summary>The door refuses with its own code; a slice behind it has others.</summary>
    private static async Task<bool> CameInAsync(HttpResponseMessage answer, string path) =>
        answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => false,
            HttpStatusCode.Forbidden when path == "/dang-nhap/chua-co-tai-khoan" => true,   // That page itself says 403.
            // A slice behind the door may still say no, with a code of its own: for what asks for a right over the whole province.
            HttpStatusCode.Forbidden when path.StartsWith("/api", StringComparison.Ordinal) => !(await answer.Content.ReadAsStringAsync(Cancellation)).Contains("\"access.forbidden\"", StringComparison.Ordinal),
            HttpStatusCode.Forbidden => (await answer.Content.ReadAsStringAsync(Cancellation)).Contains("plans.not-allowed", StringComparison.Ordinal),
            HttpStatusCode.Redirect => answer.Headers.Location?.OriginalString.StartsWith("/dang-nhap?ve=", StringComparison.Ordinal) is not true,
            _ => true,
        };

    private static OrgUnitId Unit(int n) => new(Guid.Parse($"01980000-0000-7000-8000-{n:x12}"));
}
