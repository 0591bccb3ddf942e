using FsCheck;
using FsCheck.Fluent;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Splitting;
using RagPlatform.FineTuning.Trainers;
using static RagPlatform.FineTuning.Tests.Datasets.TrainingData;

namespace RagPlatform.FineTuning.Tests.Datasets;

public sealed class DatasetSplitterTests
{
    private static readonly string[] Labels = ["refund", "card", "limit", "rare"];

    [Fact]
    public void Split_OfManyDistinctExamples_HasTheWantedShares()
    {
        var examples = Examples(Texts(1000, seed: 1).Select((text, i) => Chat(text, Labels[i % 3])));

        var parts = Split(examples, new SplitSettings(0.1, 0.2, Seed: 3));

        parts.Validation.Count.ShouldBeInRange(98, 102);
        parts.Test.Count.ShouldBeInRange(198, 202);
        foreach (var label in Labels[..3])
        {
            parts.Validation.Count(example => LabelOf(example) == label).ShouldBeInRange(30, 36, label);
            parts.Test.Count(example => LabelOf(example) == label).ShouldBeInRange(63, 70, label);
        }
    }

    [Fact]
    public void Split_WithAnotherSeed_IsAnother()
    {
        var examples = Examples(Texts(100, seed: 1).Select(text => Chat(text, text)));

        Lines(Split(examples, new SplitSettings(Seed: 1)).Test).ShouldNotBe(Lines(Split(examples, new SplitSettings(Seed: 2)).Test));
        Lines(Split(examples, new SplitSettings(Seed: 1)).Test).ShouldBe(Lines(Split(examples, new SplitSettings(Seed: 1)).Test));
    }

    [Fact]
    public void Split_KeepsARareLabelInTraining()
    {
        var examples = Examples(Texts(60, seed: 1).Select((text, i) => Chat(text, i == 30 ? "rare" : Labels[i % 2])));

        for (ulong seed = 0; seed < 50; seed++)
        {
            Split(examples, new SplitSettings(0.2, 0.2, seed)).Training.ShouldContain(example => LabelOf(example) == "rare");
        }
    }

    [Fact]
    public void Split_WhereAllIsOneUnit_IsRefusedWithItsReason()
    {
        var examples = Examples(Texts(20, seed: 1).Select(text => Chat(text, "x", group: "one")));

        var refusal = Should.Throw<TrainingException>(() => Split(examples, new SplitSettings()));

        refusal.Code.ShouldBe("CANNOT_SPLIT");
        refusal.Problem.ShouldBe("The validation and test part would be empty: 20 examples are 1 units that stay together (groups, equal and nearly equal inputs); the largest has 20 examples.");
    }

    [Fact]
    public void Split_OfOneExample_IsRefusedUnlessNothingIsHeldOut()
    {
        var examples = Examples([Chat("a", "b")]);

        Should.Throw<TrainingException>(() => Split(examples, new SplitSettings()));
        Split(examples, new SplitSettings(0, 0)).Training.Count.ShouldBe(1);
        Should.Throw<TrainingException>(() => Split([], new SplitSettings(0, 0)));
    }

