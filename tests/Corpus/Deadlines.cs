namespace LienThong.Corpus;

/// <summary>One way a deadline is written and every defensible reading of it.</summary>
/// <param name="Defect">The family of the defect that this wording is, if it is one.</param>
/// <param name="Typed">In a workbook the cell is a real date.</param>
public sealed record DeadlineForm(string Text, DeadlineTruth Truth, string? Defect = null, DateOnly? Typed = null);

/// <summary>Deadlines in the words of offices (monitoring §4, requirements §4.2): each method draws one.</summary>
public sealed class Deadlines(Dice dice, DateOnly issued, bool issueDateKnown, bool heldSet)
{
    private static readonly string[] Roman = ["", "I", "II", "III", "IV"];

    private int Year => issued.Year;

    /// <summary>A day after the issue, within fourteen months, on which no counting is ambiguous.</summary>
    private DateOnly Day() => issued.AddDays(dice.Between(35, 420));

    private string Short(DateOnly d) => dice.Below(heldSet ? 7 : 5) switch
    {
        0 or 1 or 2 => $"{d.Day}/{d.Month}/{d.Year}",
        3 => $"{d.Day:00}/{d.Month:00}/{d.Year}",
        4 => $"{d.Day:00}/{d.Month}/{d.Year}",
        5 => $"{d.Day:00}-{d.Month:00}-{d.Year}",
        _ => $"{d.Day:00}.{d.Month:00}.{d.Year}",
    };

    private string Long(DateOnly d) => dice.Below(2) == 0 ? $"ngày {d.Day:00} tháng {d.Month:00} năm {d.Year}" : $"ngày {d.Day} tháng {d.Month} năm {d.Year}";

    private static DateOnly EndOfMonth(int year, int month) => new(year, month, DateTime.DaysInMonth(year, month));

    private static DateOnly EndOfQuarter(int year, int quarter) => EndOfMonth(year, quarter * 3);

    private static DeadlineTruth Just(string text, string rule, DateOnly? date, bool? recurring = null) => new(text, [new(rule, date)], false, recurring);

    private static DeadlineTruth Any(string text, params Due[] dues) => new(text, dues);

    /// <summary>A future (year, quarter).</summary>
    private (int Year, int Quarter) Quarter()
    {
        var day = Day();
        return (day.Year, (day.Month + 2) / 3);
    }

    public DeadlineForm On()
    {
        var d = Day();
        if (dice.Chance(40)) d = new DateOnly(Year, 12, 31) is var end && end > issued.AddDays(30) ? end : new DateOnly(Year + 1, 6, 30);
        var text = dice.Below(heldSet ? 9 : 7) switch
        {
            0 or 1 or 2 or 3 => Short(d),
            4 => "Ngày " + Short(d),
            5 => char.ToUpperInvariant(Long(d)[0]) + Long(d)[1..],
            6 => $"{d.Day} /{d.Month}/ {d.Year}",
            7 => "Hoàn thành ngày " + Short(d),
            _ => Short(d) + ".",
        };
        return new(text, Just(text, "on", d), null, text.Length <= 10 && text.Contains('/') ? d : null);
    }

    public DeadlineForm Inclusive()
    {
        var d = Day();
        var text = dice.Of<string>(["Chậm nhất ngày ", "Đến hết ngày ", "Không quá ngày ", "Chậm nhất là ngày ", "Xong chậm nhất "]) + Short(d);
        return new(text, Any(text, new("on", d), new("before", d)));
    }

    public DeadlineForm Before()
    {
        var d = Day();
        var text = dice.Of<string>(heldSet
            ? ["Trước ngày {0}", "Xong trước {0}", "Hoàn thành trước {0}", "Thực hiện trước ngày {0}", "Trình trước ngày {0}"]
            : ["Trước ngày {0}", "Hoàn thành trước ngày {0}", "trước {0}", "Trước {0}"]).Replace("{0}", dice.Chance(15) ? Long(d).Replace("ngày ", "", StringComparison.Ordinal) : Short(d), StringComparison.Ordinal);
        return new(text, Just(text, "before", d.AddDays(-1)));
    }

