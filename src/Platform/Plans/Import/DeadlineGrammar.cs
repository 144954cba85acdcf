using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using LienThong.Kernel;

namespace LienThong.Platform.Plans.Import;

/// <summary>What is known around a deadline; nothing of it is ever filled in by assumption.</summary>
public sealed record DeadlineContext
{
    /// <summary>The complete issue date of the plan, when it has one.</summary>
    public DateOnly? IssuedOn { get; init; }

    /// <summary>The plan's own period in years, only where the document says it.</summary>
    public (int From, int To)? Period { get; init; }

    /// <summary>Text of the task, where "nhiệm vụ thường xuyên" may stand beside a date.</summary>
    public string? Content { get; init; }

    /// <summary>Kind of the document ("Công văn"): "kể từ ngày ký Công văn" in a letter means the letter itself.</summary>
    public string? Kind { get; init; }

    public IWorkDays WorkDays { get; init; } = WeekDays.Instance;

    public static DeadlineContext Nothing { get; } = new();
}

/// <param name="Warnings">Code and arguments; the place is added by who knows the cell.</param>
public sealed record DeadlineReading(ExtractedDeadline Deadline, IReadOnlyList<(string Code, object[] Arguments)> Warnings);

/// <summary>
/// The grammar of written deadlines (requirements §4.2, monitoring §4): text in, rule and date out. Pure. It reads text with and without
/// diacritics, and it never makes a date that the words do not fix: a number without a unit of the calendar is a duration, a day without a
/// year stays without a date unless the plan itself names its one year.
/// </summary>
public static partial class DeadlineGrammar
{
    private const int TimeLimit = 2_000;
    private const int TextMax = 2_000;   // A deadline is a phrase; what is longer is a column shift and is cut before any pattern sees it.

    /// <summary>Names of months; "tháng năm", "tháng tư" are taken for one only where a year follows (<see cref="MonthInWords"/>).</summary>
    private static readonly FrozenDictionary<string, int> s_monthNames = new Dictionary<string, int>
    {
        ["gieng"] = 1,
        ["mot"] = 1,
        ["hai"] = 2,
        ["ba"] = 3,
        ["tu"] = 4,
        ["nam"] = 5,
        ["sau"] = 6,
        ["bay"] = 7,
        ["tam"] = 8,
        ["chin"] = 9,
        ["muoi"] = 10,
        ["muoi mot"] = 11,
        ["muoi hai"] = 12,
        ["chap"] = 12,
    }.ToFrozenDictionary();

    private static readonly int[] s_yearsBelieved = [2000, 2099];

    /// <summary>Reads what stands in a deadline cell, or a phrase already known to be a deadline.</summary>
    public static DeadlineReading Read(string? text, DeadlineContext? context = null, DateOnly? typedDate = null, double? typedNumber = null)
    {
        context ??= DeadlineContext.Nothing;
        var written = VietnameseText.Clean(text);
        var reader = new Reader(context);
        try
        {
            return new DeadlineReading(reader.Read(written, typedDate, typedNumber), reader.Warnings);
        }
        catch (RegexMatchTimeoutException)
        {
            // A text no pattern settles in its time is not a deadline anybody reads; the officer is asked.
            return new DeadlineReading(new ExtractedDeadline(written, DeadlineRule.None, null, Confidence: 0.1), [(ImportCodes.UnreadableDeadline, [written])]);
        }
    }

