using RagPlatform.Contracts.Retrieval;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Tests.Storage;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Features;

/// <summary>A damaged file is set aside, its documents are asked for, and searched again once they have come.</summary>
public sealed class RepairDocumentsTests
{
    [Fact]
    public async Task Restart_WithADamagedFile_AsksForItsDocumentsUntilTheyAreBack()
    {
        await using var host = await RetrievalHost.StartAsync();
        await host.IndexAsync([.. Enumerable.Range(0, 4).SelectMany(i => Batches.Version(Batches.Document($"doc{i}"), 3))]);

        await host.RestartAsync(data => SnapshotTests.Damage(Path.Combine(data, "retrieval", "indexes")));

        await TestTimeout.EventuallyAsync(() => Task.FromResult(host.Bus.Published.Select<DocumentLost>().Any()), "the lost are asked for");
        var described = await DescribeAsync(host);
        described.Health.ShouldBe(CollectionHealth.Repairing);
        described.MissingDocuments.ShouldBeInRange(1, 4);
        (described.DocumentCount + described.MissingDocuments).ShouldBe(4);
        described.HealthDetail.ShouldContain("indexed again");
        var lost = host.Bus.Published.Select<DocumentLost>().Select(sent => sent.Context.Message).ToList();
        lost.Select(document => document.Document.DocumentId).Distinct().Count().ShouldBe((int)described.MissingDocuments);
        lost.ShouldAllBe(document => document.Version == 3 && document.Reason.Length > 0);

        foreach (var document in lost)
        {
            await host.IndexAsync(Batches.Version(document.Document, 3));
        }

        described = await DescribeAsync(host);
        (described.Health, described.DocumentCount, described.MissingDocuments).ShouldBe((CollectionHealth.Ready, 4L, 0L));
    }

    [Fact]
    public async Task Maintenance_FindsAFileThatWentBad_OpensTheIndexAnewAndAsksForItsDocuments()
    {
        await using var host = await RetrievalHost.StartAsync();
        await host.IndexAsync([.. Enumerable.Range(0, 4).SelectMany(i => Batches.Version(Batches.Document($"doc{i}"), 3))]);
        var data = "";
        await host.RestartAsync(path => data = path);
        DamageInPlace(Path.Combine(data, "retrieval", "indexes"));

        // So that the file is due to be rewritten without them.
        await host.Service<DocumentWriter>().RemoveAsync(TestStore.Docs, "doc0", 4, default);
        await host.Service<DocumentWriter>().RemoveAsync(TestStore.Docs, "doc1", 4, default);

        await TestTimeout.EventuallyAsync(async () => (await DescribeAsync(host)).MissingDocuments == 2, "the lost are noticed");
        await host.IndexAsync(Batches.Version(Batches.Document("doc2"), 3));
        await host.IndexAsync(Batches.Version(Batches.Document("doc3"), 3));
        var described = await DescribeAsync(host);
        (described.Health, described.DocumentCount, described.MissingDocuments).ShouldBe((CollectionHealth.Ready, 2L, 0L));
    }

    [Fact]
    public async Task Start_OneIndexCannotBeOpened_OnlyItsCollectionWaitsUntilItCan()
    {
        await using var host = await RetrievalHost.StartAsync();
        await host.IndexAsync(Batches.Version(Batches.Document("a"), 1));
        await host.IndexAsync(Batches.Version(Batches.Document("b", "others"), 1));
        var folder = "";
        await host.RestartAsync(data =>
        {
            folder = Directory.GetDirectories(Path.Combine(data, "retrieval", "indexes", "acme", "docs")).Single();
            Directory.Move(folder, folder + ".away");
            File.WriteAllText(folder, "in the way");
        });

        var described = await DescribeAsync(host);
        described.Health.ShouldBe(CollectionHealth.Unavailable);
        described.HealthDetail.ShouldContain("cannot be opened");
        (await SearchAsync(host, "others")).Hits.Count.ShouldBe(4);

        File.Delete(folder);
        Directory.Move(folder + ".away", folder);
        await TestTimeout.EventuallyAsync(async () => (await DescribeAsync(host)).Health == CollectionHealth.Ready, "the index is opened");
        (await SearchAsync(host, "docs")).Hits.Count.ShouldBe(4);
    }

    /// <summary>Without cutting the file, which is mapped.</summary>
    internal static void DamageInPlace(string folder)
    {
        var path = Directory.EnumerateFiles(folder, "segment-*", SearchOption.AllDirectories).Single();
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 0x10));
    }

    private static async Task<SearchResponse> SearchAsync(RetrievalHost host, string collection) =>
        await host.Client.SearchAsync(new SearchRequest { Tenant = "acme", Collection = collection, Query = "common", TopK = 100 });

    private static async Task<Collection> DescribeAsync(RetrievalHost host) =>
        (await host.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "acme", Collection = "docs" })).Collection;
}
