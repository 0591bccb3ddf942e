using Google.Protobuf;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Scheduling;

/// <summary>Through the whole service: one tenant's many documents, another's one.</summary>
public sealed class FairnessTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Document_OfAnotherTenant_IsSentAtOnce_WhileTheFirstTenantsFillWhatMayBeInFlight()
    {
        await using var host = await IngestionHost.StartAsync(
            _folder.Path, prepare: (downstream, _) => downstream.IsKilled = true, settings: [("Ingestion:MaxChunksInFlight", "8"), ("Ingestion:MaxDocumentsInFlight", "20")]);
        for (var index = 0; index < 40; index++)
        {
            await PutAsync(host, "many", $"document {index}", "text");
        }

        await TestTimeout.EventuallyAsync(() => Task.FromResult(host.Downstream.Prepared.Count == 4), "half of what may be in flight is sent");
        await PutAsync(host, "one", "only", "text");

        await TestTimeout.EventuallyAsync(() => Task.FromResult(host.Downstream.Prepared.Any(batch => batch.Document.Tenant == "one")), "the other tenant's document is sent");
        host.Downstream.Prepared.Count.ShouldBe(5, "nothing of the first tenant's has come back");
    }

    [Fact]
    public async Task Documents_WithFewPlacesInEveryRoom_AllGetThrough()
    {
        await using var host = await IngestionHost.StartAsync(
            _folder.Path,
            settings: [("Ingestion:MaxChunksInFlight", "1"), ("Ingestion:MaxDocumentsInFlight", "1"), ("Ingestion:ProcessConcurrency", "1"), ("Ingestion:MaxPreparedBytes", "1048576")]);
        var text = string.Join("\n\n", Enumerable.Range(0, 100).Select(index => $"Paragraph {index} says what number {index} is. " + new string('x', 120) + "."));
        for (var index = 0; index < 12; index++)
        {
            await PutAsync(host, $"tenant-{index % 3}", $"document {index}", $"{index} {text}");
        }

        for (var index = 0; index < 12; index++)
        {
            (await host.WatchAsync($"document {index}", $"tenant-{index % 3}"))[^1].State.ShouldBe(DocumentState.Indexed);
        }

        host.Downstream.Prepared.GroupBy(batch => (batch.Document, batch.BatchIndex)).ShouldAllBe(batch => batch.Count() == 1);
    }

    [Fact]
    public async Task Collection_WhoseModelIsNotThere_RestsAsAWhole_AndHoldsUpNoOther()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, prepare: (_, embedding) => embedding.FailModel("absent"), settings: ("Ingestion:ResumeIntervalSeconds", "1"));
        host.Retrieval.Models["waiting"] = "absent";
        for (var index = 0; index < 30; index++)
        {
            await PutAsync(host, "default", $"document {index}", "text", "waiting");
        }

        for (var index = 0; index < 10; index++)
        {
            await PutAsync(host, "default", $"other {index}", "text");
            (await host.WatchAsync($"other {index}"))[^1].State.ShouldBe(DocumentState.Indexed);
        }

        host.Embedding.Calls.ShouldBeLessThan(20, "one document is tried now and then, not each of them");
        host.Embedding.FailModel(null);
        for (var index = 0; index < 30; index++)
        {
            var events = await host.WatchAsync($"document {index}", collection: "waiting");
            (events[^1].State, events.Count(entry => entry.State is DocumentState.Extracting && entry.Detail.Length == 0)).ShouldBe((DocumentState.Indexed, 1));
        }
    }

    private static async Task PutAsync(IngestionHost host, string tenant, string id, string text, string collection = "docs") =>
        await host.Client.PutDocumentAsync(new PutDocumentRequest
        {
            Header = new DocumentHeader { Tenant = tenant, Collection = collection, Id = id },
            Content = ByteString.CopyFromUtf8(text),
        });
}
