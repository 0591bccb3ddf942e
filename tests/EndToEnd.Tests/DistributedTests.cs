using System.Text.Json;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

[Collection(nameof(DistributedPlatform))]
public sealed class DistributedTests(DistributedPlatform platform)
{
    private const int Documents = 200;
    private static readonly TimeSpan IngestLimit = TimeSpan.FromSeconds(120);

    [RequiresDistributedFact]
    public async Task ForeignClient_Drops200Documents_HearsOfEachAndGetsAStreamedAnswer()
    {
        const string collection = "foreign";

        var drop = await platform.ForeignClient.RunAsync("drop.mjs", platform.Run.Rabbitmq, collection, $"{Documents}", "120");
        drop.GetProperty("failures").GetArrayLength().ShouldBe(0, drop.ToString());
        drop.GetProperty("indexed").GetInt32().ShouldBe(Documents);

        var answer = await platform.ForeignClient.RunAsync("ask.mjs", new Uri(platform.Run.Gateway).Authority, platform.Key, collection, "What is the valve code of pump 42?");
        answer.GetProperty("order").Deserialize<string[]>().ShouldBe(["sources", "text", "citations", "completion"]);
        answer.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain("V-1042");
        var citation = answer.GetProperty("citations")[0];
        citation.GetProperty("document_id").GetString().ShouldBe("manual-42.md");
        answer.GetProperty("text").GetString()!.ShouldContain("[1]");

        using var dashboard = new Dashboard(platform.Run.Dashboard);
        var dropTrace = await dashboard.WaitForTraceAsync(drop.GetProperty("traceId").GetString()!, ["ingestion", "embedding", "retrieval"]);
        dropTrace.ShouldContain(span => span.Name.Contains("rag.documents", StringComparison.Ordinal));
        dropTrace.ShouldContain(span => span.Name == "ChunksPrepared send");
        dropTrace.Count(span => span.Name.Contains("receive", StringComparison.OrdinalIgnoreCase)).ShouldBeGreaterThanOrEqualTo(3, "the drop, its chunks, and their vectors");
        new[] { "process", "extract", "chunk", "send" }.ShouldBeSubsetOf(dropTrace.Select(span => span.Name));

        var askTrace = answer.GetProperty("completion").GetProperty("trace_id").GetString()!;
        await dashboard.WaitForTraceAsync(askTrace, ["gateway", "generation", "retrieval", "embedding"]);
    }

    [RequiresDistributedFact]
    public async Task BadDrops_EachFailWithAReason_AndTheGoodOnesBesideThemAreIndexed()
    {
        const string collection = "bad-drops";
        var drops = await platform.ForeignClient.RunAsync("bad-drops.mjs", platform.Run.Rabbitmq, collection, $"{200 * 1024 * 1024}");
        var brokersRefusal = drops.GetProperty("refusal").GetString();
        using var gateway = platform.Connect();

        await gateway.WaitForIndexedAsync(collection, 3, IngestLimit);
        await TestTimeout.EventuallyAsync(async () => await gateway.CountAsync(collection, DocumentState.Failed) == (brokersRefusal is null ? 4 : 3), "the failed documents", IngestLimit);
        var failures = (await gateway.ListAsync(collection, DocumentState.Failed)).ToDictionary(document => document.Id, document => document.Failure);
        failures["no-text.md"].Reason.ShouldContain("text");
        (brokersRefusal ?? failures["large.txt"].Reason).ShouldContain("2097152");
        failures["bad-base64.md"].Reason.ShouldContain("contentBase64");
        failures["unsupported.bin"].Reason.ShouldContain("contentType");
        failures.Values.ShouldAllBe(failure => failure.Remedy.Length > 0);

        var deadLetters = await DeadLetters.ReadAsync(platform.Run.Rabbitmq, "rag.documents_error", count: 2);
        deadLetters.ShouldContain(letter => letter.Reason.Contains("JSON", StringComparison.Ordinal));
        deadLetters.ShouldContain(letter => letter.Field == "collection");
    }

    [RequiresDistributedFact]
    public Task KillOfIngestion_InTheMiddle_LosesNothing() => KillInTheMiddleAsync("ingestion");

    [RequiresDistributedFact]
    public Task KillOfEmbedding_InTheMiddle_LosesNothing() => KillInTheMiddleAsync("embedding");

    [RequiresDistributedFact]
    public Task KillOfRetrieval_InTheMiddle_LosesNothing() => KillInTheMiddleAsync("retrieval");

    [RequiresDistributedFact]
    public async Task KillOfGatewayAndGeneration_AreRestartedAndAnswerAgain()
    {
        const string collection = "front";
        using (var gateway = platform.Connect())
        {
            await gateway.PutAsync(collection, Manuals.Id(1), Manuals.Text(1));
            await gateway.WaitForIndexedAsync(collection, 1, IngestLimit);
        }

        await platform.KillAsync("generation");
        await platform.KillAsync("gateway");

        using var again = platform.Connect();
        (await again.AskAsync(collection, "What is the valve code of pump 1?")).Text.ShouldContain(Manuals.Valve(1));
    }

    private async Task KillInTheMiddleAsync(string service)
    {
        var collection = $"kill-{service}";
        using var gateway = platform.Connect();
        await Drops.PublishManualsAsync(platform.Run.Rabbitmq, collection, Documents);
        await TestTimeout.EventuallyAsync(async () => await gateway.CountAsync(collection, DocumentState.Indexed) > 0, "the first document indexed");
        (await gateway.CountAsync(collection, DocumentState.Indexed)).ShouldBeLessThan(Documents);
        await platform.KillAsync(service);

        await gateway.WaitForIndexedAsync(collection, Documents, IngestLimit);
        await Promises.ShouldBeIndexedOnceAsync(gateway, collection, Documents);
        await Promises.ResendShouldChangeNothingAsync(gateway, collection, Documents);
        await Promises.DeletedShouldBeGoneAsync(gateway, collection, Documents, deleted: 50);
    }
}

[CollectionDefinition(nameof(DistributedPlatform))]
public sealed class DistributedCollection : ICollectionFixture<DistributedPlatform>;