    public DeadlineForm Month()
    {
        var d = Day();
        var (y, m) = (d.Year, d.Month);
        var text = dice.Of<string>(heldSet
            ? [$"Trong tháng {m}/{y}", $"Tháng {m:00} năm {y}", $"Hết tháng {m}/{y}", $"T{m}/{y}", $"Tháng {m:00}/ {y}", $"Hoàn thành trong tháng {m} năm {y}", $"Chậm nhất tháng {m}/{y}"]
            : [$"Tháng {m}/{y}", $"Tháng {m:00}/{y}", $"Trong tháng {m} năm {y}", $"{m}/{y}", $"{m:00}/{y}", $"Trong tháng {m:00}/{y}"]);
        return new(text, Just(text, "in-month", EndOfMonth(y, m)));
    }

    public DeadlineForm BeforeMonth()
    {
        var d = Day().AddMonths(1);
        if (dice.Chance(70))
        {
            var text = dice.Of<string>([$"Trước tháng {d.Month}/{d.Year}", $"Hoàn thành trước tháng {d.Month} năm {d.Year}"]);
            return new(text, Just(text, "before-month", new DateOnly(d.Year, d.Month, 1).AddDays(-1)));
        }

        var quarter = (d.Month + 2) / 3;
        var before = $"Trước Quý {Roman[quarter]}/{d.Year}";
        var date = new DateOnly(d.Year, quarter * 3 - 2, 1).AddDays(-1);
        return new(before, Any(before, new("before-month", date), new("before", date), new("in-quarter", date)));
    }

    public DeadlineForm InQuarter()
    {
        var (y, q) = Quarter();
        var text = dice.Of<string>(heldSet
            ? [$"Quý {Roman[q]} năm {y}", $"Quý {q}/{y}", $"Q{q}/{y}", $"Hết Quý {Roman[q]}/{y}", $"Quý {Roman[q]}-{y}", $"Hoàn thành trong quý {Roman[q]}/{y}", $"QUÝ {Roman[q]}/{y}"]
            : [$"Quý {Roman[q]}/{y}", $"Quý {Roman[q]}/{y}", $"quý {q}/{y}", $"Trong quý {Roman[q]} năm {y}", $"Quý {Roman[q]}, năm {y}"]);
        return new(text, Just(text, "in-quarter", EndOfQuarter(y, q)));
    }

    public DeadlineForm Half()
    {
        var y = issued.Month <= 4 ? Year : Year + 1;
        var (text, date) = dice.Below(3) switch
        {
            0 => ($"6 tháng đầu năm {y}", new DateOnly(y, 6, 30)),
            1 => ($"06 tháng đầu năm {y}", new DateOnly(y, 6, 30)),
            _ => ($"6 tháng cuối năm {y}", new DateOnly(y, 12, 31)),
        };
        return new(text, Any(text, new Due("*", date)));
    }

    public DeadlineForm InYear()
    {
        var y = Year + dice.Below(2);
        return dice.Below(heldSet ? 7 : 5) switch
        {
            0 => Simple($"Năm {y}", y),
            1 => Simple($"{y}", y),
            2 => Simple($"{y} - {y + 2}", y + 2),
            3 => Simple($"Giai đoạn {y} - {y + 3}", y + 3),
            4 => Simple($"Trong năm {y}", y),
            5 => Simple($"Đến năm {y + 3}", y + 3),
            _ => Simple($"Hết năm {y}", y),
        };

        static DeadlineForm Simple(string text, int year) => new(text, Just(text, "in-year", new(year, 12, 31)));
    }

    public DeadlineForm Continuous()
    {
        var text = dice.Of<string>(heldSet
            ? ["Thường xuyên, liên tục", "Liên tục", "Thực hiện thường xuyên", "Nhiệm vụ thường xuyên", "TX", "Thường xuyên trong năm"]
            : ["Thường xuyên", "Thường xuyên", "Thường xuyên, liên tục", "Thực hiện thường xuyên"]);
        return text == "Thường xuyên trong năm"
            ? new(text, Any(text, new("continuous", null), new("in-year", new DateOnly(Year, 12, 31)), new("continuous", new DateOnly(Year, 12, 31))))
            : new(text, Any(text, new Due("continuous", null)));
    }

    public DeadlineForm Start()
    {
        var (y, q) = Quarter();
        var text = dice.Of<string>([$"Từ Quý {Roman[q]}/{y}", $"Từ năm {Year} và các năm tiếp theo", "Kể từ khi Kế hoạch có hiệu lực và thường xuyên", $"Bắt đầu từ 01/{q * 3}/{y}"]);
        return new(text, Any(text, new("continuous", null), new("after-event", null), new("none", null)));
    }

