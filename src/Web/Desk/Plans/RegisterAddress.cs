using LienThong.Kernel;
using LienThong.Platform.Plans;
using LienThong.Platform.Shared;
using Microsoft.AspNetCore.Http;

namespace LienThong.Web.Desk.Plans;

/// <summary>The register's address and the filter it stands for. A board writes the same address from the same filter, so its number is the length of this list.</summary>
internal sealed record RegisterAddress(TaskFilter Filter, TaskSort Sort, bool Descending, int Page)
{
    public const string Path = "/nhiem-vu";

    /// <summary>A choice of the form that stands for two dates.</summary>
    public const string ThisMonth = "ThisMonth";

    public static RegisterAddress Read(HttpContext http, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(http);
        var query = http.Request.Query;
        var filter = TaskFilter.Read(key => query[key]);

        // One choice list offers units and classes; a class says so by its prefix.
        if (query["lead"].FirstOrDefault() is ['c', ':', .. var rest] && UnitClassId.TryParse(rest, out var unitClass)) filter = filter with { LeadClass = unitClass };
        if (query["is"].Contains(ThisMonth))
        {
            var month = ReportingPeriod.Containing(PeriodKind.Month, filter.AsOf ?? WorkCalendar.Today(clock));
            filter = filter with { DueFrom = month.From, DueTo = month.To };
        }

        return new RegisterAddress(
            filter,
            Enum.TryParse<TaskSort>(query["sort"], ignoreCase: true, out var sort) && Enum.IsDefined(sort) ? sort : TaskSort.Document,
            query["desc"] == "1",
            int.TryParse(query["trang"], out var page) ? Math.Clamp(page, 1, 100_000) : 1);
    }

    public string To(TaskFilter filter, TaskSort? sort = null, bool? descending = null)
    {
        var parts = new List<string>();
        if (filter.ToQuery() is { Length: > 0 } conditions) parts.Add(conditions);
        if ((sort ?? Sort) is var by and not TaskSort.Document) parts.Add("sort=" + by);
        if (descending ?? Descending) parts.Add("desc=1");
        return parts.Count == 0 ? Path : Path + "?" + string.Join('&', parts);
    }
}
