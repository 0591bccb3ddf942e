using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>What must hold of a collection of manuals after whatever was done to the platform.</summary>
internal static class Promises
{
    /// <summary>Many at a time: faster than they can be indexed.</summary>
    public static Task PutAllAsync(Gateway gateway, string collection, int documents) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, documents),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (number, _) => await gateway.PutAsync(collection, Manuals.Id(number), Manuals.Text(number)));

    public static async Task ShouldBeIndexedOnceAsync(Gateway gateway, string collection, int documents)
    {
        var listed = await gateway.ListAsync(collection);
        listed.Count.ShouldBe(documents);
        listed.ShouldAllBe(document => document.Version == 1 && document.IndexedVersion == 1 && document.ChunkCount > 0);
        foreach (var number in new[] { 0, documents / 3, documents - 1 })
        {
            var hits = (await gateway.SearchAsync(collection, $"valve code {Manuals.Valve(number)}", 100)).Hits;
            hits.Select(hit => hit.ChunkId).ShouldBeUnique();
            hits.ShouldContain(hit => hit.DocumentId == Manuals.Id(number) && hit.Text.Contains(Manuals.Valve(number), StringComparison.Ordinal));
        }
    }

    public static async Task ResendShouldChangeNothingAsync(Gateway gateway, string collection, int documents)
    {
        var before = await gateway.ListAsync(collection);
        for (var number = 0; number < documents; number++)
        {
            (await gateway.PutAsync(collection, Manuals.Id(number), Manuals.Text(number))).Unchanged.ShouldBeTrue();
        }

        (await gateway.ListAsync(collection)).ShouldBe(before);
    }

    public static async Task DeletedShouldBeGoneAsync(Gateway gateway, string collection, int documents, int deleted)
    {
        for (var number = 0; number < deleted; number++)
        {
            await gateway.DeleteAsync(collection, Manuals.Id(number));
        }

        await TestTimeout.EventuallyAsync(async () => await gateway.CountAsync(collection, DocumentState.Deleted) == deleted, $"{deleted} documents deleted");
        var gone = Enumerable.Range(0, deleted).Select(Manuals.Id).ToHashSet();
        (await gateway.ListAsync(collection)).Select(document => document.Id).Order()
            .ShouldBe(Enumerable.Range(deleted, documents - deleted).Select(Manuals.Id).Order());
        for (var number = 0; number < deleted; number += 7)
        {
            (await gateway.SearchAsync(collection, $"valve code {Manuals.Valve(number)} of pump {number}", 100)).Hits.ShouldNotContain(hit => gone.Contains(hit.DocumentId));
            (await gateway.AskAsync(collection, $"What is the valve code of pump {number}?")).Citations.ShouldNotContain(citation => gone.Contains(citation.DocumentId));
        }
    }
}