    public DeadlineForm Annual()
    {
        var text = dice.Of<string>(["Hằng năm", "Hàng năm", "Định kỳ hằng năm", "Thực hiện hằng năm"]);
        return new(text, Any(text, new("annual", null), new("periodic", null)));
    }

    public DeadlineForm AnnualBefore()
    {
        var (d, m) = dice.Of<(int, int)>([(25, 12), (10, 12), (15, 11), (20, 12)]);
        var text = dice.Of<string>([$"Trước ngày {d}/{m} hằng năm", $"Định kỳ trước ngày {d}/{m} hàng năm", $"Trước {d}/{m} hằng năm"]);
        var first = new DateOnly(Year, m, d).AddDays(-1);
        if (first < issued) first = first.AddYears(1);
        return new(text, Any(text, new("annual-before", null), new("annual-before", first)));
    }

    public DeadlineForm Periodic()
    {
        var text = dice.Of<string>(heldSet
            ? ["Hằng quý", "Định kỳ hằng tháng", "Định kỳ 06 tháng, năm", "Hàng tuần", "Hằng tháng, trước ngày 20", "Ngày 05 hằng tháng"]
            : ["Hằng quý", "Hằng tháng", "Định kỳ hằng quý", "Định kỳ 6 tháng, hằng năm", "Báo cáo định kỳ hằng quý"]);
        return new(text, Any(text, new("periodic", null), new("annual", null)));
    }

    public DeadlineForm FirstThenPeriodic()
    {
        var d = Day();
        var text = $"Báo cáo lần đầu trước ngày {Short(d)}, sau đó {dice.Of<string>(["hằng quý", "hằng tháng"])}";
        return new(text, new(text, [new("before", d.AddDays(-1)), new("periodic", d.AddDays(-1))], false, true));
    }

    public DeadlineForm FromIssue()
    {
        var days = dice.Of<int>([15, 20, 30, 45, 60, 90]);
        var text = dice.Of<string>([$"{days} ngày kể từ ngày ban hành Kế hoạch", $"Trong vòng {days} ngày kể từ ngày Kế hoạch được ban hành", $"{days} ngày, kể từ ngày ban hành"]);
        return new(text, Just(text, "from-issue-date", issueDateKnown ? issued.AddDays(days) : null));
    }

    public DeadlineForm FromIssueWorking()
    {
        var days = dice.Of<int>([5, 7, 10]);
        var text = $"{days:00} ngày làm việc kể từ ngày ban hành";
        var date = issued;
        for (var left = days; left > 0;)
        {
            date = date.AddDays(1);
            if (date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) left--;
        }

        return issueDateKnown
            ? new(text, Any(text, new("from-issue-date", date), new("from-issue-date", null)))
            : new(text, Just(text, "from-issue-date", null));
    }

    public DeadlineForm AfterEvent()
    {
        var text = dice.Of<string>(heldSet
            ? ["Trong 10 ngày làm việc sau khi hợp đồng được ký", "Sau khi được bố trí kinh phí", "30 ngày sau khi Nghị định có hiệu lực", "Ngay sau khi có hướng dẫn của Bộ Công an"]
            : ["15 ngày kể từ khi có hướng dẫn của bộ, ngành", "Sau khi Chính phủ ban hành Nghị định", "07 ngày làm việc sau khi nhận được văn bản của Bộ"]);
        return new(text, Just(text, "after-event", null));
    }

    public DeadlineForm OnRequest()
    {
        var text = dice.Of<string>(["Theo yêu cầu", "Khi có yêu cầu", "Khi phát sinh", "Khi có phát sinh"]);
        return new(text, Any(text, new Due("*", null)));
    }

    public DeadlineForm OtherPlan()
    {
        var text = dice.Of<string>(heldSet
            ? ["Theo lộ trình của Bộ Khoa học và Công nghệ", "Theo tiến độ dự án được duyệt", "Theo kế hoạch của Trung ương", "Theo quy định"]
            : ["Theo kế hoạch của cơ quan cấp trên", "Theo tiến độ dự án", "Theo Kế hoạch của Bộ Công an"]);
        return text == "Theo quy định" ? new(text, Any(text, new("by-other-plan", null), new("none", null))) : new(text, Just(text, "by-other-plan", null));
    }

