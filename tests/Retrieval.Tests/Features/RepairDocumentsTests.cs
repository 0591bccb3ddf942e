using RagPlatform.Contracts.Retrieval;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
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

    private static async Task<Collection> DescribeAsync(RetrievalHost host) =>
        (await host.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "acme", Collection = "docs" })).Collection;
}
