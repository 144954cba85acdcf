using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LienThong.Gateway.Simulation;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Exchange.Doctor;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static LienThong.Unit.Exchange.ExchangeWorld;

namespace LienThong.Unit.Exchange;

/// <summary>Issue 3 B.6, exchange.md §6 item 11: each fault is injected into a connection that was well, and the doctor must name it and who repairs it.</summary>
[Trait("engine", "either")]
public sealed class DoctorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly FakeGateway _gateway = new();
    private readonly X509Certificate2 _ca = Authority("CN=Roots");
    private TestPlatform _place = null!;
    private SubsystemId _consumer;
    private DataServiceId _service;
    private AgreementId _agreement;

    public async ValueTask InitializeAsync()
    {
        _place = await TestPlatform.StartAsync(services =>
        {
            services.AddSingleton<Platform.Registry.Contracts.IOrgUnits, ExchangeUnits>();
            services.AddSingleton<IReadiness>(_gateway);
            services.AddSingleton(new DoctorOptions { Patience = Patience, Roots = [X509CertificateLoader.LoadCertificate(_ca.RawData)] });
        });
        _place.Clock.Set(new DateOnly(2026, 11, 23), 9);
        _service = await _place.PublishedServiceAsync();
        _consumer = await _place.SubsystemAsync(OneStopHead, "mot-cua", ExchangeUnits.OneStop);
        _agreement = await _place.AgreementInForceAsync(_consumer, _service);
        await PublishRoutesAsync();
        await MoveToAsync(Answering("HTTP/1.1 403 Forbidden"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
        await _place.DisposeAsync();
        _ca.Dispose();
    }

    [Fact]
    public async Task A_connection_that_is_well_is_called_well_at_every_step()
    {
        var found = await LookAsync();
        Assert.True(found.Root is null, $"{found.Root?.Code}");
        Assert.Equal(Enum.GetValues<DoctorStep>(), found.Findings.Select(f => f.Step).Distinct());
        Assert.DoesNotContain(found.Findings, f => f.Verdict is DoctorVerdict.Skipped);
    }

    public static TheoryData<string, DoctorParty> Lasting => new()
    {
        { "agreement.terminated", DoctorParty.Both },
        { "agreement.expired", DoctorParty.Both },
        { "agreement.suspended", DoctorParty.Provider },
        { "service.suspended", DoctorParty.Provider },
        { "service.provider-closed", DoctorParty.Provider },
        { "identity.closed", DoctorParty.Consumer },
        { "identity.revoked", DoctorParty.Consumer },
        { "identity.expired", DoctorParty.Consumer },
        { "routes.behind", DoctorParty.Operator },
        { "routes.over", DoctorParty.Operator },
        { "routes.unreadable", DoctorParty.Operator },
        { "quota.used-up", DoctorParty.Consumer },
    };

    [Theory]
    [MemberData(nameof(Lasting))]
    public async Task A_fault_in_the_book_is_the_one_that_is_named_and_its_party_with_it(string code, DoctorParty party)
    {
        await InjectAsync(code);
        var root = (await LookAsync()).Root;
        Assert.Equal((code, party), (root?.Code, root?.Party));
    }

    [Fact]
    public async Task A_fault_of_gateway_network_or_server_is_the_one_that_is_named_and_its_party_with_it()
    {
        (string Code, DoctorParty Party)[] faults =
        [
            ("gateway.not-running", DoctorParty.Operator),
            ("gateway.log-stopped", DoctorParty.Operator),
            ("dns.unknown", DoctorParty.Provider),
            ("reach.refused", DoctorParty.Provider),
            ("tls.expired", DoctorParty.Provider),
            ("tls.not-yet", DoctorParty.Provider),
            ("tls.untrusted", DoctorParty.Both),
            ("tls.name", DoctorParty.Provider),
            ("tls.failed", DoctorParty.Provider),
            ("tls.timeout", DoctorParty.Provider),
            ("clock.skew", DoctorParty.Provider),
            ("upstream.timeout", DoctorParty.Provider),
            ("upstream.broken", DoctorParty.Provider),
            ("upstream.not-http", DoctorParty.Provider),
            ("upstream.down", DoctorParty.Provider),
            ("upstream.errors", DoctorParty.Provider),
            ("upstream.page", DoctorParty.Provider),
            ("upstream.redirects", DoctorParty.Provider),
            ("upstream.road-error", DoctorParty.OtherExchange),
            ("upstream.limited", DoctorParty.OtherExchange),
        ];
        foreach (var (code, party) in faults)
        {
            await InjectAsync(code);
            var root = (await LookAsync()).Root;
            Assert.Equal((code, party), (root?.Code, root?.Party));
            _gateway.State = "ok";
            await MoveToAsync(Answering("HTTP/1.1 403 Forbidden"));
        }

        Assert.Null((await LookAsync()).Root);
    }

    [Fact]
    public async Task An_agreement_that_waits_says_for_whom_and_one_without_keys_says_so()
    {
        var bare = await _place.SubsystemAsync(OneStopHead, "khong-khoa", ExchangeUnits.OneStop, withKey: false);
        var draft = await _place.DraftAgreementAsync(bare, _service);
        Assert.Equal("agreement.unsigned", (await LookAsync(draft)).Root!.Code);
        (await _place.As<MakeAgreement>(LandOwner).SignAsync(draft, null, AgreementSide.Provider, null, Cancellation)).Expect();
        Assert.Equal(("agreement.unsigned.consumer", DoctorParty.Consumer), ((await LookAsync(draft)).Root!.Code, (await LookAsync(draft)).Root!.Party));
        (await _place.As<MakeAgreement>(OneStopHead).SignAsync(draft, null, AgreementSide.Consumer, null, Cancellation)).Expect();
        Assert.Equal("identity.none", (await LookAsync(draft)).Root!.Code);
        var ahead = await _place.AgreementInForceAsync(await _place.SubsystemAsync(OneStopHead, "sap-toi", ExchangeUnits.OneStop), _service, new(2026, 12, 20), new(2027, 12, 20));
        Assert.Equal("agreement.ahead", (await LookAsync(ahead)).Root!.Code);
    }

    [Fact]
    public async Task One_bad_address_of_two_is_a_warning_because_calls_go_to_the_other()
    {
        await MoveToAsync(Answering("HTTP/1.1 403 Forbidden"), $"http://127.0.0.1:{FreePort()}");
        var found = await LookAsync();
        Assert.True(found.IsWell);
        Assert.Equal(("reach.refused", DoctorVerdict.Warn), (found.Root!.Code, found.Root.Verdict));
    }

    [Fact]
    public async Task Whoever_has_no_part_in_the_agreement_learns_nothing_of_it() =>
        Assert.Equal("exchange.agreement.unknown", (await _place.As<DiagnoseConnection>(Stranger).HandleAsync(_agreement, Cancellation)).Refusal?.Code);

    private async Task InjectAsync(string code)
    {
        var date = _place.Clock.GetUtcNow();
        switch (code)
        {
            case "agreement.terminated": (await _place.As<StopSharing>(LandOwner).TerminateAsync(new() { Agreement = _agreement, Ground = TerminationGround.PurposeEnded, Notice = "Hết mục đích", LegalBasis = Basis }, Cancellation)).Expect(); break;
            case "agreement.expired": await MoveClockAsync(TimeSpan.FromDays(400)); break;
            case "agreement.suspended": (await _place.As<StopSharing>(LandOwner).SuspendAsync(new() { Agreement = _agreement, Cause = SuspensionCause.Incident, Notice = "Sự cố" }, Cancellation)).Expect(); break;
            case "service.suspended": (await _place.As<StopSharing>(LandOwner).SuspendAsync(new() { Service = _service, Cause = SuspensionCause.Incident, Notice = "Sự cố" }, Cancellation)).Expect(); break;
            case "service.provider-closed": (await _place.As<KeepSubsystems>(LandHead).CloseAsync((await _place.BookAsync()).Services[_service].Provider, null, "Đóng", Cancellation)).Expect(); break;
            case "identity.closed": (await _place.As<KeepSubsystems>(OneStopHead).CloseAsync(_consumer, null, "Đóng", Cancellation)).Expect(); break;
            case "identity.revoked": (await _place.As<KeepSubsystems>(OneStopHead).RevokeAsync(_consumer, (await _place.BookAsync()).Credentials.Of(_consumer)[0].Id, "Lộ", Cancellation)).Expect(); break;
            case "identity.expired":
                var brief = await _place.SubsystemAsync(OneStopHead, "ngan-han", ExchangeUnits.OneStop, withKey: false);
                (await _place.As<KeepSubsystems>(OneStopHead).AddCredentialAsync(new() { Subsystem = brief, Kind = CredentialKind.SpkiThumbprint, Key = Thumbprint("ngan"), Label = "máy", ValidFrom = new(2026, 11, 1), ValidUntil = new(2026, 12, 1) }, Cancellation)).Expect();
                _agreement = await _place.AgreementInForceAsync(brief, _service);
                await MoveClockAsync(TimeSpan.FromDays(30));
                break;
            case "routes.behind": _agreement = await _place.AgreementInForceAsync(await _place.SubsystemAsync(OneStopHead, "moi", ExchangeUnits.OneStop), _service); break;
            case "routes.over": await MoveClockAsync(TimeSpan.FromDays(60), publish: false); break;
            case "routes.unreadable": ForgetKey(); break;
            case "gateway.not-running": _gateway.State = "address-in-use"; break;
            case "gateway.log-stopped": _gateway.State = "log-stopped"; break;
            case "quota.used-up": await UseUpAsync(); break;
            case "dns.unknown": await MoveToAsync("http://khong-co.invalid:8080"); break;
            case "reach.refused": await MoveToAsync($"http://127.0.0.1:{FreePort()}"); break;
            case "tls.expired": await MoveToAsync(Secure(date.AddDays(-90), date.AddDays(-1))); break;
            case "tls.not-yet": await MoveToAsync(Secure(date.AddDays(1), date.AddDays(90))); break;
            case "tls.untrusted":
                using (var other = Authority("CN=Other roots")) await MoveToAsync(Secure(date.AddDays(-1), date.AddDays(90), other));
                break;
            case "tls.name": await MoveToAsync(Secure(date.AddDays(-1), date.AddDays(90), name: "khac.example")); break;
            case "tls.failed": await MoveToAsync(Answering("HTTP/1.1 400 Bad Request").Replace("http:", "https:", StringComparison.Ordinal)); break;
            case "tls.timeout": await MoveToAsync(Serving((_, end) => Task.Delay(Timeout.Infinite, end)).Replace("http:", "https:", StringComparison.Ordinal)); break;
            case "clock.skew": await MoveToAsync(Answering("HTTP/1.1 403 Forbidden", TimeSpan.FromMinutes(-7))); break;
            case "upstream.timeout": await MoveToAsync(Serving((_, end) => Task.Delay(Timeout.Infinite, end))); break;
            case "upstream.broken": await MoveToAsync(Serving((stream, end) => stream.ReadAtLeastAsync(new byte[4], 1, throwOnEndOfStream: false, end).AsTask())); break;
            case "upstream.not-http": await MoveToAsync(Serving(async (stream, end) => { await stream.ReadAtLeastAsync(new byte[4_096], 1, throwOnEndOfStream: false, end); await stream.WriteAsync("SSH-2.0-OpenSSH_9.2\r\n\r\n"u8.ToArray(), end); })); break;
            case "upstream.down": await MoveToAsync(Answering("HTTP/1.1 503 Service Unavailable")); break;
            case "upstream.errors": await MoveToAsync(Answering("HTTP/1.1 500 Internal Server Error")); break;
            case "upstream.page": await MoveToAsync(Answering("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8")); break;
            case "upstream.redirects": await MoveToAsync(Answering("HTTP/1.1 302 Found\r\nLocation: http://khac.example/")); break;
            case "upstream.road-error": await MoveToAsync(Answering("HTTP/1.1 500 Internal Server Error\r\nX-Road-Error: server.clientproxy.ssl_authentication_failed")); break;
            case "upstream.limited": await MoveToAsync(Answering("HTTP/1.1 429 Too Many Requests")); break;
            default: throw new ArgumentOutOfRangeException(nameof(code), code, null);
        }
    }

    private async Task<Diagnosis> LookAsync(AgreementId? agreement = null) => (await _place.As<DiagnoseConnection>(LandOwner).HandleAsync(agreement ?? _agreement, Cancellation)).Expect();

    private Task<long> PublishRoutesAsync() => _place.Services.GetRequiredService<PublishRoutes>().HandleAsync(Cancellation);

    /// <summary>Time passes; the provider's clock goes with it, and its address answers as before.</summary>
    private async Task MoveClockAsync(TimeSpan by, bool publish = true)
    {
        _place.Clock.Advance(by);
        await MoveToAsync(Answering("HTTP/1.1 403 Forbidden"));
        if (publish) await PublishRoutesAsync();
    }

    private async Task MoveToAsync(params string[] addresses)
    {
        var book = await _place.BookAsync();
        var (service, said) = (book.Services[_service], book.Of(_service));
        (await _place.As<KeepServices>(LandSteward).HandleAsync(Service(service.Provider, service.Code) with { Id = _service, Version = service.Version, Name = said.Name, Upstreams = addresses }, Cancellation)).Expect();
    }

    private void ForgetKey()
    {
        var key = _place.Services.GetRequiredService<RouteKey>();
        File.Delete(key.PrivateFile);
        File.Delete(key.PublicFile);
    }

    private async Task UseUpAsync()
    {
        var revision = (await _place.BookAsync()).AgreementRevisions.Of(_agreement)[^1];
        (await _place.As<MakeAgreement>(LandSteward).AmendAsync(_agreement, null, Items(revision.ValidFrom, revision.ValidUntil) with { QuotaPerDay = 5, Reason = "Hạn mức" }, Cancellation)).Expect();
        await _place.SignAsync(_agreement);
        await PublishRoutesAsync();
        var code = (await _place.BookAsync()).Agreements[_agreement].Code;
        await using var db = await _place.OpenAsync();
        db.Add(new SharedBudget { Id = "a:" + code, Day = Vietnamese.DayOf(_place.Clock.GetUtcNow()).DayNumber, Granted = 5 });
        await db.SaveChangesAsync(Cancellation);
    }

    private string Answering(string head, TimeSpan skew = default) => Serving(async (stream, end) =>
    {
        await stream.ReadAtLeastAsync(new byte[4_096], 1, throwOnEndOfStream: false, end);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\nDate: {(_place.Clock.GetUtcNow() + skew).ToString("R", CultureInfo.InvariantCulture)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), end);
    });

    private string Secure(DateTimeOffset from, DateTimeOffset until, X509Certificate2? ca = null, string name = "localhost")
    {
        var certificate = Certificate(ca ?? _ca, name, from, until);
        return Serving(async (stream, end) =>
        {
            await using var secure = new SslStream(stream);
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end);
            await secure.ReadAtLeastAsync(new byte[4_096], 1, throwOnEndOfStream: false, end);
        }).Replace("http://127.0.0.1", "https://localhost", StringComparison.Ordinal);
    }

    private string Serving(Func<NetworkStream, CancellationToken, Task> script)
    {
        var server = new Scripted(script);
        _servers.Add(server);
        return server.Address;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private static X509Certificate2 Certificate(X509Certificate2 ca, string name, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(ca, from, until, RandomNumberGenerator.GetBytes(12));
        using var own = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class FakeGateway : IReadiness
    {
        public string Part => "gateway";

        public string State { get; set; } = "ok";
    }

    /// <summary>A server that does with each connection what the test says, and ends with it.</summary>
    private sealed class Scripted : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _loop;

        public Scripted(Func<NetworkStream, CancellationToken, Task> script)
        {
            _listener.Start();
            _loop = Task.Run(async () =>
            {
                var open = new List<Task>();
                try
                {
                    while (true) open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token), script));
                }
                catch (OperationCanceledException) { /* The test is over. */ }

                await Task.WhenAll(open);
            });
        }

        public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        private async Task ServeAsync(TcpClient client, Func<NetworkStream, CancellationToken, Task> script)
        {
            using (client)
            {
                try { await script(client.GetStream(), _end.Token); }
                catch (Exception fault) when (fault is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException) { /* The doctor hung up. */ }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _loop;
            _listener.Stop();
            _end.Dispose();
        }
    }
}