    /// <summary>Whether the text carries anything this grammar reads: used to find the deadline column and the phrase inside prose.</summary>
    public static bool Recognises(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 200) return false;
        var reading = Read(text);
        return reading.Deadline.Rule is not (DeadlineRule.None or DeadlineRule.Duration);
    }

    /// <summary>Folded, with the spacing and the misread digits of dates put right; what the patterns below work on.</summary>
    internal static string Normalise(string text)
    {
        var folded = VietnameseText.Fold(text.Length > TextMax ? text[..TextMax] : text);
        var s = folded.Replace('–', '-').Replace('—', '-').Replace('‐', '-').Replace('‑', '-').Replace('−', '-').Replace('“', '"').Replace('”', '"');
        s = FootnoteMark().Replace(s, " ");

        // Where a day is asked for, "TX" alone is "thường xuyên"; as part of a name it is a town and never stands alone.
        s = ContinuousShort().Replace(s, "thuong xuyen");
        s = HangAsHang().Replace(s, "hang ");
        s = SlashSpaces().Replace(s, "/");
        s = IsoDay().Replace(s, "$3/$2/$1");
        s = MonthRange().Replace(s, "$1 - ");
        s = DottedDay().Replace(s, "$1/$2/$3");
        s = QuarterMisspelt().Replace(s, "quy");
        s = MonthInWords().Replace(s, match => "thang " + s_monthNames[match.Groups[1].Value].ToString(CultureInfo.InvariantCulture));
        s = MisreadDay().Replace(s, match => match.Value.Replace('o', '0').Replace('l', '1').Replace('|', '1').Replace('i', '1'));
        s = SplitYear().Replace(s, "$1$2$3");
        s = LostSlash().Replace(s, "$1$4/$2$5/$3$6");
        s = SplitDay().Replace(s, match => int.Parse(match.Groups[1].Value + match.Groups[2].Value, CultureInfo.InvariantCulture) <= 31
            ? match.Groups[1].Value + match.Groups[2].Value + match.Groups[3].Value : match.Value);
        s = NumberInWords().Replace(s, "$1 ");
        s = RomanMisread().Replace(s, match => match.Groups[1].Value + match.Groups[2].Value.Replace('l', 'i').Replace('1', 'i').Replace('|', 'i'));
        s = HourOfDay().Replace(s, " den het ");

        // "Mỗi tháng 01 phiên", "02 cuộc/quý": how many of what is no part of when.
        s = CountOfCycle().Replace(s, "$1 ");
        s = CountPerCycle().Replace(s, "$1 lan/$2");
        s = VietnameseText.Clean(s);
        return PeriodList().IsMatch(s) ? "dinh ky " + PeriodListVerb().Replace(s, "") : s;
    }

    private enum Grain { Day, Month, Quarter, Half, NineMonths, Year }

    private enum BoundKind { Plain, Exclusive, Start, After }

    /// <summary>One mention of a calendar day or period.</summary>
    private sealed record Mention(int At, int End, Grain Grain, int? Year, int A, int B, bool Impossible = false, int? FromYear = null, bool ShortYear = false, bool List = false)
    {
        public BoundKind Bound { get; set; }

        public int? EffectiveYear { get; set; } = Year;

        public bool YearFromPlan { get; set; }

        public bool YearShared { get; set; }

        /// <summary>The months or quarters of a list, as written ("tháng 3, 6, 9, 12/2026").</summary>
        public IReadOnlyList<int> Parts { get; init; } = [];

        /// <summary>A list of months or quarters with others between them names occasions; one without is a span.</summary>
        public bool HasGaps => List && Parts.Zip(Parts.Skip(1)).Any(pair => pair.Second > pair.First + 1);

        /// <summary>What "trước" stops at: of a list ("trước tháng 6 và tháng 12") the beginning of the last, of a span its own beginning.</summary>
        public DateOnly? Stop(int? year) => (List ? this with { A = B } : this).First(year);

        public DateOnly? First(int? year) => year is not { } y || Impossible ? null : Grain switch
        {
            Grain.Day => Day(y, B, A),
            Grain.Month => new DateOnly(y, A, 1),
            Grain.Quarter => new DateOnly(y, (3 * (A - 1)) + 1, 1),
            Grain.Half => new DateOnly(y, A == 1 ? 1 : 7, 1),
            _ => new DateOnly(y, 1, 1),
        };

        public DateOnly? Last(int? year) => year is not { } y || Impossible ? null : Grain switch
        {
            Grain.Day => Day(y, B, A),
            Grain.Month => new DateOnly(y, B, 1).AddMonths(1).AddDays(-1),
            Grain.Quarter => new DateOnly(y, 3 * B, 1).AddMonths(1).AddDays(-1),
            Grain.Half => new DateOnly(y, A == 1 ? 6 : 12, A == 1 ? 30 : 31),
            Grain.NineMonths => new DateOnly(y, 9, 30),
            _ => new DateOnly(y, 12, 31),
        };

        private static DateOnly? Day(int year, int month, int day) =>
            month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;
    }

    private sealed class Reader(DeadlineContext context)
    {
        private readonly List<(string, object[])> _warnings = [];

        public IReadOnlyList<(string Code, object[] Arguments)> Warnings => _warnings;

        private void Warn(string code, params object[] arguments) => _warnings.Add((code, arguments));

        public ExtractedDeadline Read(string written, DateOnly? typedDate, double? typedNumber)
        {
            var recurring = ContinuousInContent(context.Content);
            if (typedDate is { } typed)
            {
                // A typed date cell may still carry words only when it is text; the type wins over its display format.
                var shown = written.Length > 0 ? written : Vietnamese.Day(typed);
                return new ExtractedDeadline(shown, DeadlineRule.On, typed, recurring ? new Recurrence(RecurrenceCycle.Continuous) : null);
            }

            if (written.Length == 0 || Dashes().IsMatch(written)) return ExtractedDeadline.Missing;

            var s = Normalise(written);
            if (Serial(s, typedNumber) is { } serial)
            {
                Warn(ImportCodes.ExcelSerial, written, serial);
                return new ExtractedDeadline(written, DeadlineRule.On, serial, recurring ? new Recurrence(RecurrenceCycle.Continuous) : null, Confidence: 0.7);
            }

            var done = DoneAlready().IsMatch(s) && GoesOn().IsMatch(s);
            var main = done ? DoneRemark().Replace(s, " ") : s;
            if (done && !main.Any(char.IsDigit)) main = DoneAlready().Replace(s, " ");   // "Đã hoàn thành (30/9/2025), tiếp tục …": the date stands in the remark itself.
            var deadline = Decide(written, VietnameseText.Clean(main), s);
            if (done) deadline = deadline with { CompletedAndContinuing = true, Recurrence = null };
            else if (recurring && deadline.Rule is not (DeadlineRule.Continuous or DeadlineRule.None or DeadlineRule.Periodic or DeadlineRule.Annual or DeadlineRule.AnnualBefore))
            {
                deadline = deadline with { Recurrence = deadline.Recurrence ?? new Recurrence(RecurrenceCycle.Continuous) };
            }

            return deadline;
        }

        private static bool ContinuousInContent(string? content) =>
            content is not null && ContinuousTask().IsMatch(VietnameseText.Fold(content));

        private static DateOnly? Serial(string s, double? typedNumber)
        {
            var value = typedNumber ?? (FiveDigits().IsMatch(s) ? double.Parse(s, CultureInfo.InvariantCulture) : null);

            // 36526 is 01/01/2000 and 73050 is 31/12/2099: no plan of this State is dated outside, and no duration is as long.
            return value is >= 36_526 and <= 73_050 ? new DateOnly(1899, 12, 30).AddDays((int)value.Value) : null;
        }

        private ExtractedDeadline Decide(string written, string s, string whole)
        {
            if (Relative(written, s) is { } relative) return relative;

            // The day of a cited document ("Kế hoạch số 145/KH-UBND ngày 08/5/2023") says when that was signed, never when this is due.
            var cites = CitedDay().IsMatch(s) || CitedDayWithoutNumber().IsMatch(s);
            if (cites) s = CitedDayWithoutNumber().Replace(CitedDay().Replace(s, "${of} "), "${of} ");
            var mentions = Mentions(s);
            var cycle = CycleOf(s);
            var continuous = Continuous().IsMatch(s);
            foreach (var mention in mentions) mention.Bound = BoundOf(s, mention);
            CarryBefore(mentions, s);
            FillYears(mentions, s);
            if (YearsBetween().IsMatch(s))
            {
                // "Hai năm một lần": no cycle of ours is longer than a year; a day beside it is the first time.
                var (_, first, bound) = mentions.FindLast(m => m.EffectiveYear is not null && m.Grain is not Grain.Year && m.Bound is not BoundKind.Start) is { } once ? Outcome(once) : default;
                return new ExtractedDeadline(written, DeadlineRule.Periodic, first, null, Bound: bound, First: first, Confidence: 0.85);
            }

            if (cycle is not null && OfCycle(written, s, cycle.Value, mentions, continuous) is { } periodic) return periodic;
            if (DayOfLastMonth().Match(s) is { Success: true } last && int.Parse(last.Groups["d"].Value, CultureInfo.InvariantCulture) is >= 1 and <= 31 and var dueDay)
            {
                return new ExtractedDeadline(written, DeadlineRule.Periodic, null, new Recurrence(RecurrenceCycle.Quarterly, null, last.Groups["before"].Success && dueDay > 1 ? dueDay - 1 : dueDay), Confidence: 0.95);
            }

            if (DayOfFollowing().Match(s) is { Success: true } following)
            {
                var day = int.Parse(following.Groups["d"].Value, CultureInfo.InvariantCulture);
                var exclusive = following.Groups["before"].Success;
                return new ExtractedDeadline(written, DeadlineRule.Periodic, null,
                    new Recurrence(following.Groups["u"].Value == "quy" ? RecurrenceCycle.Quarterly : RecurrenceCycle.Monthly, null, exclusive ? day - 1 : day, true), Confidence: 0.95);
            }

            // "Theo Kế hoạch kiểm tra năm 2026": the year is the name of that plan.
            if (mentions.Count > 0 && mentions.TrueForAll(m => m.Grain is Grain.Year) && YearOfPlan().IsMatch(s)) return new ExtractedDeadline(written, DeadlineRule.ByOtherPlan, null, Confidence: 0.85);
            if (mentions.Count > 0) return OfMentions(written, s, mentions, continuous);
            if (continuous) return new ExtractedDeadline(written, DeadlineRule.Continuous, null);
            if (Duration().IsMatch(s))
            {
                Warn(ImportCodes.DurationOnly, written);
                var number = DurationNumber().Match(s);
                return new ExtractedDeadline(written, DeadlineRule.Duration, null,
                    Offset: number.Success && int.TryParse(number.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null,
                    OffsetUnit: UnitOf(number.Groups[2].Value), Confidence: 0.6);
            }

            if (ThisYear().IsMatch(s))
            {
                if (context.Period is { } period && period.From == period.To)
                {
                    Warn(ImportCodes.YearFromPlan, written, period.To);
                    return new ExtractedDeadline(written, DeadlineRule.InYear, new DateOnly(period.To, 12, 31), Confidence: 0.7);
                }

                Warn(ImportCodes.YearMissing, written);
                return new ExtractedDeadline(written, DeadlineRule.InYear, null, Confidence: 0.5);
            }

            if (OtherPlan().IsMatch(s) || cites && (CitedAlone().IsMatch(s) || s.StartsWith("theo ", StringComparison.Ordinal))) return new ExtractedDeadline(written, DeadlineRule.ByOtherPlan, null, Confidence: 0.9);
            if (AfterIssue().IsMatch(s)) return new ExtractedDeadline(written, DeadlineRule.FromIssueDate, null, Anchor: written, Confidence: 0.8);
            if (Event().IsMatch(s)) return new ExtractedDeadline(written, DeadlineRule.AfterEvent, null, Anchor: written, Confidence: 0.85);
            if (Vague().IsMatch(s))
            {
                Warn(ImportCodes.VagueDeadline, written);
                return new ExtractedDeadline(written, DeadlineRule.None, null, Confidence: 0.4);
            }

            if (ContinuousWeak().IsMatch(s)) return new ExtractedDeadline(written, DeadlineRule.Continuous, null, Confidence: 0.85);
            Warn(AgencyNames.LooksLikeAgency(written) ? ImportCodes.AgencyInDeadline : ImportCodes.UnreadableDeadline, written);
            return new ExtractedDeadline(written, DeadlineRule.None, null, Confidence: 0.3);
        }

        // ---- offsets: "45 ngày kể từ ngày ban hành", "7 ngày làm việc sau khi hợp đồng được ký" ----

        private ExtractedDeadline? Relative(string written, string s)
        {
            var match = OffsetFirst().Match(s);
            var anchor = match.Groups["anchor"].Value;
            if (!match.Success)
            {
                match = OffsetTail().Match(s);
                if (!match.Success || AnchorBefore(s[..match.Index]) is not { } before) return null;
                anchor = before;
            }

            var number = int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);
            var unit = UnitOf(match.Groups["u"].Value) ?? OffsetUnit.Days;
            anchor = anchor.Trim(' ', ',', '.', ';', '(', ')');
            if (anchor.Length == 0) return null;

            var inAnchor = Mentions(anchor);
            if (inAnchor is [{ Grain: Grain.Day, Year: { } } day] && day.Last(day.Year) is { } from && day.At < 8)
            {
                return new ExtractedDeadline(written, DeadlineRule.AfterEvent, Add(from, number, unit), Anchor: anchor, Offset: number, OffsetUnit: unit, Confidence: 0.85);
            }

            if (inAnchor.Count > 0 && char.IsAsciiDigit(anchor[0])) return null;
            if (!IsIssue(anchor))
            {
                return new ExtractedDeadline(written, DeadlineRule.AfterEvent, null, Anchor: anchor, Offset: number, OffsetUnit: unit, Confidence: 0.95);
            }

            if (context.IssuedOn is not { } issued)
            {
                Warn(ImportCodes.IssueDateUnknown, written);
                return new ExtractedDeadline(written, DeadlineRule.FromIssueDate, null, Anchor: anchor, Offset: number, OffsetUnit: unit, Confidence: 0.9);
            }

            return new ExtractedDeadline(written, DeadlineRule.FromIssueDate, Add(issued, number, unit), Anchor: anchor, Offset: number, OffsetUnit: unit,
                Confidence: anchor.Contains("hieu luc", StringComparison.Ordinal) ? 0.75 : 0.95);
        }

        /// <summary>"sau khi có hướng dẫn, trong vòng" before "15 ngày": what the offset counts from.</summary>
        private static string? AnchorBefore(string before)
        {
            before = OffsetJoint().Replace(before.TrimEnd(), "").TrimEnd(' ', ',');
            foreach (Match from in OffsetFrom().Matches(before))
            {
                var anchor = before[(from.Index + from.Length)..];
                if (anchor.Length is >= 4 and <= 120 && !char.IsAsciiDigit(anchor[0]) && !anchor.Contains(';', StringComparison.Ordinal)) return anchor;
            }

            return null;
        }

        private bool IsIssue(string anchor) => IssueAnchor().IsMatch(anchor)
            || context.Kind is { } kind && VietnameseText.Fold(kind) is var own && anchor.EndsWith(own, StringComparison.Ordinal) && IssueAnchor().IsMatch(anchor[..^own.Length].TrimEnd());

        private DateOnly Add(DateOnly from, int number, OffsetUnit unit) => DeadlineOffset.After(from, number, unit, context.WorkDays);

        private static OffsetUnit? UnitOf(string unit) => unit switch
        {
            "ngay lam viec" => OffsetUnit.WorkingDays,
            "ngay" => OffsetUnit.Days,
            "tuan" => OffsetUnit.Weeks,
            "thang" => OffsetUnit.Months,
            "nam" => OffsetUnit.Years,
            _ => null,
        };

        // ---- recurrence ----

        private static RecurrenceCycle? CycleOf(string s)
        {
            if (CycleYear().IsMatch(s)) return RecurrenceCycle.Annual;
            if (CycleNine().IsMatch(s)) return RecurrenceCycle.NineMonthly;
            if (CycleHalf().IsMatch(s)) return RecurrenceCycle.HalfYearly;
            if (CycleQuarter().IsMatch(s)) return RecurrenceCycle.Quarterly;
            if (CycleMonth().IsMatch(s)) return RecurrenceCycle.Monthly;
            if (CycleFortnight().IsMatch(s)) return RecurrenceCycle.Fortnightly;
            if (CycleWeek().IsMatch(s)) return RecurrenceCycle.Weekly;
            return CycleDay().IsMatch(s) ? RecurrenceCycle.Daily : null;
        }

        private ExtractedDeadline? OfCycle(string written, string s, RecurrenceCycle cycle, List<Mention> mentions, bool continuous)
        {
            // The shortest cycle named is the cycle of reporting: "định kỳ hằng tháng, quý, năm".
            var several = new[]
            {
                (CycleDay().IsMatch(s), RecurrenceCycle.Daily), (CycleWeek().IsMatch(s), RecurrenceCycle.Weekly), (CycleMonth().IsMatch(s), RecurrenceCycle.Monthly),
                (CycleQuarter().IsMatch(s), RecurrenceCycle.Quarterly), (CycleHalf().IsMatch(s), RecurrenceCycle.HalfYearly),
            }.FirstOrDefault(item => item.Item1);
            if (several.Item1) cycle = several.Item2;

            // "báo cáo lần đầu trước ngày 10/4/2027, sau đó hằng quý": a first occurrence with a full date, then the cycle.
            var dated = mentions.FindAll(m => m.EffectiveYear is not null && !m.YearFromPlan && m.Grain is not Grain.Year && m.Bound is not BoundKind.Start);
            if (dated.Count > 0 && cycle is not RecurrenceCycle.Annual | FirstThen().IsMatch(s))
            {
                var (_, first, bound) = Outcome(dated[^1]);
                return new ExtractedDeadline(written, DeadlineRule.Periodic, first, new Recurrence(cycle), Bound: bound, First: first, Confidence: 0.85);
            }

            if (cycle is RecurrenceCycle.Annual)
            {
                // "Trong quý II và duy trì hằng năm": the quarter is when it is done, the years are how it goes on.
                if (dated.Count > 0 || mentions.Exists(m => m.Bound is not BoundKind.Start && m.Grain is not Grain.Year && GoesOnAfter().IsMatch(s[m.End..]))) return null;
                if (mentions.Find(m => m.Grain is not Grain.Year) is { } due)
                {
                    if (due.Impossible && !(due.A == 29 && due.B == 2))
                    {
                        Warn(ImportCodes.ImpossibleDate, written);
                        return new ExtractedDeadline(written, DeadlineRule.Annual, null, new Recurrence(cycle), Confidence: 0.5);
                    }

                    // 2001 is any year without a leap day: only month and day are kept.
                    var last = due.Last(2001) ?? new DateOnly(2001, 2, 28);
                    if (due.Bound is BoundKind.Exclusive)
                    {
                        var before = (due.First(2001) ?? last).AddDays(-1);
                        return new ExtractedDeadline(written, DeadlineRule.AnnualBefore, null, new Recurrence(cycle, before.Month, before.Day), Confidence: 0.95);
                    }

                    return new ExtractedDeadline(written, DeadlineRule.Annual, null, new Recurrence(cycle, last.Month, last.Day), Confidence: 0.9);
                }

                return continuous
                    ? new ExtractedDeadline(written, DeadlineRule.Continuous, null, new Recurrence(cycle), Confidence: 0.85)
                    : new ExtractedDeadline(written, DeadlineRule.Annual, null, new Recurrence(cycle), Start: StartOf(mentions));
            }

            if (continuous && s.StartsWith("thuong xuyen", StringComparison.Ordinal))
            {
                return new ExtractedDeadline(written, DeadlineRule.Continuous, null, new Recurrence(cycle), Confidence: 0.85);
            }

            var dueDay = DayOfCycle().Match(s);
            int? day = dueDay.Success ? int.Parse(dueDay.Groups["d"].Value, CultureInfo.InvariantCulture) : null;
            if (day is > 31 or < 1) { Warn(ImportCodes.ImpossibleDate, written); day = null; }
            if (day is > 1 && dueDay.Groups["before"].Success) day--;
            return new ExtractedDeadline(written, DeadlineRule.Periodic, null,
                new Recurrence(cycle, null, day, NextPeriod().IsMatch(s)), Start: StartOf(mentions), Confidence: 0.95);
        }

        private static DateOnly? StartOf(List<Mention> mentions) =>
            mentions.Find(m => m.Bound is BoundKind.Start) is { } start ? start.First(start.EffectiveYear) : null;

        // ---- calendar mentions ----

        private ExtractedDeadline OfMentions(string written, string s, List<Mention> mentions, bool continuous)
        {
            if (mentions.Any(m => m.Impossible)) Warn(ImportCodes.ImpossibleDate, written);
            if (mentions.Any(m => m.ShortYear)) Warn(ImportCodes.AmbiguousYear, written);

            var ends = mentions.FindAll(m => m.Bound is not (BoundKind.Start or BoundKind.After));
            if (ends.Count == 0)
            {
                // "từ Quý II/2027" has a start and no end.
                var start = mentions[^1];
                var first = start.Bound is BoundKind.After ? start.Last(start.EffectiveYear)?.AddDays(1) : start.First(start.EffectiveYear);
                return new ExtractedDeadline(written, DeadlineRule.Continuous, null, Start: first, Confidence: 0.85);
            }

            if (VagueAt(s, ends[^1]))
            {
                Warn(ImportCodes.VagueDeadline, written);
                return new ExtractedDeadline(written, DeadlineRule.None, null, Start: StartOf(mentions), Confidence: 0.4);
            }

            // A whole plan period beside "thường xuyên" is no due date of a result; a day, month or quarter is (DATE_RECUR).
            if (continuous && ends.TrueForAll(m => m.Grain is Grain.Year) && StartsContinuous().IsMatch(s))
            {
                return new ExtractedDeadline(written, DeadlineRule.Continuous, null, Start: ends[0].First(ends[0].FromYear ?? ends[0].EffectiveYear), Confidence: 0.85);
            }

            var main = Main(ends);
            var (rule, date, bound) = Outcome(main);
            var confidence = 1.0;
            if (main.YearFromPlan) confidence = 0.7;
            if (main.ShortYear) confidence = 0.75;
            if (main.EffectiveYear is null && !main.Impossible)
            {
                Warn(ImportCodes.YearMissing, written);
                confidence = 0.5;
            }
            else if (main.YearFromPlan)
            {
                Warn(ImportCodes.YearFromPlan, written, main.EffectiveYear!.Value);
            }

            if (main.Impossible) confidence = 0.3;
            var milestones = Milestones(written, s, ends);
            if (milestones is not null)
            {
                Warn(ImportCodes.SeveralDeadlines, written);
                confidence = Math.Min(confidence, 0.75);
            }

            else if (Unrelated(s, ends))
            {
                // Two dates side by side without a word between them are of two rows, or one replaced the other: the officer says which.
                Warn(ImportCodes.SeveralDeadlines, written);
                confidence = Math.Min(confidence, 0.5);
            }

            var goesOn = continuous || ThenGoesOn().IsMatch(s);
            return new ExtractedDeadline(written, rule, date, goesOn ? new Recurrence(RecurrenceCycle.Continuous) : null, Bound: bound,
                Start: StartOf(mentions) ?? (main.FromYear is { } from ? new DateOnly(from, 1, 1) : null), Milestones: milestones, Confidence: confidence);
        }

        private static bool Unrelated(string s, List<Mention> ends)
        {
            for (var i = 1; i < ends.Count; i++)
            {
                var (here, next) = (ends[i - 1], ends[i]);
                if (here.Year is null || next.Year is null || here.Last(here.Year) == next.Last(next.Year)) continue;
                var between = s[here.End..next.At].Trim(' ', '(', ')', '.');
                if (between.Length == 0 || between is "truoc" or "truoc ngay" or "ngay" || IsRange(s, here, next) && here.First(here.Year) > next.First(next.Year)) return true;
            }

            return false;
        }

        private static bool VagueAt(string s, Mention mention)
        {
            var before = s[..mention.At];
            return VagueBefore().IsMatch(before) || SchoolYearBefore().IsMatch(before) || mention.Grain is Grain.Year && FeastBefore().IsMatch(before) && !YearItself().IsMatch(before) || mention.Grain is Grain.Year or Grain.Quarter or Grain.Month && EndOfBefore().IsMatch(before);
        }

        private static Mention Main(List<Mention> ends)
        {
            // The last day of all is when the whole is done; one without a date wins only when none has one.
            var best = ends[0];
            foreach (var mention in ends.Skip(1))
            {
                var (_, date, _) = Outcome(mention);
                var (_, bestDate, _) = Outcome(best);
                if (date is null ? bestDate is null && mention.Impossible == best.Impossible : bestDate is null || date >= bestDate) best = mention;
            }

            return best;
        }

        private static List<ExtractedMilestone>? Milestones(string written, string s, List<Mention> ends)
        {
            if (ends.Count < 2 && !ends[0].HasGaps) return null;
            var found = new List<ExtractedMilestone>();
            foreach (var mention in ends.SelectMany(end => end.HasGaps ? end.Parts.Select(part => end with { A = part, B = part, List = false }) : [end]))
            {
                var (rule, date, _) = Outcome(mention);
                found.Add(new ExtractedMilestone(written, rule, date));
            }

            // "tháng 11, tháng 12/2025" written out is one span, not two results: milestones need words between them. Days of a list are days of their own.
            var days = ends.TrueForAll(m => m.Grain is Grain.Day) && ends.Skip(1).Index().All(next => IsList(s, ends[next.Index], next.Item));
            days |= ends.Exists(m => m.HasGaps) || ends.TrueForAll(m => m.Grain is Grain.Month or Grain.Quarter) && ends.Skip(1).Index().All(next => IsList(s, ends[next.Index], next.Item) && IsApart(s, ends[next.Index], next.Item));
            return found.Select(m => m.Date).Distinct().Count() > 1 && (days || Words().Count(written) > 2 * ends.Count + 4) ? found : null;
        }

        /// <summary>"Tháng 5/2026; tháng 6/2026" are two, as are months with others between them; "tháng 11, tháng 12/2025" is one span.</summary>
        private static bool IsApart(string s, Mention here, Mention next) =>
            s[here.End..next.At].Contains(';', StringComparison.Ordinal) || here.Last(here.EffectiveYear) is { } last && next.First(next.EffectiveYear) is { } first && first > last.AddDays(1);

        private static (DeadlineRule Rule, DateOnly? Date, DateOnly? Bound) Outcome(Mention mention)
        {
            var year = mention.EffectiveYear;
            if (mention.Bound is BoundKind.Exclusive)
            {
                var first = mention.Stop(year);
                var rule = mention.Grain is Grain.Day or Grain.Year ? DeadlineRule.Before : DeadlineRule.BeforeMonth;
                return (rule, first?.AddDays(-1), first);
            }

            return (mention.Grain switch
            {
                Grain.Day => DeadlineRule.On,
                Grain.Month => DeadlineRule.InMonth,
                Grain.Year => DeadlineRule.InYear,
                _ => DeadlineRule.InQuarter,
            }, mention.Last(year), null);
        }

        private static BoundKind BoundOf(string s, Mention mention)
        {
            var before = s[..mention.At];
            if (ExclusiveBefore().IsMatch(before)) return BoundKind.Exclusive;

            // "từ tháng 9 đến tháng 11/2025" was read as one mention and has its end in itself.
            if (StartBefore().IsMatch(before)) return mention.Grain is Grain.Month or Grain.Quarter && mention.B > mention.A ? BoundKind.Plain : BoundKind.Start;
            if (AfterBefore().IsMatch(before)) return BoundKind.After;
            return OnwardsAfter().IsMatch(s[mention.End..]) ? BoundKind.Start : BoundKind.Plain;
        }

        /// <summary>"Trước 15/7 và 15/12/2026": the word stands once for every day of the list.</summary>
        private static void CarryBefore(List<Mention> mentions, string s)
        {
            for (var i = 1; i < mentions.Count; i++)
            {
                var (here, next) = (mentions[i - 1], mentions[i]);
                if (here.Bound is BoundKind.Exclusive && next.Bound is BoundKind.Plain && here.Grain == next.Grain && IsList(s, here, next)) next.Bound = BoundKind.Exclusive;
            }
        }

        private static bool IsList(string s, Mention here, Mention next) => ListBetween().IsMatch(s[here.End..next.At]);

        /// <summary>"30/11 - 05/12/2025" and "Quý II, Quý IV năm 2026" share one written year; else the plan's one year, else none.</summary>
        private void FillYears(List<Mention> mentions, string s)
        {
            for (var i = mentions.Count - 2; i >= 0; i--)
            {
                var (here, next) = (mentions[i], mentions[i + 1]);
                if (here.EffectiveYear is not null || next.EffectiveYear is not { } year || here.Grain is Grain.Year) continue;
                if (s[here.End..next.At].Contains('.', StringComparison.Ordinal) && here.Grain != next.Grain) continue;
                here.EffectiveYear = here.First(year) > next.First(year) && here.Bound is BoundKind.Start or BoundKind.Plain && IsRange(s, here, next) && here.First(year) > next.First(year) ? year - 1 : year;
                here.YearShared = true;
            }

            // "năm 2026: Quý II khảo sát, Quý IV tổng kết": a leading year governs what follows.
            if (mentions is [{ Grain: Grain.Year, Year: { } leading, FromYear: null }, ..] && mentions.Count > 1 && mentions.Skip(1).All(m => m.EffectiveYear is null))
            {
                foreach (var mention in mentions.Skip(1)) mention.EffectiveYear = leading;
                mentions.RemoveAt(0);
            }

            if (context.Period is not { } period || period.From != period.To) return;

            // "Quý II/202": the words had a year of their own, though it is cut off; no other year stands for it.
            if (YearCutOff().IsMatch(s)) return;

            // "Trước ngày 31/01 năm sau" is none of the plan's own year, and which year it is depends on when the duty is done.
            foreach (var mention in mentions.Where(m => m.EffectiveYear is null && !m.Impossible && !YearAfter().IsMatch(s[m.End..])))
            {
                mention.EffectiveYear = period.To;
                mention.YearFromPlan = true;
            }
        }

        private static bool IsRange(string s, Mention here, Mention next) => RangeBetween().IsMatch(s[here.End..next.At]);

        private static List<Mention> Mentions(string s)
        {
            var found = new List<Mention>();
            var rest = s.ToCharArray();
            void Take(Regex pattern, Func<Match, Mention?> make)
            {
                foreach (Match match in pattern.Matches(new string(rest)))
                {
                    if (make(match) is not { } mention) continue;
                    found.Add(mention);
                    Array.Fill(rest, '\u0001', match.Index, match.Length);   // A mention is read once; later patterns see a wall.
                }
            }

            static int Int(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
            static int? Optional(Match match, string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : null;
            static bool Believed(int? year) => year is null || (year >= s_yearsBelieved[0] && year <= s_yearsBelieved[1]);

            Mention? Day(Match m)
            {
                var (d, month, year) = (Int(m, "d"), Int(m, "m"), Optional(m, "y"));
                var shortYear = m.Groups["y"].Length == 2;
                // Two digits stand for a year of this plan's time or for something else entirely; 15 is no year of a deadline.
                if (shortYear && (year += 2000) < 2020) return null;
                if (!Believed(year)) return null;

                // Without a year, 2/4 may be a fraction; only what can be a day of some month is taken for one, and 31/6 for a mistake.
                var impossible = month is < 1 or > 12 || d < 1 || d > DateTime.DaysInMonth(year ?? 2000, Math.Clamp(month, 1, 12));
                if (impossible && year is null && (month is < 1 or > 12 || d is < 1 or > 31)) return null;
                return new Mention(m.Index, m.Index + m.Length, Grain.Day, year, d, month, impossible, ShortYear: shortYear);
            }

            Mention? Month(Match m)
            {
                var from = Int(m, "m");
                var to = m.Groups["n"].Success ? m.Groups["n"].Captures.Select(c => int.Parse(c.Value, CultureInfo.InvariantCulture)).Last() : from;
                var year = Optional(m, "y");
                if (!Believed(year)) return null;
                var impossible = from is < 1 or > 12 || to is < 1 or > 12;
                return new Mention(m.Index, m.Index + m.Length, Grain.Month, year, impossible ? 1 : from, impossible ? 1 : to, impossible, List: to > from && !SpanInside().IsMatch(m.Value))
                {
                    Parts = [from, .. m.Groups["n"].Captures.Select(c => int.Parse(c.Value, CultureInfo.InvariantCulture))],
                };
            }

            Mention? Quarter(Match m)
            {
                var from = QuarterOf(m.Groups["q"].Value);
                var to = m.Groups["r"].Success ? QuarterOf(m.Groups["r"].Captures[^1].Value) : from;
                var year = Optional(m, "y");
                return from == 0 || to == 0 || !Believed(year) ? null : new Mention(m.Index, m.Index + m.Length, Grain.Quarter, year, from, to, List: to > from && !SpanInside().IsMatch(m.Value))
                {
                    Parts = [from, .. m.Groups["r"].Captures.Select(c => QuarterOf(c.Value))],
                };
            }

            Take(DayInFull(), Day);
            Take(DayInWords(), Day);
            Take(HalfYear(), m => Optional(m, "y") is var year && Believed(year)
                ? new Mention(m.Index, m.Index + m.Length, m.Groups["nine"].Success ? Grain.NineMonths : Grain.Half, year, m.Groups["last"].Success ? 2 : 1, 0) : null);
            Take(MonthWithYear(), Month);
            Take(QuarterWithYear(), Quarter);
            Take(QuarterImpossible(), m => new Mention(m.Index, m.Index + m.Length, Grain.Quarter, Optional(m, "y"), 1, 1, Impossible: true));
            Take(MonthSlashYear(), Month);
            Take(DayShortYear(), Day);
            Take(DayWithoutYear(), Day);
            Take(DayWithoutYearInWords(), Day);
            Take(QuarterWithoutYear(), Quarter);
            Take(MonthWithoutYear(), Month);
            Take(YearSpan(), m => Believed(Int(m, "a")) && Believed(Int(m, "b")) && Int(m, "b") >= Int(m, "a")
                ? new Mention(m.Index, m.Index + m.Length, Grain.Year, m.Groups["b"].Captures.Max(c => int.Parse(c.Value, CultureInfo.InvariantCulture)), 0, 0, FromYear: Int(m, "a")) : null);
            Take(YearAlone(), m => Believed(Int(m, "y")) ? new Mention(m.Index, m.Index + m.Length, Grain.Year, Int(m, "y"), 0, 0) : null);
            found.Sort((a, b) => a.At.CompareTo(b.At));
            return found;
        }

        private static int QuarterOf(string text) => text switch
        {
            "1" or "01" or "i" or "mot" or "dau" => 1,
            "2" or "02" or "ii" or "hai" => 2,
            "3" or "03" or "iii" or "ba" => 3,
            "4" or "04" or "iv" or "tu" or "bon" => 4,
            _ => 0,
        };
    }

    // ---- patterns, all on folded text ----

    [GeneratedRegex(@"\[\s*(footnoteref)?\s*:?\s*\d+\s*\]", RegexOptions.None, TimeLimit)]
    private static partial Regex FootnoteMark();

    [GeneratedRegex(@"\bhan?g\s+(?=(ngay|tuan|thang|quy|nam)\b)", RegexOptions.None, TimeLimit)]
    private static partial Regex HangAsHang();

    [GeneratedRegex(@"(?<=[\dol|])\s*/\s*(?=[\dol|])", RegexOptions.None, TimeLimit)]
    private static partial Regex SlashSpaces();

    [GeneratedRegex(@"\b(\d{1,2})\s?[.\-]\s?(\d{1,2})\s?[.\-]\s?(\d{4})\b", RegexOptions.None, TimeLimit)]
    private static partial Regex DottedDay();

    [GeneratedRegex(@"(?<![\d/.\-])(20\d{2})-(\d{1,2})-(\d{1,2})(?![\d/\-])", RegexOptions.None, TimeLimit)]
    private static partial Regex IsoDay();

    // "10/2025-3/2026": a bar between two months, none inside a date.
    [GeneratedRegex(@"(/20\d{2})\s*-\s*(?=\d{1,2}/20\d{2}(?!\d))", RegexOptions.None, TimeLimit)]
    private static partial Regex MonthRange();

    [GeneratedRegex(@"\bqui(?=\s*[ivl|\d])", RegexOptions.None, TimeLimit)]
    private static partial Regex QuarterMisspelt();

    [GeneratedRegex(@"\bthang\s+(muoi mot|muoi hai|muoi|gieng|chap|mot|hai|ba|tu|nam|sau|bay|tam|chin)(?=\s*(?:nam\s*|/\s*)20\d{2}(?!\d))", RegexOptions.None, TimeLimit)]
    private static partial Regex MonthInWords();

    [GeneratedRegex(@"(?<![\w/])(?=[ol|i]*\d)[\dol|i]{1,2}/[\dol|i]{1,2}/[\dol|]{4}(?!\w)", RegexOptions.None, TimeLimit)]
    private static partial Regex MisreadDay();

    [GeneratedRegex(@"(\d{1,2}/(?:\d{1,2}/)?)(20?|2 ?0) ?(\d ?\d|\d{2,3})(?= |$|[,.;)])(?<=/20 ?\d ?\d|/2 0 ?\d ?\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex SplitYear();

    // "13/6 2026" and "13 6/2026": one slash was not read.
    [GeneratedRegex(@"(?<![\d/.,])([0-3]?\d)/([01]?\d)\s(20\d{2})(?![\d/])|(?<=^|^ngay |\bngay )([0-3]?\d)\s([01]?\d)/(20\d{2})(?![\d/])", RegexOptions.None, TimeLimit)]
    private static partial Regex LostSlash();

    [GeneratedRegex(@"(?<![\d/])([0-3])\s(\d)(/\d{1,2}/\d{4})\b", RegexOptions.None, TimeLimit)]
    private static partial Regex SplitDay();

    [GeneratedRegex(@"\b(\d{1,3})\s*\([a-z ]{2,30}\)\s*(?=ngay|thang|nam|tuan|quy)", RegexOptions.None, TimeLimit)]
    private static partial Regex NumberInWords();

    [GeneratedRegex(@"\b(quy\s*)([il|1]{1,3}v?)(?=\s*(?:/|nam|-|,|\b))(?<!quy\s*1)(?<!quy\s*01)", RegexOptions.None, TimeLimit)]
    private static partial Regex RomanMisread();

    [GeneratedRegex(@"\btruoc\s+(luc\s+)?\d{1,2}\s*(h|g|gio)\s*\d{0,2}\s*(phut)?\s*,?\s*(?=ngay|\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex HourOfDay();

    [GeneratedRegex(@"\b((?:moi|hang|tung|dinh ky)\s+(?:mot\s+)?(?:ngay|tuan|thang|quy|nam))\s*,?\s*(?:(?:it nhat|toi thieu|khong qua|toi da|tu)\s+)?\d{1,3}(?:\s*-\s*\d{1,3})?\s+(?=(?!nam\b|den\b|va\b|thang\b|quy\b|hang\b|moi\b|tro\b|ngay\b|tuan\b|gio\b)[a-z])", RegexOptions.None, TimeLimit)]
    private static partial Regex CountOfCycle();

    [GeneratedRegex(@"(?<![\d/.,])(\d{1,2})(?:\s+(?!(?:ngay|gio|tuan|thang|quy|nam|lan|hang|moi|dinh|cua|den|va|truoc|sau|cuoi|dau)\b)[a-z]+){1,3}\s*/\s*(?:0?1\s*)?(tuan|thang|quy|nam)\b(?!\s*\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex CountPerCycle();

    private const string ReportPeriod = @"(?:(?:cuoi\s+)?(?:tuan|thang|quy)|(?:0?[369]|sau|chin)\s+thang(?:\s+dau nam)?|(?:ca\s+|0?1\s+)?nam)";
    private const string ReportVerb = @"(?:(?:bao cao|so ket|tong ket|danh gia|theo|vao|cuoi|ky|va)\s+)*";

    // "Quý, 6 tháng, 9 tháng, năm": periods of reports, named without the word that they return.
    [GeneratedRegex(@"^" + ReportVerb + ReportPeriod + @"(?:\s*(?:,|;|va|,\s*va)\s*" + ReportVerb + ReportPeriod + @")+(?:\s+20\d{2})?\s*\.?$", RegexOptions.None, TimeLimit)]
    private static partial Regex PeriodList();

    [GeneratedRegex(@"\b(?:bao cao|so ket|tong ket|danh gia|theo|vao|cuoi|ky)\s+", RegexOptions.None, TimeLimit)]
    private static partial Regex PeriodListVerb();

    [GeneratedRegex(@"(?<![\d/])\b(?:0?[2-9]|10|hai|ba|bon|nam|sau|bay|tam|chin|muoi)\s+nam\s*/?\s*(?:0?1|mot)?\s*lan\b|\b(?:moi|hang|dinh ky)\s+(?:0?[2-9]|10|hai|ba|bon|nam|muoi)\s+nam\b(?!\s*\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex YearsBetween();

    [GeneratedRegex(@"^\s*[,;]?\s*(?:(?:va|sau do|dong thoi)\s*,?\s*)*(?:duoc\s+)?(?:duy tri|tiep tuc|cap nhat|ra soat|bo sung|dieu chinh|lap lai|thuc hien)\b[^;.]*\bhang nam\b|^\s*[,;]?\s*(?:va|sau do)\s*,?\s*(?:tiep tuc\s+|duy tri\s+)*hang nam\b", RegexOptions.None, TimeLimit)]
    private static partial Regex GoesOnAfter();

    [GeneratedRegex(@"^[\s\-–—_.…/]+$", RegexOptions.None, TimeLimit)]
    private static partial Regex Dashes();

    [GeneratedRegex(@"^\d{5}$", RegexOptions.None, TimeLimit)]
    private static partial Regex FiveDigits();

    [GeneratedRegex(@"(?<=[\divx]\s?)[/.-]\s?20\d?(?![\d/.-])|\bnam 20\d?(?!\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex YearCutOff();

    [GeneratedRegex(@"\bda\s+(co ban\s+)?(hoan thanh|thuc hien|xong)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex DoneAlready();

    [GeneratedRegex(@"\btiep tuc\b|\bduy tri\b|\bthuong xuyen\b", RegexOptions.None, TimeLimit)]
    private static partial Regex GoesOn();

    [GeneratedRegex(@"\(\s*da\s[^)]*\)|[;,.\-]?\s*\bda\s+(co ban\s+)?(hoan thanh|thuc hien|xong)\b.*$", RegexOptions.None, TimeLimit)]
    private static partial Regex DoneRemark();

    [GeneratedRegex(@"\bnhiem vu\s+(duoc\s+)?(thuc hien\s+)?thuong xuyen\b", RegexOptions.None, TimeLimit)]
    private static partial Regex ContinuousTask();

    [GeneratedRegex(@"^\(?t\s?[./]?\s?x\.?\)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex ContinuousShort();

    [GeneratedRegex(@"\bthuong xuyen\b|\blien tuc\b|\bhang nam thuong xuyen\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Continuous();

    [GeneratedRegex(@"^(thuc hien\s+|trien khai\s+|nhiem vu\s+)?(thuong xuyen|lien tuc)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex StartsContinuous();

    [GeneratedRegex(@"\bduy tri\b|\bsuot qua trinh\b|\bkhong thoi han\b|\bhang ngay\b|\btrong qua trinh\b|\bxuyen suot\b|\b(suot|quanh) nam\b|\bcac thang (trong|cua) nam\b", RegexOptions.None, TimeLimit)]
    private static partial Regex ContinuousWeak();

    [GeneratedRegex(@"\b(sau do|tiep tuc|duy tri|va cac nam (tiep theo|sau|ke tiep)|va nhung nam (tiep theo|sau)|cac nam tiep theo|va hang nam)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex ThenGoesOn();

    [GeneratedRegex(@"(?<![\d/])(?<n>\d{1,3})\s*(?<u>ngay lam viec|ngay|tuan|thang|nam)(?:\s+lien tuc)?\s*[,;]?\s*(?:tinh\s+|ke\s+)?(?:tu\b|sau\b)(?<anchor>[^;]*)", RegexOptions.None, TimeLimit)]
    private static partial Regex OffsetFirst();

    [GeneratedRegex(@"(?<![\d/])\b(?<n>\d{1,3})\s*(?<u>ngay lam viec|ngay|tuan|thang)\s*[.)]?$", RegexOptions.None, TimeLimit)]
    private static partial Regex OffsetTail();

    [GeneratedRegex(@"\b(?:trong vong|trong thoi han|khong qua|toi da|cham nhat|la|trong)$", RegexOptions.None, TimeLimit)]
    private static partial Regex OffsetJoint();

    [GeneratedRegex(@"\b(?:sau|ke tu|tinh tu)\s+", RegexOptions.None, TimeLimit)]
    private static partial Regex OffsetFrom();

    private const string Issue = @"(?:co hieu luc(?: thi hanh)?|ky ban hanh|duoc ky ban hanh|duoc ban hanh|ban hanh|duoc ky|ky|phat hanh|duoc phe duyet|phe duyet|trien khai)";
    private const string OwnDocument = @"(?:ke hoach|chi thi|quyet dinh|cong van|van ban|chuong trinh|thong bao|de an|nghi quyet|phuong an)";

    [GeneratedRegex(
        @"^(?:ngay\s+|khi\s+|luc\s+|thoi diem\s+)?(?:" + Issue + @"(?:\s+(?:ke hoach(?: nay)?|" + OwnDocument + @" nay))?|(?:ke hoach(?: nay)?|" + OwnDocument + @" nay)\s+" + Issue +
        @")(?:\s+(?:cua\s+)?(?:ubnd|uy ban nhan dan) (?:tinh|thanh pho))?\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex IssueAnchor();

    [GeneratedRegex(@"\bngay (sau )?khi (ke hoach|van ban|quyet dinh|chi thi)( nay)? (duoc )?(ban hanh|ky|phe duyet)|\b(sau )?khi (ban hanh|duoc ban hanh) (ke hoach|van ban) nay", RegexOptions.None, TimeLimit)]
    private static partial Regex AfterIssue();

    [GeneratedRegex(@"\b(hang|moi|dinh ky|theo)\s+(1\s+)?(?:(?:ngay|tuan|thang|quy|6 thang|06 thang|9 thang|09 thang)\s*(?:,|;|va|/)\s*){0,4}nam\b(?!\s+\d{4})|\blan\s*/\s*nam\b|\bmot lan (trong|moi) nam\b|\bnam\s*/?\s*(1|01|mot)?\s*lan\b|\bhang nam\b|\btong ket nam\b(?=.*dinh ky)", RegexOptions.None, TimeLimit)]
    private static partial Regex CycleYear();

    [GeneratedRegex(@"\b(hang|moi|dinh ky)\s[^.]{0,25}\b0?9 thang\b|\b0?9 thang\s*/\s*lan", RegexOptions.None, TimeLimit)]
    private static partial Regex CycleNine();

    [GeneratedRegex(@"\b(hang|moi|dinh ky|theo)\s[^.]{0,25}?\b(0?6|sau) thang\b(?!\s*(dau|cuoi) nam\s+\d)|\b(0?6|sau) thang\s*/?\s*(0?1|mot)?\s*lan\b|\b0?2 lan\s*/\s*nam|\b(0?6|sau) thang,? (va )?(ca )?(0?1 )?nam\b(?! \d)|\bnua nam (mot|1) lan", RegexOptions.None, TimeLimit)]
    private static partial Regex CycleHalf();

    [GeneratedRegex(@"\b(hang|moi|theo|tung)\s+(1\s+)?(?:(?:ngay|tuan|thang)\s*(?:,|;|va|/)\s*){0,3}quy\b(?!\s*(?:[iv]+|\d|dinh|che|hoach|trinh|mo)\b)|\bdinh ky\s+(?:(?:ngay|tuan|thang)\s*(?:,|;|va|/)\s*){0,3}quy\b(?!\s*(?:[iv]+|\d|dinh|che)\b)|\bquy\s*/?\s*(0?1|mot)?\s*lan\b|\blan\s*/\s*quy\b|\b(0?3|ba) thang\s*/?\s*(0?1|mot)?\s*lan\b|\b0?4 lan\s*/\s*nam", RegexOptions.None, TimeLimit)]
    private static partial Regex CycleQuarter();

    [GeneratedRegex(@"\b(hang|moi|tung|dinh ky)\s+(1\s+)?(?:(?:ngay|tuan)\s*(?:,|;|va|/)\s*){0,2}thang\b(?!\s*\d)|(?<!\d )(?<!\d)\bthang\s*/?\s*(0?1|mot)?\s*lan\b|\b(0?1|mot) thang\s*/?\s*(0?1|mot)?\s*lan\b|\blan\s*/\s*thang\b|\btheo thang\b", RegexOptions.None, TimeLimit)]
    private static partial Regex CycleMonth();

    [GeneratedRegex(@"\b(hang|moi)?\s*(0?2|hai) tuan\s*/?\s*(0?1|mot)?\s*lan\b|\b(0?2|hai) lan\s*/\s*thang\b|\b(moi|hang) (0?2|hai) tuan\b", RegexOptions.None, TimeLimit)]
    private static partial Regex CycleFortnight();

    [GeneratedRegex(@"\b(hang|moi|dinh ky) tuan\b|(?<!\d )\btuan\s*/?\s*(0?1|mot)?\s*lan\b|\blan\s*/\s*tuan\b", RegexOptions.None, TimeLimit)]
    private static partial Regex CycleWeek();

    [GeneratedRegex(@"\b(hang|moi) ngay\b(?!\s*\d)|\blan\s*/\s*ngay\b", RegexOptions.None, TimeLimit)]
    private static partial Regex CycleDay();

    [GeneratedRegex(@"\blan (dau|thu nhat|1)\b|\bsau do\b", RegexOptions.None, TimeLimit)]
    private static partial Regex FirstThen();

    [GeneratedRegex(@"(?<before>truoc\s+)?\bngay\s+(?<d>\d{1,2})\s+(?:cua\s+)?(?:thang|quy|ky)\b(?!\s*\d)|(?<before>truoc\s+)?\bngay\s+(?<d>\d{1,2})\s+(?:hang|moi)\s+thang", RegexOptions.None, TimeLimit)]
    private static partial Regex DayOfCycle();

    [GeneratedRegex(@"(?<before>truoc\s+)?\bngay\s+(?<d>[0-3]?\d)\s+(?:cua\s+)?(?:thang\s+(?:dau\s+)?(?:cua\s+)?)?(?<u>thang|quy|ky)?\s*(?:sau|ke tiep|tiep theo|lien ke)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex DayOfFollowing();

    [GeneratedRegex(@"(?<before>truoc\s+)?\bngay\s+(?<d>\d{1,2})\s+(?:cua\s+)?thang\s+cuoi\s+(?:cua\s+)?(?:moi\s+|hang\s+)?quy\b(?!\s*(?:[iv]+|\d))", RegexOptions.None, TimeLimit)]
    private static partial Regex DayOfLastMonth();

    [GeneratedRegex(@"\b(thang|quy|ky|nam)\s+(sau|ke tiep|tiep theo|lien ke)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex NextPeriod();

    [GeneratedRegex(@"^(?:khoang\s+|trong\s+|trong vong\s+|trong thoi gian\s+|thoi gian\s+|toi da\s+|khong qua\s+|hoan thanh trong\s+|hoan thanh\s+|sau\s+)*\d{1,3}(?:\s*-\s*\d{1,3})?(?:[,.]\d)?\s*\(?(?:ngay lam viec|ngay|tuan|thang|nam|gio)?\)?(?:\s+(?:lam viec|lien tuc))?\.?$", RegexOptions.None, TimeLimit)]
    private static partial Regex Duration();

    [GeneratedRegex(@"(\d{1,3})\s*\(?(ngay lam viec|ngay|tuan|thang|nam)?\)?\s*\.?$", RegexOptions.None, TimeLimit)]
    private static partial Regex DurationNumber();

    [GeneratedRegex(@"^(?:hoan thanh\s+|thuc hien\s+|trien khai\s+)?(?:trong\s+|ca\s+)(?:ca\s+)?nam(?:\s+(?:nay|ke hoach))?\.?$", RegexOptions.None, TimeLimit)]
    private static partial Regex ThisYear();

    [GeneratedRegex(@"\btheo\s+(?:dung\s+)?(?:cac\s+)?(?:tung\s+)?(?:ke hoach|tien do|lo trinh|chuong trinh|quy dinh|huong dan|chi dao|thoi gian|thoi han|moc|phan ky|phan cong|quyet dinh|cong van|nghi quyet|nghi dinh|thong tu|thong bao|chi thi|ket luan|cong dien|van ban|luat|quy che|chien luoc|phuong an|de an|du an|nhiem vu|lich|noi dung|giai doan|thoi diem|chi tieu)\b|\btheo\s+(?:qd|kh|nq|cv|tb|ct|nd|tt|ctr|da|kl|hd)\s*(?:so\s*)?:?\s*\d|\btheo\s+(?:[a-z0-9/\-]+\s+){0,3}(?:ke hoach|tien do|lo trinh)\b|^(?:cung|phu hop)\s+(?:voi\s+)?(?:ke hoach|tien do|lo trinh)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex OtherPlan();

    [GeneratedRegex(@"\b(khi|sau khi|ngay khi|ngay sau|sau|luc)\b|\btheo (yeu cau|de nghi|dot|thuc te|phat sinh|nhu cau|vu viec|tinh hinh)\b|\bphat sinh\b|\bdot xuat\b|\bkhi co\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Event();

    [GeneratedRegex(@"\b(dau|giua|cuoi)\s+(thang|quy|nam|nhiem ky)\b|\bsom\b|\bkhan truong\b|\bngay\b|\bkip thoi\b|\btrung tuan\b|\bthuong tuan\b|\bha tuan\b|\bsap toi\b|\bthoi gian toi\b", RegexOptions.None, TimeLimit)]
    private static partial Regex Vague();

    // "cuối tháng 6/2027" and "cuối quý" end with the period; a beginning or a middle has no last day.
    [GeneratedRegex(@"\b(dau|giua|trung tuan|thuong tuan|tuan (thu )?(\d|nhat|hai|ba|tu|dau))\s*(cua\s+)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex VagueBefore();

    [GeneratedRegex(@"\bnam hoc\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex SchoolYearBefore();

    // "Tết Nguyên đán Bính Ngọ 2026", "Đại hội năm 2030": a feast or a meeting in a year is a day nobody has named.
    [GeneratedRegex(@"\b(tet|dai hoi|ky hop|ky thi|ngay le|le hoi|ngay hoi|hoi nghi|dip|bau cu|le ky niem|quoc khanh|khai giang|ngay thanh lap|mua (mua|kho|lu|bao|he|dong|xuan|thu|nong|lanh|le hoi|vu|tuyen sinh|du lich|chay|thi)|vu (dong|he|mua|xuan|thu))\b[^;,.]{0,60}$", RegexOptions.None, TimeLimit)]
    private static partial Regex FeastBefore();

    // "tổ chức ngày hội trong năm 2026": here the year itself is meant.
    [GeneratedRegex(@"\b(trong|het|hoan thanh|thuc hien)\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex YearItself();

    // "cuối năm 2027" names no day; "đến cuối năm", "trước cuối năm", "hết năm" do.
    [GeneratedRegex(@"(?<!den )(?<!den het )(?<!truoc )(?<!cham nhat )(?<!thang )(?<!quy )\bcuoi\s*$", RegexOptions.None, TimeLimit)]
    private static partial Regex EndOfBefore();

    // "trước ngày 15 và ngày 30/6/2026": the first day lacks its month, the word stands for both.
    [GeneratedRegex(@"\btruoc\s*(?:ngay\s*)?(?:cuoi\s+|het\s+)?(?:dip\s+)?(?:(?:[0-2]?\d|3[01])\s*(?:,|;|va)\s*(?:ngay\s*)?){0,6}$", RegexOptions.None, TimeLimit)]
    private static partial Regex ExclusiveBefore();

    [GeneratedRegex(@"\b(?:tu|bat dau|ke tu|khoi dong|tu sau)\s*(?:tu\s*)?(?:ngay\s*|thang\s*|dau\s*|nam\s*)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex StartBefore();

    [GeneratedRegex(@"^\s*(?:cua\s+)?nam\s+(?:sau|ke tiep|tiep theo|lien ke|toi)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex YearAfter();

    [GeneratedRegex(@"\bsau\s*(?:ngay\s*)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex AfterBefore();

    [GeneratedRegex(@"^\s*(tro di|tro ve sau)\b", RegexOptions.None, TimeLimit)]
    private static partial Regex OnwardsAfter();

    [GeneratedRegex(@"^\s*(?:-|den|toi|->)\s*(?:het\s*)?(?:ngay\s*)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex RangeBetween();

    [GeneratedRegex(@"^\s*(?:\([^()]{0,40}\)\s*)?(?:,|;|&|\+|va|hoac|hay|,\s*va|;\s*va)\s*(?:ngay\s*)?$", RegexOptions.None, TimeLimit)]
    private static partial Regex ListBetween();

    [GeneratedRegex(@"^theo\s+(?:dung\s+)?(?:cac\s+)?" + CitedKind + @"\b(?:(?!truoc\b|xong\b|hoan thanh\b|den\b|trong\b|het\b|cham\b|thoi han\b)[^,;.()])*\b(?:nam|giai doan)\s*20\d{2}", RegexOptions.None, TimeLimit)]
    private static partial Regex YearOfPlan();

    [GeneratedRegex(@"-|\bden\b", RegexOptions.None, TimeLimit)]
    private static partial Regex SpanInside();

    private const string CitedKind = @"(?:cong van|ke hoach|quyet dinh|nghi quyet|thong bao|chi thi|van ban|ket luan|cong dien|to trinh|bao cao|huong dan|nghi dinh|thong tu|luat|bien ban|giay moi|de an|chuong trinh|quy dinh|quy che|chien luoc|phuong an)";
    private const string AnyDay = @"(?:\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}\s*thang\s*\d{1,2}\s*,?\s*nam\s*\d{4})(?![\d/])";
    private const string ItsBody = @"(?:\s*,?\s*\(?\s*cua\s+(?:(?!truoc\b|xong\b|hoan\b|den\b|trong\b|cham\b|thoi\b|han\b)[a-z\-]+\s+){1,12}?)?";

    // A number of a document ("145/KH-UBND", "57-NQ/TW", "số 145"), perhaps its body, and then a day or a year: the day it was signed.
    [GeneratedRegex(@"(?<of>(?:\bso\s*:?\s*\d{1,5}[a-z]?(?:[/\-][a-z0-9&.\-/]*)?|(?<![\d/])\d{1,5}(?:/20\d{2})?\s?[/-]\s?(?!(?:[tq]\.?\d|(?:ngay|thang|quy|nam|tuan|lan)\b))[a-z][a-z0-9&]*(?:[\-/][a-z0-9&]+)*)" + ItsBody + @")\s*,?\s*\(?\s*(?:(?:ban hanh|ky|phat hanh)\s+)?(?:de\s+)?(?:ngay\s*" + AnyDay + @"|(?<=\(\s?)" + AnyDay + @"|nam\s*20\d{2}(?!\d))\)?", RegexOptions.None, TimeLimit)]
    private static partial Regex CitedDay();

    [GeneratedRegex(@"(?<of>\b(?:theo|tai|can cu)\s+(?:[a-z]+\s+){0,8}?" + CitedKind + ItsBody + @"\s*,?)\s*(?:(?:ban hanh|ky|phat hanh)\s+)?(?:de\s+)?ngay\s*" + AnyDay, RegexOptions.None, TimeLimit)]
    private static partial Regex CitedDayWithoutNumber();

    [GeneratedRegex(@"^(?:thuc hien|trien khai|can cu|tai)?\s*(?:(?:cac|thoi gian|thoi han|quy dinh|tai|cua)\s+)*" + CitedKind + @"\b", RegexOptions.None, TimeLimit)]
    private static partial Regex CitedAlone();

    [GeneratedRegex(@"[\p{L}\d]+", RegexOptions.None, TimeLimit)]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<![\d/])(?<d>\d{1,2})/(?<m>\d{1,2})/(?<y>\d{4})(?!\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex DayInFull();

    [GeneratedRegex(@"(?<![\d/])(?<d>\d{1,2})/(?<m>\d{1,2})/(?<y>\d{2})(?![\d/])", RegexOptions.None, TimeLimit)]
    private static partial Regex DayShortYear();

    [GeneratedRegex(@"\b(?:ngay\s*)?(?<![\d/])(?<!tuan\s)(?<!tuan thu\s)(?<d>\d{1,2})\s*thang\s*(?<m>\d{1,2})\s*(?:,|/|-)?\s*(?:nam\s*)?(?<y>20\d{2})(?!\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex DayInWords();

    [GeneratedRegex(@"(?<![\d/.,])(?<d>\d{1,2})/(?<m>\d{1,2})(?![\d/]|\s*(?:%|so|tong))", RegexOptions.None, TimeLimit)]
    private static partial Regex DayWithoutYear();

    [GeneratedRegex(@"\bngay\s*(?<d>\d{1,2})\s*thang\s*(?<m>\d{1,2})(?!\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex DayWithoutYearInWords();

    [GeneratedRegex(@"(?:(?<half>\b0?6\s*thang|\bnua)|(?<nine>\b0?9\s*thang))\s*(?:dau|(?<last>cuoi))\s*(?:cua\s*)?nam(?:\s*(?<y>20\d{2})(?!\d))?", RegexOptions.None, TimeLimit)]
    private static partial Regex HalfYear();

    [GeneratedRegex(@"(?:\b(?:cac )?thang\s*|\bt\.?\s?)(?<m>\d{1,2})(?:\s*(?:,|-|va|den|;)\s*(?:thang\s*|t)?(?<n>\d{1,2})(?![\d/]*/\d{1,2}/))*\s*(?:/|,|-|\.)?\s*(?:nam\s*)?(?<y>20\d{2})(?![\d/])", RegexOptions.None, TimeLimit)]
    private static partial Regex MonthWithYear();

    [GeneratedRegex(@"(?<![\p{L}\d/.\-])(?<m>\d{1,2})(?:/|-|\.)(?<y>20\d{2})(?![\d/\-])", RegexOptions.None, TimeLimit)]
    private static partial Regex MonthSlashYear();

    [GeneratedRegex(@"\bthang\s*(?<m>\d{1,2})(?:\s*(?:,|-|va|den)\s*(?:thang\s*)?(?<n>\d{1,2})(?![\d/]))*(?!\d)|(?<![a-z\d])t(?<m>1[0-2]|0?[1-9])(?![\d\w])", RegexOptions.None, TimeLimit)]
    private static partial Regex MonthWithoutYear();

    private const string Roman = @"(?:iv|i{1,3}|0?[1-4](?!\d)|nhat|mot|hai|ba|tu)";

    [GeneratedRegex(@"\b(?:quy|q)\s*\.?(?<q>" + Roman + @")(?:\s*(?:,|-|va|den|;|\+|&)\s*(?:quy\s*)?(?<r>" + Roman + @")(?![a-z\d]))*\s*(?:/|,|-|\.)?\s*(?:cua\s*)?(?:nam\s*)?(?<y>20\d{2})(?!\d)", RegexOptions.None, TimeLimit)]
    private static partial Regex QuarterWithYear();

    // A year has four of them.
    [GeneratedRegex(@"\bquy\s*(?:v|vi|vii|viii|ix|0?[05-9]|1\d)(?![a-z\d])\s*(?:/|,|-|\.)?\s*(?:nam\s*)?(?<y>20\d{2})(?![\d/])|\bquy\s*(?:0?[05-9])$", RegexOptions.None, TimeLimit)]
    private static partial Regex QuarterImpossible();

    [GeneratedRegex(@"\b(?:quy|q)\s*(?<q>iv|i{1,3}|0?[1-4](?!\d))(?:\s*(?:,|-|va|den)\s*(?:quy\s*)?(?<r>iv|i{1,3}|0?[1-4](?!\d))(?![a-z\d/]))*(?![a-z\d])", RegexOptions.None, TimeLimit)]
    private static partial Regex QuarterWithoutYear();

    [GeneratedRegex(@"(?:\bgiai doan\s*|\bnhiem ky\s*|\b(?:cac\s*|\d\s*)?nam\s*|\btu\s*(?:nam\s*)?)?(?<![\d/])(?<a>20\d{2})(?:\s*(?:-|den|,|va|;|toi|/)\s*(?:het\s*)?(?:nam\s*)?(?<b>20\d{2})(?![\d/]))+", RegexOptions.None, TimeLimit)]
    private static partial Regex YearSpan();

    [GeneratedRegex(@"(?:\bnam\s*)?(?<![\d/\-])(?<y>20\d{2})(?![\d/])", RegexOptions.None, TimeLimit)]
    private static partial Regex YearAlone();
}