    public DeadlineForm Done()
    {
        var d = issued.AddDays(-dice.Between(10, 60));
        var text = Short(d) + dice.Of<string>(["\n(Đã hoàn thành; tiếp tục triển khai thực hiện)", " (đã hoàn thành, tiếp tục duy trì)"]);
        return new(text, new(text, [new("on", d)], true), "deadline.before-issue");
    }

    public DeadlineForm ThenContinuous()
    {
        var d = Day();
        var (y, q) = Quarter();
        return dice.Below(3) switch
        {
            0 => Recurring($"Hoàn thành trước ngày {Short(d)}, sau đó duy trì thường xuyên", "before", d.AddDays(-1)),
            1 => Recurring($"Quý {Roman[q]}/{y} và duy trì thường xuyên", "in-quarter", EndOfQuarter(y, q)),
            _ => Recurring($"{Short(d)} và thường xuyên", "on", d),
        };

        static DeadlineForm Recurring(string text, string rule, DateOnly date) => new(text, new(text, [new(rule, date)], false, true));
    }

    public static DeadlineForm Missing() => new("", Any("", new Due("none", null)), "deadline.missing");

    public DeadlineForm Vague()
    {
        var text = dice.Of<string>(["Sớm", "Ngay", "Cuối năm", "Đầu tháng", "Càng sớm càng tốt"]);
        return new(text, Any(text, new Due("*", null)), "deadline.vague");
    }

    public DeadlineForm DurationOnly()
    {
        var text = dice.Of<string>(heldSet ? ["30", "15 ngày", "03 tháng", "45"] : ["7", "20", "10 ngày", "02 tháng"]);
        return new(text, Any(text, new("duration", null), new("none", null)), "deadline.duration");
    }

    public DeadlineForm Impossible()
    {
        var y = Year + 1;
        var text = dice.Of<string>([$"31/6/{y}", $"30/02/{y}", $"31/9/{y}", $"31/11/{y}", $"32/12/{y}", $"15/13/{y}"]);
        return new(text, Any(text, new Due("*", null)), "deadline.impossible");
    }

    public DeadlineForm BeforeIssue()
    {
        var d = issued.AddDays(-dice.Between(15, 120));
        var text = $"{d.Day}/{d.Month}/{d.Year}";
        return new(text, Just(text, "on", d), "deadline.before-issue");
    }

    public DeadlineForm Serial()
    {
        var d = Day();
        var text = (d.DayNumber - new DateOnly(1899, 12, 30).DayNumber).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new(text, Just(text, "on", d), "deadline.serial");
    }

    public DeadlineForm YearMissing()
    {
        // The plan's own year is the only reading, and only while it is still ahead; leaving the date open is as honest.
        if (issued.Month <= 9 && dice.Chance(60))
        {
            var text = "Quý IV";
            return new(text, Any(text, new("in-quarter", new(Year, 12, 31)), new("in-quarter", null)), "deadline.year-missing");
        }

        var late = "31/12";
        return new(late, Any(late, new("on", new(Year, 12, 31)), new("on", null), new("none", null)), "deadline.year-missing");
    }

    public static DeadlineForm AgencyText(string agency) => new(agency, Any(agency, new Due("none", null), new Due("*", null)), "deadline.agency-text");

    /// <summary>Longer phrases in which one date is the deadline and the others are not.</summary>
    public DeadlineForm Span()
    {
        var d = Day();
        var start = issued.AddDays(20);
        return dice.Below(heldSet ? 9 : 5) switch
        {
            0 => One($"Từ {start.Day:00}/{start.Month}/{start.Year} đến {d.Day:00}/{d.Month}/{d.Year}", "on", d),
            1 => One($"Từ tháng {start.Month}/{start.Year} đến tháng {d.Month}/{d.Year}", "in-month", EndOfMonth(d.Year, d.Month)),
            2 => One($"{start.Month:00}/{start.Year} - {d.Month:00}/{d.Year}", "in-month", EndOfMonth(d.Year, d.Month)),
            3 => One($"{Short(d).TrimEnd('.')} (theo Kế hoạch số 12/KH-UBND ngày 03/02/{Year})", "on", d),
            4 => TwoSteps(),
            5 => One($"Quý II - IV/{Year + 1}", "in-quarter", new(Year + 1, 12, 31)),
            6 => Bounded(),
            7 => ByHour(),
            _ => One($"Tháng 6 - 7/{Year + 1}", "in-month", new(Year + 1, 7, 31)),
        };

        static DeadlineForm One(string text, string rule, DateOnly date) => new(text, Just(text, rule, date));

        DeadlineForm TwoSteps()
        {
            var text = $"Khảo sát: Quý II/{Year + 1}; tổng kết: Quý IV/{Year + 1}";
            return new(text, Any(text, new("in-quarter", new(Year + 1, 12, 31)), new("*", null)));
        }

        DeadlineForm Bounded()
        {
            var text = $"Sau khi có hướng dẫn của Bộ, chậm nhất ngày {d.Day:00}/{d.Month}/{d.Year}";
            return new(text, Any(text, new("on", d), new("before", d), new("after-event", d)));
        }

        DeadlineForm ByHour()
        {
            var text = $"Trước 17 giờ 00 ngày {d.Day:00}/{d.Month}/{d.Year}";
            return new(text, Any(text, new("on", d), new("before", d), new("before", d.AddDays(-1))));
        }
    }

