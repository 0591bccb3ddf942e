using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Answers;

namespace RagPlatform.Generation.Tests.Answers;

public sealed class UnitReaderTests
{
    [Theory]
    [InlineData("One thing. Another thing.", "One thing.|Another thing.")]
    [InlineData("# Title\n\nText below.", "Text below.")]
    [InlineData("Title\n=====\nText below.", "Text below.")]
    [InlineData("- first item\n- second\n  goes on\n1. third\n- [ ] task", "first item|second\n  goes on|third|task")]
    [InlineData("Run it:\r\n\r\n```bash\r\n$ ./go --now\r\n\r\nmake test\r\n```\r\nDone.", "Run it:|./go --now|make test|Done.")]
    [InlineData("Run it:\n\n```console\n$ ./go --now\nRunning the tests.\n2 passed\n$ ./stop\n```\nDone.", "Run it:|./go --now|./stop|Done.")]
    [InlineData("Like this:\n\n    go build\n    go test\n\nThat is all.", "Like this:|go build|go test|That is all.")]
    [InlineData("| name | value |\n|---|---|\n| port | 5672 |", "port | 5672")]
    [InlineData("make all\n```\n\nThen rest.", "make all|Then rest.")]
    [InlineData("Why is it so? **Decision.** Because of that.", "Because of that.")]
    [InlineData("> Quoted words.\n\n---\n\n***", "Quoted words.")]
    public void Read_Markdown_GivesUnitsWithoutTheMarksAroundThem(string text, string expected) =>
        string.Join('|', UnitReader.Read(text).Select(unit => text[unit.Start..unit.End])).ShouldBe(expected);

    [Fact]
    public void Read_CodeBlock_KnowsTheSentenceThatIntroducesIt()
    {
        var units = UnitReader.Read("Intro. Run this:\n\n```\nmake\nmake test\n```\n\nOther text.\n\n```\nrm\n```");

        units.Select(unit => unit.Lead).ShouldBe([-1, -1, 1, 1, -1, 4]);
    }

    [Fact]
    public void Read_PassageOfSeveralSections_GivesEachUnitItsHeading()
    {
        const string text = "Before.\n\n## Run ##\n\nRun it.\n\nStop\n----\n\n- Stop it.";

        UnitReader.Read(text).Select(unit => text[unit.Heading]).ShouldBe(["", "Run", "Stop"]);
    }

    [Fact]
    public void Read_AnyText_GivesOrderedRangesThatDoNotOverlap()
    {
        var pieces = Gen.Elements("# ", "```", "~~~", "\n", "\r\n", "- ", "1. ", "> ", "|", "    ", "\t", "Word. ", "two words ", "$ ", "===", "---", "é", "😀", "\ud83d", ".", "[ ] ");
        var read = Prop.ForAll(Arb.From(pieces.ListOf(20).Select(list => string.Concat(list))), text =>
        {
            var end = 0;
            foreach (var unit in UnitReader.Read(text))
            {
                if (unit.Start < end || unit.End <= unit.Start || unit.End > text.Length || text[unit.Start..unit.End].Trim().Length != unit.End - unit.Start)
                {
                    return false;
                }

                end = unit.End;
            }

            return true;
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20260717, 1), read);
    }

    [Fact]
    public async Task Read_LongHostileText_TakesLinearTime()
    {
        var text = string.Concat(Enumerable.Repeat("- ``` | > 1. # a.b.c \n", 20_000));

        (await Task.Run(() => UnitReader.Read(text)).WithTimeout("the reading of 440 kB")).Count.ShouldBe(20_000);
    }
}
