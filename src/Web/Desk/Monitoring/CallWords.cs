using LienThong.Kernel;
using LienThong.Platform.Monitoring;
using Microsoft.AspNetCore.Http;

namespace LienThong.Web.Desk.Monitoring;

/// <summary>The question in the address of a list of calls, read once for the page and for the file of the same calls.</summary>
internal static class CallWords
{
    public static FindCalls.Request Request(HttpContext http, DateTimeOffset now)
    {
        string? Asked(string name) => http.Request.Query[name].ToString().Trim() is { Length: > 0 and <= 300 } text ? text : null;
        return new FindCalls.Request
        {
            Period = AskedPeriod.Of(http, now),
            Call = Guid.TryParse(Asked("ma"), out var call) ? call : null,
            Agreement = Asked("tt"),
            Service = Asked("dv"),
            Consumer = Asked("ben"),
            End = Enum.TryParse<CallEnd>(Asked("kq"), out var end) && Enum.IsDefined(end) ? end : null,
            Fault = Asked("loi"),
            WithoutAgreement = Asked("khong-tt") == "1",
            Page = int.TryParse(Asked("trang"), out var page) ? page : 1,
        };
    }

    /// <summary>10/11/2026, 06:42:17,308.</summary>
    public static string At(DateTimeOffset instant) => instant.ToOffset(Vietnamese.Offset).ToString("dd/MM/yyyy, HH:mm:ss,fff", Vietnamese.Culture);
}
