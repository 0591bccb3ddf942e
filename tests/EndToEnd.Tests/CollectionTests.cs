using Grpc.Core;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>What can be done with a collection as a whole, on the standalone platform with the real model.</summary>
public sealed class CollectionTests
{
    private const string Collection = "manuals";
    private const int Documents = 60;

    private static readonly TimeSpan Minutes = TimeSpan.FromSeconds(120);

    [RequiresModelFact]
    public async Task DamagedFile_FoundAtTheStart_IsSetAsideAndItsDocumentsAreIndexedAgain()
    {
        await using var platform = await StandalonePlatform.StartAsync();
        using var gateway = platform.Connect();
        await FillAsync(gateway);
        await platform.KillAsync();

        var damaged = Directory.EnumerateFiles(platform.File("data/retrieval/indexes"), "*", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!;
        var bytes = await File.ReadAllBytesAsync(damaged);
        // A sector of the disk: one byte alone may be padding.
        foreach (ref var damage in bytes.AsSpan(bytes.Length / 3, 4096))
        {
            damage ^= 0x20;
        }

        await File.WriteAllBytesAsync(damaged, bytes);
        await platform.RestartAsync();

        await TestTimeout.EventuallyAsync(
            async () => await DescribeAsync(gateway) is { Health: CollectionHealth.Ready } collection && collection.DocumentCount == Documents, "the repair", Minutes);
        await gateway.WaitForIndexedAsync(Collection, Documents, Minutes);
        await Promises.ShouldBeIndexedOnceAsync(gateway, Collection, Documents);
        (await LostAsync(gateway)).ShouldBeGreaterThan(0);
    }

    [RequiresModelFact]
    public async Task SecondIndex_KilledInTheMiddleWhileSearched_ResumesAndNoSearchFails()
    {
        await using var platform = await StandalonePlatform.StartAsync();
        using var gateway = platform.Connect();
        await FillAsync(gateway);

        await gateway.Client.StartBuildAsync(new StartBuildRequest { Collection = Collection, ChunkAgain = true }, gateway.Headers);
        await TestTimeout.EventuallyAsync(async () => (await DescribeAsync(gateway)).Build is { DoneDocuments: > 0 } or { State: BuildState.Succeeded }, "the first document of the build", Minutes);
        await platform.KillAsync();
        await platform.RestartAsync();

        using var done = new CancellationTokenSource();
        var searches = SearchUntilAsync(gateway, done.Token);
        IndexBuild? build = null;
        using (var watch = gateway.Client.WatchBuild(new WatchBuildRequest { Collection = Collection }, gateway.Headers, TimeProvider.System.GetUtcNow().UtcDateTime + Minutes))
        {
            await foreach (var response in watch.ResponseStream.ReadAllAsync())
            {
                build = response.Build;
            }
        }

        build.ShouldNotBeNull().State.ShouldBe(BuildState.Succeeded, build.Failure);
        build.DoneDocuments.ShouldBe(Documents);
        await done.CancelAsync();
        (await searches.WithTimeout("the searches")).ShouldBeGreaterThan(0);
        await Promises.ShouldBeIndexedOnceAsync(gateway, Collection, Documents);
    }

    [RequiresModelFact]
    public async Task Alias_OfACollection_IsSearchedLikeIt_UntilTheCollectionIsDeleted()
    {
        await using var platform = await StandalonePlatform.StartAsync();
        using var gateway = platform.Connect();
        await gateway.PutAsync(Collection, Manuals.Id(7), Manuals.Text(7));
        await gateway.WaitForIndexedAsync(Collection, 1, Minutes);
        await gateway.Client.SetAliasAsync(new SetAliasRequest { Alias = "pumps", Collection = Collection }, gateway.Headers);

        (await gateway.SearchAsync("pumps", "valve code of pump 7")).Hits.ShouldContain(hit => hit.DocumentId == Manuals.Id(7));

        (await gateway.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Collection = Collection }, gateway.Headers)).DocumentCount.ShouldBe(1);
        (await gateway.SearchAsync(Collection, "valve code of pump 7")).Hits.ShouldBeEmpty();
        await TestTimeout.EventuallyAsync(async () => (await gateway.ListAsync(Collection)).Count == 0, "the registry without the collection's document");
        (await gateway.Client.ListCollectionsAsync(new ListCollectionsRequest(), gateway.Headers)).Collections.ShouldNotContain(collection => collection.Name == Collection);
    }

    private static async Task FillAsync(Gateway gateway)
    {
        await Promises.PutAllAsync(gateway, Collection, Documents);
        await gateway.WaitForIndexedAsync(Collection, Documents, Minutes);
    }

    /// <summary>Documents whose log says that the index had lost them.</summary>
    private static async Task<int> LostAsync(Gateway gateway)
    {
        var lost = 0;
        for (var number = 0; number < Documents; number++)
        {
            var log = await gateway.Client.GetDocumentAsync(new GetDocumentRequest { Collection = Collection, Id = Manuals.Id(number) }, gateway.Headers);
            lost += log.Events.Any(happening => happening.Detail.Contains("index lost", StringComparison.Ordinal)) ? 1 : 0;
        }

        return lost;
    }

    private static async Task<Collection> DescribeAsync(Gateway gateway) =>
        (await gateway.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Collection = Collection }, gateway.Headers)).Collection;

    /// <summary>Every search finds the one document that holds its valve code, whichever index answers.</summary>
    private static async Task<int> SearchUntilAsync(Gateway gateway, CancellationToken done)
    {
        var searches = 0;
        for (var number = 0; !done.IsCancellationRequested; number = (number + 1) % Documents)
        {
            var hits = (await gateway.SearchAsync(Collection, $"valve code {Manuals.Valve(number)}", 5)).Hits;
            hits.ShouldContain(hit => hit.DocumentId == Manuals.Id(number));
            hits.Select(hit => hit.ChunkId).ShouldBeUnique();
            searches++;
        }

        return searches;
    }
}
