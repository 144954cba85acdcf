using System.Globalization;
using LienThong.Kernel;
using LienThong.Platform.Exchange;
using LienThong.Platform.Shared;
using LienThong.Platform.Storage;
using LienThong.Web.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace LienThong.Web.Desk.Exchange;

/// <summary>What the pages of the exchange need beside themselves: the registers as workbooks, and the documents of services.</summary>
public static class ExchangeDesk
{
    public static void MapExchangeDesk(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/he-thong/xlsx", async (HttpContext http, FindSystems find, IStringLocalizer<ExchangeText> text, CancellationToken cancellationToken) => Sheet(
            await find.AllAsync(new() { Query = Asked(http, "q"), Layer = Choice<ArchitectureLayer>(http, "lop"), MineOnly = Asked(http, "cua-toi") == "1" }, cancellationToken), "he-thong", text["systems.title"],
            [(text["system.code"], 18), (text["system.name"], 44), (text["system.owner"], 40), (text["system.operator"], 40), (text["system.layer"], 26), (text["system.importance"], 16), (text["system.ipv6"], 14), (text["system.personal"], 18), (text["system.services"], 10), (text["system.connections"], 12)],
            r => [r.Code, r.Name, r.OwnerName, r.OperatorName, text["layer." + r.Layer], text["importance." + r.Importance], text["ipv6." + r.Ipv6], text["personal." + r.PersonalData], Number(r.Services), Number(r.Connections)])).Require(Permission.ViewServices).ExcludeFromDescription();

        routes.MapGet("/dich-vu/xlsx", async (HttpContext http, FindServices find, IStringLocalizer<ExchangeText> text, CancellationToken cancellationToken) => Sheet(
            await find.AllAsync(new() { Query = Asked(http, "q"), State = Choice<ServiceState>(http, "tt"), Method = Choice<ConnectionMethod>(http, "pt") }, cancellationToken), "dich-vu", text["services.title"],
            [(text["service.code"], 26), (text["service.name"], 44), (text["service.provider"], 40), (text["service.dataset"], 40), (text["service.method"], 26), (text["service.version"], 10), (text["state"], 18), (text["service.consumers"], 12)],
            r => [r.Code, r.Name, r.UnitName, r.Dataset, text["method." + r.Method], r.VersionLabel ?? "", text["service-state." + r.State], Number(r.Consumers)])).Require(Permission.ViewServices).ExcludeFromDescription();

        routes.MapGet("/yeu-cau-chia-se/xlsx", async (HttpContext http, FindRequests find, IStringLocalizer<ExchangeText> text, CancellationToken cancellationToken) => Sheet(
            await find.AllAsync(new() { Query = Asked(http, "q"), State = Choice<RequestState>(http, "tt"), Side = Choice<SharingSide>(http, "ben") ?? SharingSide.Any, LateOnly = Asked(http, "qua-han") == "1" }, cancellationToken), "yeu-cau-chia-se", text["requests.title"],
            [(text["request.code"], 16), (text["request.consumer"], 40), (text["service.provider"], 40), (text["request.service"], 40), (text["request.purpose"], 60), (text["state"], 18), (text["request.sent"], 12), (text["request.due"], 12), (text["request.answered"], 12), (text["request.late"], 10)],
            r => [r.Code, r.ConsumerName, r.ProviderName, r.ServiceName, r.Purpose, text["request-state." + r.Standing.State], Day(r.Standing.SentOn), Day(r.Standing.Due), Day(r.Standing.AnsweredOn), r.Standing.IsLate ? text["yes"] : ""])).Require(Permission.ViewSharing).ExcludeFromDescription();

        routes.MapGet("/thoa-thuan/xlsx", async (HttpContext http, FindAgreements find, IStringLocalizer<ExchangeText> text, CancellationToken cancellationToken) => Sheet(
            await find.AllAsync(new() { Query = Asked(http, "q"), State = Choice<AgreementState>(http, "tt"), Side = Choice<SharingSide>(http, "ben") ?? SharingSide.Any, EndsSoonOnly = Asked(http, "sap-het") == "1" }, cancellationToken), "thoa-thuan", text["agreements.title"],
            [(text["agreement.code"], 16), (text["request.consumer"], 40), (text["service.provider"], 40), (text["request.service"], 40), (text["service.version"], 10), (text["state"], 18), (text["from"], 12), (text["until"], 12)],
            r => [r.Code, r.ConsumerName, r.ProviderName, r.ServiceName, Number(r.Major), text["agreement-state." + r.State], Vietnamese.Day(r.ValidFrom), Vietnamese.Day(r.ValidUntil)])).Require(Permission.ViewSharing).ExcludeFromDescription();

        routes.MapGet("/van-ban-giay/xlsx", async (HttpContext http, FindLetters find, IStringLocalizer<ExchangeText> text, CancellationToken cancellationToken) => Sheet(
            await find.AllAsync(new() { Query = Asked(http, "q"), SubstitutableOnly = Asked(http, "co-dv") == "1" }, cancellationToken), "van-ban-giay", text["letters.title"],
            [(text["letter.document"], 24), (text["letter.dated"], 12), (text["letter.from"], 40), (text["letter.to"], 40), (text["letter.text"], 70), (text["letter.service"], 40)],
            r => [r.Letter.Document, Vietnamese.Day(r.Letter.Dated), r.FromName, r.ToName, r.Letter.Text, r.ServiceName ?? ""])).Require(Permission.ViewSharing).ExcludeFromDescription();

        // Somebody else's file: always a download, never sniffed, without a type of its own to run as.
        routes.MapGet("/dich-vu/{id:guid}/tai-lieu/{version:guid}", async (Guid id, Guid version, FindServices find, BlobStore blobs, CancellationToken cancellationToken) =>
            (await find.DocumentAsync(new DataServiceId(id), new ServiceVersionId(version), cancellationToken)).IsGranted(out var found, out var refusal)
                ? Results.File(blobs.Open(found.Sha256), "application/octet-stream", $"mo-ta-{found.Label}.{(found.Kind is Platform.Exchange.Interfaces.InterfaceKind.Soap ? "wsdl" : "json")}")
                : refusal.AsProblem()).Require(Permission.ViewServices).ExcludeFromDescription();
    }

    private static IResult Sheet<T>(Result<IReadOnlyList<T>> result, string file, string name, IReadOnlyList<(string Header, double Width)> columns, Func<T, IReadOnlyList<string>> row) =>
        result.IsGranted(out var rows, out var refusal) ? Results.File(PlainSheet.Write(Name(name), columns, rows.Select(row)), PlainSheet.ContentType, file + ".xlsx") : refusal.AsProblem();

    /// <summary>A sheet's name has at most 31 characters.</summary>
    private static string Name(string name) => name.Length > 31 ? name[..31] : name;

    private static string Asked(HttpContext http, string name) => http.Request.Query[name].ToString().Trim();

    private static T? Choice<T>(HttpContext http, string name) where T : struct, Enum => Enum.TryParse<T>(Asked(http, name), out var choice) && Enum.IsDefined(choice) ? choice : null;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Day(DateOnly? day) => day is { } known ? Vietnamese.Day(known) : "";
}