    /// <summary>A draw from the ordinary mix of an office.</summary>
    public DeadlineForm Draw(string mix) => mix switch
    {
        "dates" => dice.Below(20) switch { < 11 => On(), < 14 => Before(), < 16 => Continuous(), < 18 => Inclusive(), _ => Month() },
        "quarters" => dice.Below(20) switch { < 9 => InQuarter(), < 12 => InYear(), < 15 => Continuous(), < 17 => Half(), < 18 => On(), _ => Month() },
        "months" => dice.Below(20) switch { < 10 => Month(), < 13 => BeforeMonth(), < 15 => Continuous(), < 17 => InQuarter(), _ => On() },
        "years" => dice.Below(20) switch { < 14 => InYear(), < 17 => Continuous(), < 19 => Annual(), _ => InQuarter() },
        "words" => dice.Below(24) switch
        {
            0 or 1 => FromIssue(),
            2 => FromIssueWorking(),
            3 or 4 => AfterEvent(),
            5 or 6 => OtherPlan(),
            7 => OnRequest(),
            8 or 9 => Periodic(),
            10 => AnnualBefore(),
            11 => Annual(),
            12 => FirstThenPeriodic(),
            13 => ThenContinuous(),
            14 => Start(),
            15 or 16 => Before(),
            17 => BeforeMonth(),
            18 => Half(),
            19 => Inclusive(),
            20 => Continuous(),
            21 => InYear(),
            _ => Span(),
        },
        _ => dice.Below(30) switch
        {
            < 6 => On(),
            < 8 => Span(),
            < 11 => Before(),
            < 14 => InQuarter(),
            < 17 => Continuous(),
            < 19 => Month(),
            < 21 => InYear(),
            21 => Inclusive(),
            22 => BeforeMonth(),
            23 => Annual(),
            24 => AnnualBefore(),
            25 => Periodic(),
            26 => OtherPlan(),
            27 => ThenContinuous(),
            28 => FromIssue(),
            _ => AfterEvent(),
        },
    };

    /// <summary>A deadline that closes a sentence of prose, and its sentence.</summary>
    public (string Sentence, DeadlineTruth Truth) InProse()
    {
        var d = Day();
        var (y, q) = Quarter();
        return dice.Below(heldSet ? 9 : 7) switch
        {
            0 => ($"Hoàn thành trước ngày {Short(d)}", Just("", "before", d.AddDays(-1))),
            1 => ($"Hoàn thành trong tháng {d.Month} năm {d.Year}", Just("", "in-month", EndOfMonth(d.Year, d.Month))),
            2 => ($"Thời gian hoàn thành: Quý {Roman[q]}/{y}", Just("", "in-quarter", EndOfQuarter(y, q))),
            3 => ($"hoàn thành trong quý {Roman[q]} năm {y}", Just("", "in-quarter", EndOfQuarter(y, q))),
            4 => ($"Hoàn thành trước tháng {d.Month} năm {d.Year}", Just("", "before-month", new DateOnly(d.Year, d.Month, 1).AddDays(-1))),
            5 => ($"chậm nhất ngày {Short(d)}", Any("", new("on", d), new("before", d))),
            6 => ($"Thời hạn hoàn thành: {Short(d)}", Just("", "on", d)),
            7 => ($"xong trước ngày {Short(d)}", Just("", "before", d.AddDays(-1))),
            _ => ("Nhiệm vụ thường xuyên", Any("", new Due("continuous", null))),
        };
    }
}