    [Fact]
    public void Split_WhereAllAreAskedTheSame_GoesByTheAnswers()
    {
        var examples = Examples(Texts(40, seed: 1).SelectMany(text => new[] { Chat("Write a line.", text), Chat("Write a line.", text) }));

        var parts = Split(examples, new SplitSettings());

        (parts.Training.Count, parts.Validation.Count, parts.Test.Count).ShouldBe((64, 8, 8));
        parts.Training.Select(LabelOf).Intersect(parts.Test.Select(LabelOf)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public void Split_WithAShareOutOfRange_Throws(double share) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Split(Examples([Chat("a", "b")]), new SplitSettings(share)));

    [Fact]
    public void Split_OfAnySet_IsAPartitionThatKeepsTogetherWhatBelongsTogether() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var examples = Examples(Lines(random));
            var settings = new SplitSettings(random.Next(6) / 10.0, random.Next(5) / 10.0, (ulong)random.Next(5), random.Next(2) == 0);
            if (TrySplit(examples, settings) is not { } parts)
            {
                return;
            }

            TrainingExample[] all = [.. parts.Training, .. parts.Validation, .. parts.Test];
            all.Select(example => example.Line).Order().ShouldBe(examples.Select(example => example.Line));
            var part = new Dictionary<int, int>();
            foreach (var (examplesOfPart, number) in new[] { (parts.Training, 0), (parts.Validation, 1), (parts.Test, 2) })
            {
                examplesOfPart.Select(example => example.Line).ShouldBeInOrder(SortDirection.Ascending);
                foreach (var example in examplesOfPart)
                {
                    part[example.Line] = number;
                }
            }

            foreach (var left in examples)
            {
                foreach (var right in examples.Where(right => right.Line > left.Line && MustStayTogether(left, right)))
                {
                    part[left.Line].ShouldBe(part[right.Line], $"lines {left.Line} and {right.Line}");
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261120, 9));

    [Fact]
    public void Split_OfLinesInAnotherOrder_GivesEachExampleTheSamePart() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var lines = Lines(random).ToArray();
            var settings = new SplitSettings(0.2, 0.2, (ulong)random.Next(5));
            var before = TrySplit(Examples(lines), settings);
            random.Shuffle(lines);
            var after = TrySplit(Examples(lines), settings);

            (after is null).ShouldBe(before is null);
            Contents(after?.Training).ShouldBe(Contents(before?.Training));
            Contents(after?.Validation).ShouldBe(Contents(before?.Validation));
            Contents(after?.Test).ShouldBe(Contents(before?.Test));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261120, 11));

    private static IEnumerable<string> Lines(Random random)
    {
        var texts = Texts(random.Next(2, 40), random.Next()).ToList();
        foreach (var text in texts)
        {
            var copies = random.Next(5) == 0 ? random.Next(1, 4) : 1;
            for (var copy = 0; copy < copies; copy++)
            {
                yield return Chat(
                    copy == 0 ? text : random.Next(2) == 0 ? text.ToUpperInvariant() : text + "s", Labels[random.Next(Labels.Length)],
                    random.Next(6) == 0 ? $"group {random.Next(4)}" : null);
            }
        }
    }

    private static bool MustStayTogether(TrainingExample left, TrainingExample right)
    {
        var (a, b) = (Question(left), Question(right));
        return (left.Group.Length > 0 && left.Group == right.Group) || string.Equals(a, b, StringComparison.OrdinalIgnoreCase) || a == b + "s" || b == a + "s";
    }

    private static TrainingSet? TrySplit(IReadOnlyList<TrainingExample> examples, SplitSettings settings)
    {
        try
        {
            return Split(examples, settings);
        }
        catch (TrainingException refusal)
        {
            refusal.Code.ShouldBe("CANNOT_SPLIT");
            return null;
        }
    }

    private static TrainingSet Split(IReadOnlyList<TrainingExample> examples, SplitSettings settings) =>
        DatasetSplitter.Split(examples, settings, CancellationToken.None);

    private static IReadOnlyList<TrainingExample> Examples(IEnumerable<string> lines) => ReadLines(lines).Examples;

    private static string Question(TrainingExample example) => ((ChatExample)example).Messages[0].Content;

    private static string LabelOf(TrainingExample example) => ((ChatExample)example).Messages[^1].Content;

    private static IEnumerable<int> Lines(IEnumerable<TrainingExample> examples) => examples.Select(example => example.Line);

    private static string Contents(IEnumerable<TrainingExample>? examples) =>
        string.Join('\n', (examples ?? []).Select(example => $"{Question(example)} {LabelOf(example)} {example.Group}").Order(StringComparer.Ordinal));
}
