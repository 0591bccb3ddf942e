using System.Diagnostics;
using RagPlatform.Tokenization;

namespace RagPlatform.Tokenization.Tests.Sentences;

public sealed class SentenceSplitterTests
{
    [Theory]
    [InlineData("One. Two! Three? Four", "One.|Two!|Three?|Four")]
    [InlineData("Use a tool, e.g. Grep. It works.", "Use a tool, e.g. Grep.|It works.")]
    [InlineData("The rest, i.e. Nothing, is left.", "The rest, i.e. Nothing, is left.")]
    [InlineData("Dr. Smith met Prof. J. R. Jones. They spoke.", "Dr. Smith met Prof. J. R. Jones.|They spoke.")]
    [InlineData("He lives in the U.S. The weather is fine.", "He lives in the U.S.|The weather is fine.")]
    [InlineData("The U.S. Senate voted.", "The U.S. Senate voted.")]
    [InlineData("See Fig. 3 and Eq. (2). Next.", "See Fig. 3 and Eq. (2).|Next.")]
    [InlineData("Is it so? No. We checked.", "Is it so?|No.|We checked.")]
    [InlineData("As Smith et al. Showed, it holds.", "As Smith et al. Showed, it holds.")]
    [InlineData("Pi is 3.14. Euler is 2.72.", "Pi is 3.14.|Euler is 2.72.")]
    [InlineData("Wait... what? Well… Yes.", "Wait... what?|Well…|Yes.")]
    [InlineData("He said \"Stop.\" Then he left. (It was late.) Done.", "He said \"Stop.\"|Then he left.|(It was late.)|Done.")]
    [InlineData("\"Stop!\" he said.", "\"Stop!\" he said.")]
    [InlineData("Run `a.b.c`. Open v1.2.3 now.", "Run `a.b.c`.|Open v1.2.3 now.")]
    [InlineData("Go to example.com. It is there.", "Go to example.com.|It is there.")]
    [InlineData("**Bold.** Plain.", "**Bold.**|Plain.")]
    [InlineData("これは文です。次の文です！「終わり。」はい", "これは文です。|次の文です！|「終わり。」|はい")]
    [InlineData("A wrapped\nline goes on.\nNext one.", "A wrapped\nline goes on.|Next one.")]
    [InlineData("Items:\n- one\n- two\n2. three", "Items:|- one|- two|2. three")]
    [InlineData("1. Open the lid. Wait.", "1. Open the lid.|Wait.")]
    [InlineData("It began in 1999. It ended.", "It began in 1999.|It ended.")]
    [InlineData("No stop here\n\nNew paragraph", "No stop here|New paragraph")]
    [InlineData("No stop here\r\n\r\nNew paragraph", "No stop here|New paragraph")]
    [InlineData("At 5 p.m. The shop closes.", "At 5 p.m.|The shop closes.")]
    [InlineData("Am 3. Mai kam er. Am 12. Dezember ging er.", "Am 3. Mai kam er.|Am 12. Dezember ging er.")]
    [InlineData("Er hat Tiere, z. B. Hunde. Und d. h. Katzen, vgl. Abb. 3. Gut.", "Er hat Tiere, z. B. Hunde.|Und d. h. Katzen, vgl. Abb. 3.|Gut.")]
    [InlineData("Es kostet 3 Mio. Euro, ggf. Mehr. Ende.", "Es kostet 3 Mio. Euro, ggf. Mehr.|Ende.")]
    [InlineData("We solve for x. The value is 2. So is y.", "We solve for x.|The value is 2.|So is y.")]
    [InlineData("« Bonjour.\u00A0» Il est parti. « Déjà ? » Oui.", "« Bonjour.\u00A0»|Il est parti.|« Déjà ? »|Oui.")]
    [InlineData("Er sagte nichts. »Komm.« Er kam.", "Er sagte nichts.|»Komm.«|Er kam.")]
    [InlineData("Sie rief: „Komm.“ Er kam. Er sagte „ja“ dazu.", "Sie rief: „Komm.“|Er kam.|Er sagte „ja“ dazu.")]
    [InlineData("¿Qué pasa? ¡Nada! La Sra. García llegó.", "¿Qué pasa?|¡Nada!|La Sra. García llegó.")]
    [InlineData("Он живёт в г. Москва. Это далеко.", "Он живёт в г. Москва.|Это далеко.")]
    [InlineData("هل هذا صحيح؟ نعم.", "هل هذا صحيح؟|نعم.")]
    [InlineData("यह एक वाक्य है। यह दूसरा है।", "यह एक वाक्य है।|यह दूसरा है।")]
    [InlineData("“你好。”他说。版本 2.0 发布了！", "“你好。”|他说。|版本 2.0 发布了！")]
    [InlineData("문장입니다. 다음 문장입니다.", "문장입니다.|다음 문장입니다.")]
    [InlineData("   \n ", "")]
    [InlineData("", "")]
    [InlineData("...", "...")]
    public void Split_Prose_SentencesAreAsAReaderSeesThem(string text, string expected)
    {
        var sentences = SentenceSplitter.Split(text).Select(range => text[range]);

        string.Join('|', sentences).ShouldBe(expected);
    }

    [Fact]
    public void Split_AnyText_RangesCoverEveryNonBlankCharacterInOrder()
    {
        string[] parts = [".", "!", "。", " ", "\n", "\n\n", "- ", "a", "Dr", "\"", ")", "3", "B", "\ud83d\ude00", "…", "etc", "1. ", "|", "\u00A0"];
        var random = new Random(20260101);
        for (var run = 0; run < 2000; run++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => parts[random.Next(parts.Length)]));

            var end = 0;
            foreach (var range in SentenceSplitter.Split(text))
            {
                text[end..range.Start.Value].ShouldBeNullOrWhiteSpace();
                text[range].ShouldBe(text[range].Trim());
                text[range].ShouldNotBeEmpty();
                end = range.End.Value;
            }

            text[end..].ShouldBeNullOrWhiteSpace();
        }
    }

    [Theory]
    [InlineData(".")]
    [InlineData(". ")]
    [InlineData("a. b ")]
    [InlineData("\n")]
    [InlineData("\n ")]
    [InlineData(".)\"")]
    [InlineData("e.g. ")]
    [InlineData("1")]
    [InlineData(" ")]
    public void Split_MillionsOfCharacters_TakesLinearTime(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 4_000_000 / unit.Length));
        var clock = Stopwatch.StartNew();

        _ = SentenceSplitter.Split(text);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }
}
