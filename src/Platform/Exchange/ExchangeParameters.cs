using LienThong.Platform.Shared.Parameters;

namespace LienThong.Platform.Exchange;

/// <summary>Terms of the exchange as they hold on one day (requirements §6, share.*); each has its basis in the book of parameters.</summary>
public sealed record ExchangeParameters
{
    public required int PublishWorkingDays { get; init; }
    public required int AnswerWorkingDays { get; init; }
    public required int PlannedNoticeWorkingDays { get; init; }
    public required int ViolationNoticeDays { get; init; }
    public required int DisputePartyWorkingDays { get; init; }
    public required int DisputeStandingBodyWorkingDays { get; init; }
    public required int RoutesValidHours { get; init; }
    public required int CertificateDays { get; init; }

    /// <summary>How long calls that need a receipt go on while the log is behind with its time-stamps or witnesses.</summary>
    public required int UnstampedHours { get; init; }

    /// <summary>Of every agency and of every system: calls in a second and in a day; zero is no limit.</summary>
    public required (int Rate, int Day) AgencyQuota { get; init; }
    public required (int Rate, int Day) SystemQuota { get; init; }

    public static ExchangeParameters Of(ParameterSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return new ExchangeParameters
        {
            PublishWorkingDays = sheet.Number("share.service.publish.days"),
            AnswerWorkingDays = sheet.Number("share.request.answer.days"),
            PlannedNoticeWorkingDays = sheet.Number("share.suspend.planned.days"),
            ViolationNoticeDays = sheet.Number("share.suspend.violation.days"),
            DisputePartyWorkingDays = sheet.Number("share.dispute.provider.days"),
            DisputeStandingBodyWorkingDays = sheet.Number("share.dispute.specialised.days"),
            RoutesValidHours = sheet.Number("share.routes.valid.hours"),
            CertificateDays = sheet.Number("share.certificate.days"),
            UnstampedHours = sheet.Number("share.evidence.unstamped.hours"),
            AgencyQuota = (sheet.Number("share.quota.agency.rate"), sheet.Number("share.quota.agency.day")),
            SystemQuota = (sheet.Number("share.quota.system.rate"), sheet.Number("share.quota.system.day")),
        };
    }
}
