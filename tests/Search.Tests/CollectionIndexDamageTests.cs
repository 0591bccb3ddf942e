using RagPlatform.Search.Tests.Segments;

namespace RagPlatform.Search.Tests;

public sealed class CollectionIndexDamageTests
{
    private const int Flips = 1000;

    [Fact]
    public async Task Open_AfterOneByteOfAnyFileChanged_ServesWhatIsRightAndReportsWhatIsMissing()
    {
        var random = new Random(1);
        var (files, model) = await FilledAsync(random);
        var names = files.List();
        names.Count(name => name.StartsWith("segment-", StringComparison.Ordinal)).ShouldBeGreaterThan(1);
        names.ShouldContain(name => name.StartsWith("log-", StringComparison.Ordinal) && files.Content(name).Length > 10_000);
        var flipsWithLoss = 0;
        for (var flip = 0; flip < Flips; flip++)
        {
            var name = names[flip % names.Count];
            var content = files.Content(name);
            var at = random.Next(content.Length);
            content[at] ^= (byte)random.Next(1, 256);
            var damaged = files.Copy();
            damaged.Put(name, content);

            await using (var index = CollectionIndex.Open(damaged, TestDocuments.Options, TimeProvider.System))
            {
                var held = index.Documents().Select(document => document.DocumentId).ToList();
                held.ShouldBeUnique();
                held.ShouldBeSubsetOf(model.Held.Keys);
                held.ForEach(id => model.ShouldEqual(index, id));
                model.ShouldFindOnlyWhatIsHeld(index, random);
                if (held.Count < model.Held.Count)
                {
                    flipsWithLoss++;
                    index.Describe().LostSegments.ShouldNotBeEmpty($"byte {at} of {name}");
                }
            }

            damaged.OpenMaps.ShouldBe(0);
            if (flip % 10 == 0)
            {
                await using var again = CollectionIndex.Open(damaged, TestDocuments.Options, TimeProvider.System);
                again.Describe().LostSegments.ShouldBeEmpty("what was set aside is out of the way");
            }
        }

        flipsWithLoss.ShouldBeGreaterThan(Flips / 4);
    }

    [Fact]
    public async Task Open_WithDamageInASegment_LosesItsDocumentsAloneAndTakesThemBack()
    {
        var (files, model) = await FilledAsync(new Random(2));
        var name = files.List().First(file => file.StartsWith("segment-", StringComparison.Ordinal));
        var content = files.Content(name);
        content[content.Length / 2] ^= 1;
        files.Put(name, content);

        await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);

        var lost = index.Describe().LostSegments.ShouldHaveSingleItem();
        lost.File.ShouldBe(name + ".lost");
        lost.Reason.ShouldContain("damaged");
        files.List().ShouldContain(lost.File);
        var missing = model.Held.Values.Where(document => index.VersionOf(document.DocumentId) == 0).ToList();
        missing.Count.ShouldBeInRange(1, model.Held.Count - 1);
        foreach (var document in missing)
        {
            await index.ReplaceAsync(document, default);
        }

        model.ShouldEqual(index);
    }

    [Fact]
    public async Task Maintain_WithASegmentThatWentBadSinceItWasOpened_GivesItNoNewChecksums()
    {
        var random = new Random(4);
        var files = new MemoryIndexFiles();
        var model = new IndexModel();
        await using (var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System))
        {
            for (var step = 0; step < 60; step++)
            {
                await model.ReplaceAsync(index, $"d{step}", random);
                await index.MaintainAsync(default);
            }

            var name = files.List().First(file => file.StartsWith("segment-", StringComparison.Ordinal));
            files.Damage(name, files.Content(name).Length / 2);
            var refusal = await Should.ThrowAsync<IOException>(async () =>
            {
                for (var step = 0; step < 300; step++)
                {
                    await model.ReplaceAsync(index, $"e{step}", random);
                    await index.MaintainAsync(default);
                }
            });
            refusal.Message.ShouldContain(name);
        }

        await using var reopened = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        reopened.Describe().LostSegments.ShouldHaveSingleItem();
        foreach (var held in reopened.Documents())
        {
            model.ShouldEqual(reopened, held.DocumentId);
        }
    }

    [Theory]
    [InlineData("manifest")]
    [InlineData("log-")]
    public async Task Open_WithoutAFileThatSaysWhatIsCurrent_ServesNothingAndReportsEverything(string prefix)
    {
        var (files, model) = await FilledAsync(new Random(3));
        files.Delete(files.List().First(file => file.StartsWith(prefix, StringComparison.Ordinal)));

        await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);

        index.Documents().ShouldBeEmpty();
        index.Describe().LostSegments.Count.ShouldBeGreaterThan(1);
        foreach (var document in model.Held.Values)
        {
            await index.ReplaceAsync(document, default);
        }

        model.ShouldEqual(index);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Writes_WhileTheDiskFailsNowAndThen_ChangeNothingOrAllAndGoOnAfterMaintenance(int seed)
    {
        var random = new Random(seed);
        var files = new MemoryIndexFiles();
        var model = new IndexModel();
        var failures = 0;
        for (var round = 0; round < 10; round++)
        {
            await using (var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System))
            {
                model.Settle(index);
                for (var step = 0; step < 100; step++)
                {
                    files.GoDownAfter(random.Next(150));
                    try
                    {
                        await (random.Next(10) == 0 ? index.MaintainAsync(default) : model.ReplaceAsync(index, $"d{random.Next(20)}", random));
                    }
                    catch (IOException)
                    {
                        failures++;
                        files.GoDownAfter(int.MaxValue);
                        model.ShouldEqual(index);
                        await index.MaintainAsync(default);
                        // What failed was in a log that counts no more.
                        model.Forget();
                    }
                }

                model.ShouldEqual(index);
                files.GoDownAfter(int.MaxValue);
            }

            files = files.Crash(random);
        }

        failures.ShouldBeGreaterThan(20);
        await using var last = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        model.ShouldEqual(last);
    }

    /// <summary>Several files with deleted documents in them, and a log with replacements and removals.</summary>
    private static async Task<(MemoryIndexFiles Files, IndexModel Model)> FilledAsync(Random random)
    {
        var files = new MemoryIndexFiles();
        var model = new IndexModel();
        await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        for (var step = 0; step < 50; step++)
        {
            await model.ReplaceAsync(index, $"d{random.Next(30)}", random);
            await index.MaintainAsync(default);
        }

        for (var step = 0; step < 10; step++)
        {
            await (step % 3 == 0 ? model.RemoveAsync(index, $"d{random.Next(30)}") : model.ReplaceAsync(index, $"d{random.Next(30)}", random));
        }

        return (files, model);
    }
}
