using LienThong.Gateway.Routes;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using Subsystem = LienThong.Platform.Exchange.Subsystem;

namespace LienThong.Unit.Exchange;

/// <summary>Deeds in any order on a book in memory, and an account of the rights they give, kept by hand from the rule in words.</summary>
internal sealed class RandomSharing
{
    private sealed class Wording
    {
        public required Guid Id { get; init; }
        public required DateOnly From { get; init; }
        public required DateOnly Until { get; init; }
        public (DateTimeOffset At, UserId By)? Consumer { get; set; }
        public (DateTimeOffset At, UserId By)? Provider { get; set; }
    }

    private sealed class Pact
    {
        public required DataSharingAgreement Head { get; init; }
        public List<Wording> Wordings { get; } = [];
        public DateTimeOffset? End { get; set; }
        public List<(DateTimeOffset From, DateTimeOffset? Until)> Stops { get; } = [];
    }

    private static readonly RouteNaming Naming = new("VN-TEST", new Dictionary<OrgUnitId, string>());
    private static readonly OrgUnitId Provider = ExchangeUnits.Land;
    private readonly Random _random;
    private readonly List<Subsystem> _consumers = [];
    private readonly List<DataService> _services = [];
    private readonly List<Pact> _pacts = [];
    private readonly HashSet<SubsystemId> _closed = [];
    private readonly HashSet<DataServiceId> _withdrawn = [];
    private readonly Dictionary<DataServiceId, List<(DateTimeOffset From, DateTimeOffset? Until)>> _serviceStops = [];
    private ExchangeBook _book = ExchangeBook.Empty;
    private DateTimeOffset _now = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);
    private long _number;
    private RouteSnapshot _held, _cutOff;

    public RandomSharing(int seed)
    {
        _random = new Random(seed);
        var reading = Platform.Exchange.Interfaces.OpenApiReading.Read(ExchangeWorld.Bytes(ExchangeWorld.OpenApi)).ToJson();
        var subsystems = new Dictionary<SubsystemId, Subsystem>();
        for (var i = 0; i < 6; i++)
        {
            var isProvider = i == 0;
            var subsystem = new Subsystem
            {
                Id = new(New()),
                System = new(New()),
                Unit = isProvider ? Provider : ExchangeUnits.OneStop,
                Name = "s",
                MemberClass = "GOV",
                MemberCode = isProvider ? "NNMT" : "TTPVHCC",
                Code = "s" + i,
                CreatedAt = _now,
            };
            subsystems[subsystem.Id] = subsystem;
            if (!isProvider) _consumers.Add(subsystem);
        }

        var services = new Dictionary<DataServiceId, DataService>();
        for (var i = 0; i < 4; i++)
        {
            var service = new DataService { Id = new(New()), Code = "dv" + i, ServiceCode = "dv" + i, Provider = subsystems.Values.First().Id, Unit = Provider, CreatedAt = _now };
            services[service.Id] = service;
            _services.Add(service);
            _serviceStops[service.Id] = [];
            var version = new ServiceVersion
            {
                Id = new(New()),
                Service = service.Id,
                Number = 1,
                Stamp = 1,
                At = _now,
                By = default,
                ByName = "",
                ByUnit = Provider,
                Major = 1,
                Minor = 0,
                Patch = 0,
                Kind = Platform.Exchange.Interfaces.InterfaceKind.Rest,
                Sha256 = "",
                Bytes = 0,
                Reading = reading,
            };
            var said = new ServiceRevision
            {
                Id = New(),
                Service = service.Id,
                Number = 1,
                Stamp = 1,
                At = _now,
                By = default,
                ByName = "",
                ByUnit = Provider,
                Name = "dv",
                Dataset = "d",
                Method = ConnectionMethod.Query,
                Audience = ServiceAudience.Agencies,
                IsVerificationOnly = false,
                Contact = "c",
                Upstreams = ["http://a"],
                TimeoutMilliseconds = 1_000,
                RequestBytesMax = 1,
                ResponseBytesMax = 1,
                RetriesIdempotent = false,
            };
            _book = _book with { ServiceVersions = _book.ServiceVersions.With([version], v => v.Service, v => v.Number), ServiceRevisions = _book.ServiceRevisions.With([said], r => r.Service, r => r.Number) };
            Happened(service.Id.Value, ExchangeEventKind.Published, target: version.Id.Value);
        }

        _book = _book with { Subsystems = subsystems, Services = services };
        _held = _cutOff = Make();
    }

    public int Unfounded { get; private set; }
    public int Missing { get; private set; }
    public int RightsSeen { get; private set; }
    public int Deeds { get; private set; }

    public void Step()
    {
        if (_random.Next(3) == 0) Pass(TimeSpan.FromMinutes(_random.Next(1, 2_000)));
        else
        {
            Do();
            Deeds++;
            _held = _cutOff = Make();
        }

        var made = Make();
        foreach (var consumer in _consumers)
        {
            foreach (var service in _services)
            {
                var founded = IsFounded(consumer, service);
                if (founded) RightsSeen++;
                foreach (var snapshot in new[] { made, _held })
                {
                    if (Opens(snapshot, consumer, service) && !founded) Unfounded++;
                    if (!Opens(snapshot, consumer, service) && founded) Missing++;
                }

                if (Opens(_cutOff, consumer, service) && !founded) Unfounded++;
            }
        }
    }

    /// <summary>Lets the clock run; the durable job publishes at each boundary on the way.</summary>
    private void Pass(TimeSpan by)
    {
        var until = _now + by;
        while (RouteMaking.NextBoundary(_book, _now) is { } boundary && boundary <= until)
        {
            _now = boundary;
            _held = Make();
        }

        _now = until;
    }

    private void Do()
    {
        var pact = _pacts.Count == 0 ? null : _pacts[_random.Next(Math.Max(0, _pacts.Count - 12), _pacts.Count)];
        switch (_random.Next(20))
        {
            case 0 or 1 or 2 or 3: Draft(); break;
            case 4 when pact is not null: Word(pact); break;
            case < 11 when pact is not null: Sign(pact, AgreementSide.Consumer); break;
            case < 17 when pact is not null: Sign(pact, AgreementSide.Provider); break;
            case 17 when pact is not null:
                if (_random.Next(3) == 0) Stop(pact.Head.Id.Value, pact.Stops); else Resume(pact.Head.Id.Value, pact.Stops);
                break;
            case 18:
                var service = _services[_random.Next(_services.Count)];
                if (_random.Next(3) == 0) Stop(service.Id.Value, _serviceStops[service.Id]); else Resume(service.Id.Value, _serviceStops[service.Id]);
                break;
            case 19 when pact is not null && _random.Next(3) == 0:
                var end = _now.AddMinutes(_random.Next(0, 5_000));
                if (pact.End is null || end < pact.End) pact.End = end;
                Happened(pact.Head.Id.Value, ExchangeEventKind.Terminated, from: end);
                break;
            case 19 when _random.Next(60) == 0 && _closed.Count < 2:
                _closed.Add(_consumers[_closed.Count].Id);
                Happened(_consumers[_closed.Count - 1].Id.Value, ExchangeEventKind.SubsystemClosed);
                break;
            case 19 when _random.Next(60) == 0 && _withdrawn.Count < 1:
                _withdrawn.Add(_services[0].Id);
                Happened(_services[0].Id.Value, ExchangeEventKind.Withdrawn);
                break;
        }
    }

    /// <summary>The slices allow one living agreement for a pair; so does this.</summary>
    private void Draft()
    {
        var (consumer, service) = (_consumers[_random.Next(_consumers.Count)], _services[_random.Next(_services.Count)]);
        if (_pacts.Any(p => p.Head.ConsumerSubsystem == consumer.Id && p.Head.Service == service.Id && !(p.End <= _now) && p.Wordings.Any(w => Vietnamese.EndOf(w.Until) > _now))) return;
        var head = new DataSharingAgreement
        {
            Id = new(New()),
            Code = $"TT-{_pacts.Count:00000}",
            Request = new(New()),
            Consumer = ExchangeUnits.OneStop,
            ConsumerSubsystem = consumer.Id,
            Provider = Provider,
            Service = service.Id,
            Major = 1,
            CreatedAt = _now,
        };
        _pacts.Add(new Pact { Head = head });
        _book = _book with { Agreements = new Dictionary<AgreementId, DataSharingAgreement>(_book.Agreements) { [head.Id] = head } };
        Word(_pacts[^1]);
    }

    private void Word(Pact pact)
    {
        // Once an agreement is over the slices let nobody amend it back to life beside its successor.
        if (pact.Wordings.Count > 0 && pact.Wordings.All(w => Vietnamese.EndOf(w.Until) <= _now)) return;
        var from = Vietnamese.DayOf(_now).AddDays(_random.Next(-3, 4));
        var wording = new Wording { Id = New(), From = from, Until = from.AddDays(_random.Next(0, 45)) };
        pact.Wordings.Add(wording);
        var revision = new AgreementRevision
        {
            Id = wording.Id,
            Agreement = pact.Head.Id,
            Number = pact.Wordings.Count,
            Stamp = 1,
            At = _now,
            By = default,
            ByName = "",
            ByUnit = Provider,
            Purpose = "p",
            LegalBasis = "b",
            Fields = [],
            Operations = [],
            Method = ConnectionMethod.Query,
            RatePerSecond = 1,
            Burst = 1,
            QuotaPerDay = 1,
            ValidFrom = wording.From,
            ValidUntil = wording.Until,
            RetentionDays = 1,
            Deletion = "d",
            Protection = "p",
            Bodies = default,
            NeedsReceipt = false,
            Duties = "d",
        };
        _book = _book with { AgreementRevisions = _book.AgreementRevisions.With([revision], r => r.Agreement, r => r.Number) };
    }

    /// <summary>Signs some wording for some side by one of three persons, also again and also for both sides: nonsense must open nothing.</summary>
    private void Sign(Pact pact, AgreementSide side)
    {
        var wording = pact.Wordings[^(1 + (_random.Next(8) == 0 && pact.Wordings.Count > 1 ? 1 : 0))];
        var by = new UserId(new Guid(_random.Next(3) + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]));
        if (side is AgreementSide.Consumer) wording.Consumer ??= (_now, by); else wording.Provider ??= (_now, by);
        Happened(pact.Head.Id.Value, ExchangeEventKind.SignatureGiven, target: wording.Id, word: side.ToString(), by: by);
    }

    private void Stop(Guid subject, List<(DateTimeOffset From, DateTimeOffset? Until)> stops)
    {
        var from = _random.Next(2) == 0 ? _now : _now.AddMinutes(_random.Next(1, 4_000));
        DateTimeOffset? until = _random.Next(4) == 0 ? null : from.AddMinutes(_random.Next(1, 2_000));
        stops.Add((from, until));
        Happened(subject, ExchangeEventKind.SuspensionAnnounced, from: from, until: until, word: nameof(SuspensionCause.Incident));
    }

    private void Resume(Guid subject, List<(DateTimeOffset From, DateTimeOffset? Until)> stops)
    {
        for (var i = 0; i < stops.Count; i++)
        {
            if (stops[i].From <= _now && !(stops[i].Until <= _now)) stops[i] = (stops[i].From, _now);
        }

        Happened(subject, ExchangeEventKind.Resumed);
    }

    /// <summary>The rule in words: the newest wording that both sides signed, by two persons, and that has begun, is within its days; nothing ended or stopped it, and both ends stand.</summary>
    private bool IsFounded(Subsystem consumer, DataService service)
    {
        if (_closed.Contains(consumer.Id) || _withdrawn.Contains(service.Id)) return false;
        if (_serviceStops[service.Id].Any(s => s.From <= _now && !(s.Until <= _now))) return false;
        foreach (var pact in _pacts)
        {
            if (pact.Head.ConsumerSubsystem != consumer.Id || pact.Head.Service != service.Id || pact.End <= _now) continue;
            if (pact.Stops.Any(s => s.From <= _now && !(s.Until <= _now))) continue;
            for (var i = pact.Wordings.Count - 1; i >= 0; i--)
            {
                var wording = pact.Wordings[i];
                if (wording.Consumer is not { } c || wording.Provider is not { } p || c.By == p.By) continue;
                var begins = new[] { c.At, p.At, Vietnamese.StartOf(wording.From) }.Max();
                if (begins > _now) continue;
                if (_now < Vietnamese.EndOf(wording.Until)) return true;
                break;
            }
        }

        return false;
    }

    /// <summary>As a gateway asks: is there an agreement of this caller for this service, begun, not over, not stopped, and is the service open?</summary>
    private bool Opens(RouteSnapshot snapshot, Subsystem consumer, DataService service) =>
        snapshot.Agreements.Any(a => a.Consumer == consumer.Identifier(Naming.Instance) && a.Service == service.Code && a.ValidFrom <= _now && _now < a.ValidUntil && !(a.SuspendedFrom <= _now))
        && snapshot.Services.Any(s => s.Code == service.Code && s.State is LienThong.Gateway.Routes.ServiceState.Open);

    private RouteSnapshot Make() => RouteMaking.Make(_book, ++_number, _now, Naming, TimeSpan.FromDays(7));

    private void Happened(Guid subject, ExchangeEventKind kind, DateTimeOffset? from = null, DateTimeOffset? until = null, Guid? target = null, string? word = null, UserId by = default)
    {
        var fact = new ExchangeEvent { Number = ++_number, Subject = subject, Kind = kind, At = _now, By = by, ByName = "", ByUnit = default, EffectiveFrom = from, EffectiveUntil = until, Target = target, Word = word };
        _book = _book with { Events = _book.Events.With([fact], e => e.Subject, e => e.Number) };
    }

    private Guid New()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
