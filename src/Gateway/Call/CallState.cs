using System.Security.Cryptography;
using LienThong.Gateway.Admission;
using LienThong.Gateway.Forward;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;

namespace LienThong.Gateway.Call;

/// <summary>What one call knows of itself; used again by later calls with its buffers.</summary>
internal sealed class CallState : IDisposable
{
    /// <summary>A body up to this size is read whole before anything is sent, so that it can be sent again, and an answer up to this size waits whole for its evidence.</summary>
    public const int SmallBytesMax = 64 * 1024;

    public HttpContext Http = null!;
    public Guid Id;
    public long Began;
    public bool IsRoad;

    /// <summary>A SOAP message, which is also the X-Road face with its codes; its header says what the address says elsewhere.</summary>
    public bool IsSoap;
    public SoapHeader? Soap;
    public ErrorDialect Dialect;
    public RouteIndex Index = null!;
    public Subsystem? Consumer;
    public bool IsByToken;
    public Service? Service;
    public string ServiceName = "";
    public Agreement? Agreement;
    public BudgetAnswer Budget;

    /// <summary>Address as sent; and where in it the path for the provider begins, and the query.</summary>
    public string Target = "";
    public int RestFrom;

    /// <summary>The address as it was sent, where it was written anew; null where <see cref="Target"/> is it.</summary>
    public string? Asked;

    /// <summary>What the port of another exchange prepared for this call.</summary>
    public byte[] PortHeaders = [];
    public int QueryFrom;

    /// <summary>The caller's message id; null when it sent none and the exchange made one.</summary>
    public string? RoadId;

    public bool HasRequestBody;
    public long RequestBytes;
    public bool IsRequestWhole;
    public long ResponseBytes;
    public string? RequestHash;

    public readonly CallDigests Digests = new();
    public readonly PooledBytes Head = new(2_048);
    public readonly PooledBytes Body = new(4_096);
    public readonly PooledBytes Answer = new(4_096);
    public int KeptFrom;
    public int KeptUntil;
    public int RequestIdUntil;
    public IncrementalHash? BodyHash;

    public void Dispose()
    {
        Digests.Dispose();
        BodyHash?.Dispose();
    }

    public void Reset()
    {
        (Http, Index, Consumer, Service, Agreement, RoadId, RequestHash) = (null!, null!, null, null, null, null, null);
        (IsSoap, Soap, Asked, PortHeaders) = (false, null, null, []);
        (IsByToken, HasRequestBody, RequestBytes, IsRequestWhole, ResponseBytes, ServiceName, Target, Dialect) = (false, false, 0, false, 0, "", "", ErrorDialect.Road78);
        Budget = default;
        BodyHash?.Dispose();
        BodyHash = null;
        Digests.Reset();
        Head.Clear();
        Body.Clear();
        Answer.Clear();
    }
}
