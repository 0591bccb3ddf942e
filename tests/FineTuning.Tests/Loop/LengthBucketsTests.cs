using FsCheck;
using FsCheck.Fluent;
using RagPlatform.FineTuning.Loop;

namespace RagPlatform.FineTuning.Tests.Loop;

public class LengthBucketsTests
{
    [Fact]
    public void Plan_AnyLengthsAndBudgets_PutsEveryExampleInOneBatchWithinBudget()
    {
        var cases = from lengths in Gen.Choose(1, 200).ArrayOf()
                    from examples in Gen.Choose(1, 40)
                    from tokens in Gen.Choose(1, 500)
                    from seed in Gen.Choose(0, int.MaxValue)
                    select (lengths, examples, tokens, seed);
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var batches = LengthBuckets.Plan(one.lengths, one.examples, one.tokens, (ulong)one.seed);
            var all = batches.SelectMany(batch => batch).Order().ToArray();
            return all.SequenceEqual(Enumerable.Range(0, one.lengths.Length))
                && batches.All(batch => batch.Length >= 1 && batch.Length <= one.examples)
                && batches.All(batch => batch.Length == 1 || batch.Length * batch.Max(example => one.lengths[example]) <= one.tokens);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Plan_SameSeed_SameBatchesAndOtherSeedOthers()
    {
        int[] lengths = [.. Enumerable.Range(0, 500).Select(i => 1 + (i * 7919 % 60))];
        static string Text(IReadOnlyList<int[]> batches) => string.Join('|', batches.Select(batch => string.Join(',', batch)));

        Text(LengthBuckets.Plan(lengths, 16, 1000, 4)).ShouldBe(Text(LengthBuckets.Plan(lengths, 16, 1000, 4)));
        Text(LengthBuckets.Plan(lengths, 16, 1000, 5)).ShouldNotBe(Text(LengthBuckets.Plan(lengths, 16, 1000, 4)));
    }

    [Fact]
    public void Plan_MixedLengths_PadsLittle()
    {
        var random = new Random(1);
        int[] lengths = [.. Enumerable.Range(0, 4000).Select(_ => 4 + random.Next(60))];

        var batches = LengthBuckets.Plan(lengths, 32, 100_000, 1);

        var padded = batches.Sum(batch => batch.Length * batch.Max(example => lengths[example]));
        ((double)padded / lengths.Sum()).ShouldBeLessThan(1.05);
    }

    [Fact]
    public void Permutation_Many_PutsEveryItemEverywhereAboutEquallyOften()
    {
        var counts = new int[5, 5];
        for (var seed = 0; seed < 10_000; seed++)
        {
            var order = RandomSeed.Permutation((ulong)seed, 5);
            for (var place = 0; place < 5; place++)
            {
                counts[place, order[place]]++;
            }
        }

        // 2,000 expected, with a standard deviation of 40.
        counts.Cast<int>().ShouldAllBe(count => count > 1800 && count < 2200);
    }
}
