using FsCheck;
using FsCheck.Fluent;
using LienThong.Kernel;
using LienThong.Platform.Plans;
using Xunit;

namespace LienThong.Unit.Plans;

public sealed class VocabularyTests
{
    [Fact]
    public void A_text_holds_letters_exactly_when_one_of_its_words_does_R_TSK_09()
    {
        string[] some = ["du", "lieu", "dat", "dai", "so", "ke", "hoach", "02-kh/bcdtw", "2026", "đ", "\U0001F600"];
        var words = Gen.Elements(some).ListOf().Select(w => string.Join(' ', w));
        var letters = Gen.Elements("d", "dat", "kh/", "hoach", "6", "at", "khong-co", "\U0001F600", "so");
        Check.QuickThrowOnFailure(Prop.ForAll(words.ListOf().ToArbitrary(), letters.ToArbitrary(), (texts, sought) =>
        {
            var vocabulary = new Vocabulary();
            var written = texts.Select(vocabulary.Write).ToList();
            var set = vocabulary.Holding(sought);
            return texts.Zip(written).All(t => set.IsIn(t.Second) == t.First.Split(' ').Any(w => w.Contains(sought, StringComparison.Ordinal)));
        }));
    }

    [Fact]
    public void Numbers_of_every_length_are_read_back_and_words_that_come_later_are_found_then()
    {
        var vocabulary = new Vocabulary();
        var texts = Enumerable.Range(0, 300).Select(t => string.Join(' ', Enumerable.Range(t * 100, 100).Select(i => $"w{i}x"))).ToList();
        var written = texts.ConvertAll(vocabulary.Write);
        var early = vocabulary.Holding("w29999x");
        var last = vocabulary.Write("w1x w29999x moi");
        foreach (var sought in new[] { "w0x", "w127x", "w128x", "w16383x", "w16384x", "w29999x" })
        {
            var set = vocabulary.Holding(sought);
            Assert.Equal(texts.FindIndex(t => t.Split(' ').Contains(sought)), written.FindIndex(w => set.IsIn(w)));
        }

        Assert.True(early.IsIn(last));
        Assert.False(early.IsIn(vocabulary.Write("w1x moi")));
        Assert.True(vocabulary.Holding("moi").IsIn(last));
        Assert.False(vocabulary.Holding("moi").IsIn([]));
        Assert.Empty(vocabulary.Write(""));
    }

    [Fact]
    public void A_share_is_kept_to_the_hundredth_and_never_rounded_up_to_done()
    {
        var facts = new Facts { PercentClaimed = 99.999m, PercentAccepted = 33.333333m, PercentMeasured = -0.004m };
        Assert.Equal((99.99m, 33.33m, 0m), (facts.PercentClaimed, facts.PercentAccepted, facts.PercentMeasured));
        facts.PercentClaimed = 35;
        Assert.Equal("35", facts.PercentClaimed.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        facts.PercentMeasured = decimal.MaxValue;   // A measured value against a tiny target: beyond any sense, and no reason to fail.
        Assert.True(facts.PercentMeasured > 100);
        facts.PercentMeasured = null;
        Assert.Null(facts.PercentMeasured);
    }
}
