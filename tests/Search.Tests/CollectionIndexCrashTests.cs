using RagPlatform.Search.Tests.Segments;

namespace RagPlatform.Search.Tests;

/// <summary>Random operations against a dictionary, with a disk that goes down in the middle of them.</summary>
public sealed class CollectionIndexCrashTests
{
    private const int Documents = 25;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task State_AfterCrashesAtRandomPoints_IsWhatWasAcknowledged(int seed)
    {
        var random = new Random(seed);
        var model = new IndexModel();
        var files = new MemoryIndexFiles();
        var crashes = 0;
        for (var round = 0; round < 60; round++)
        {
            // Some rounds go down while the index is opened.
            files.GoDownAfter(random.Next(4) == 0 ? random.Next(40) : random.Next(40, 3000));
            try
            {
                await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
                model.Settle(index);
                for (var step = 0; step < 60; step++)
                {
                    await StepAsync(index, model, random);
                }

                model.ShouldEqual(index);
            }
            catch (IOException) when (files.IsDown)
            {
                crashes++;
            }

            files.OpenMaps.ShouldBe(0);
            files = files.Crash(random);
        }

        crashes.ShouldBeGreaterThan(10);
        await using var last = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        model.Settle(last);
        last.Describe().LostSegments.ShouldBeEmpty();
    }

    private static async Task StepAsync(CollectionIndex index, IndexModel model, Random random)
    {
        switch (random.Next(20))
        {
            case 0:
                await index.MaintainAsync(default);
                break;
            case < 5:
                await model.RemoveAsync(index, IdOf(random));
                break;
            case < 8:
                // Writes that wait together.
                await Task.WhenAll(Enumerable.Range(0, 4).Select(i => model.ReplaceAsync(index, $"together {i}", random)));
                break;
            default:
                await model.ReplaceAsync(index, IdOf(random), random);
                break;
        }

        model.ShouldEqual(index, IdOf(random));
    }

    private static string IdOf(Random random) => $"d{random.Next(Documents)}";
}
