using FsCheck;
using FsCheck.Fluent;
using RagPlatform.FineTuning.Retrieving.Batches;

namespace RagPlatform.FineTuning.Tests.Retrieving;

public sealed class ContrastiveBatchTests
{
    [Fact]
    public void Batch_OfAnyExamples_HoldsEachTextOnceAndEachPositive()
    {
        var ids = Gen.Choose(0, 6);
        var example = from query in ids
                      from positive in ids
                      from negatives in Gen.ArrayOf(ids)
                      select new ContrastiveExample(query, positive, negatives);

        Prop.ForAll(Gen.NonEmptyListOf(example).ToArbitrary(), examples =>
        {
            var batch = new ContrastiveBatch([.. examples], (_, _) => true);

            return batch.Queries.Distinct().Count() == batch.Queries.Count
                && batch.Passages.Distinct().Count() == batch.Passages.Count
                && batch.Rows.Select((row, i) => (row, i)).All(pair =>
                    batch.Queries[pair.row.Query] == examples[pair.i].Query
                    && batch.Passages[pair.row.Positive] == examples[pair.i].Positive
                    && !batch.IsExcluded(pair.i, pair.row.Positive))
                && examples.SelectMany(each => each.Negatives).All(batch.Passages.Contains);
        }).Check(Config.QuickThrowOnFailure.WithReplay(1, 3));
    }

    [Fact]
    public void Texts_ThatDifferInSpaceAlone_AreOne()
    {
        var texts = new DistinctTexts();

        texts.Add("a  passage\n").ShouldBe(texts.Add(" a passage"));
        texts.Add("A passage").ShouldBe(1);
        texts.Count.ShouldBe(2);
        texts[0].ShouldBe("a  passage\n");
    }
}
