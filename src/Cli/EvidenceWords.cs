using System.CommandLine;
using LienThong.Gateway.Log;

namespace LienThong.Cli;

/// <summary>The words by which a log is told its witnesses and its time-stamp authority, the same wherever a gateway runs.</summary>
internal sealed class EvidenceWords
{
    private readonly Option<string[]> _witnesses = new("--witness") { Description = "Nhân chứng của nhật ký: ĐỊA_CHỈ,KHÓA (dòng khóa mà lienthong witness in ra); nêu ít nhất hai nơi không cùng người vận hành.", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _authority = new("--tsa") { Description = "Địa chỉ bên cấp dấu thời gian (RFC 3161)." };
    private readonly Option<string[]> _authorityCa = new("--tsa-ca") { Description = "Chứng thư gốc (PEM) của bên cấp dấu thời gian.", DefaultValueFactory = _ => [] };
    private readonly Option<int> _every = new("--tsa-minutes") { Description = "Bao nhiêu phút xin một dấu thời gian.", DefaultValueFactory = _ => 60 };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _witnesses, _authority, _authorityCa, _every }) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            foreach (var text in result.GetValue(_witnesses) ?? [])
            {
                if (Peer(text) is null) result.AddError($"Nhân chứng phải ghi ĐỊA_CHỈ,KHÓA: {text}");
            }

            if (result.GetValue(_authority) is { } address && !Uri.TryCreate(address, UriKind.Absolute, out _)) result.AddError($"Địa chỉ bên cấp dấu thời gian không đúng: {address}");
            if (result.GetResult(_every) is { Implicit: false } && result.GetValue(_every) is < 1 or > 1_440) result.AddError("--tsa-minutes từ 1 đến 1440.");
        });
    }

    public LogEvidenceOptions Read(ParseResult result) => new()
    {
        Witnesses = [.. result.GetValue(_witnesses)!.Select(w => Peer(w)!)],
        Authority = result.GetValue(_authority) is { } address ? new Uri(address) : null,
        AuthorityRoots = [.. GatewayVerb.Certificates(result.GetValue(_authorityCa)!)],
        StampEvery = TimeSpan.FromMinutes(result.GetValue(_every)),
    };

    /// <summary>Begins it for a log that was just opened; null when nobody was named.</summary>
    public static async Task<LogEvidence?> StartAsync(SealedLog log, LogEvidenceOptions options, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (options.IsEmpty) return null;
        var evidence = new LogEvidence(log, options, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) }, clock, loggers);
        await evidence.StartAsync(cancellationToken);
        return evidence;
    }

    private static WitnessPeer? Peer(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && Uri.TryCreate(text[..comma].TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && NoteKey.TryParse(text[(comma + 1)..], out var key) && key.Algorithm is NoteAlgorithm.Cosignature
            ? new WitnessPeer(key, address)
            : null;
    }
}
