using LienThong.Platform.Shared;

namespace LienThong.Web.Shell;

/// <summary>One entry of the main menu. <paramref name="Words"/> is a key of ShellText.</summary>
public sealed record MenuItem(string Section, string Href, string Words, Permission Needs)
{
    public static IReadOnlyList<MenuItem> All { get; } =
    [
        new("my-work", "/viec-cua-toi", "nav.my-work", Permission.ViewTasks),
        new("board", "/bang-dieu-hanh", "nav.board", Permission.ViewBoard),
        new("tasks", "/nhiem-vu", "nav.tasks", Permission.ViewTasks),
        new("plans", "/ke-hoach", "nav.plans", Permission.ViewTasks),
        new("connections", "/ket-noi", "nav.connections", Permission.ViewSharing),
        new("exchange", "/dich-vu", "nav.exchange", Permission.ViewServices),
        new("units", "/don-vi", "nav.units", Permission.ViewRegistry),
        new("admin", "/quan-tri", "nav.admin", Permission.ViewJobs),
    ];
}
