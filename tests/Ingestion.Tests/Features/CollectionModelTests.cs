using Google.Protobuf;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>A document is prepared for the model of its collection.</summary>
public sealed class CollectionModelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Document_OfACollectionWithAModel_IsPreparedForIt_OthersForTheDefault()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        host.Retrieval.Models["own"] = "own-model";

        await PutAsync(host, "a", "own");
        await PutAsync(host, "b", "docs");
        await PutAsync(host, "c", "own");

        host.Downstream.Prepared.Select(batch => (batch.Document.DocumentId, batch.Model)).ShouldBe([("a", "own-model"), ("b", "letters"), ("c", "own-model")]);
        host.Retrieval.Asked.ToList().ShouldBe(["default/own", "default/docs"]);
    }

    [Fact]
    public async Task Document_WhileRetrievalIsDown_WaitsForIt()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        host.Retrieval.Models["own"] = "own-model";
        // As many as one call and its own repetitions make.
        host.Retrieval.FailNext(4);

        await PutAsync(host, "a", "own");

        host.Downstream.Prepared.ShouldHaveSingleItem().Model.ShouldBe("own-model");
    }

    [Fact]
    public async Task Document_WhoseModelIsUnknown_FailsAtOnceWithTheRemedy()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        host.Retrieval.Models["own"] = host.Embedding.UnknownModel = "gone-model";
        await host.Client.PutDocumentAsync(Document("a", "own"));

        var last = (await host.WatchAsync("a", collection: "own"))[^1];

        (last.State, last.Failure.Step, last.Failure.Code).ShouldBe((DocumentState.Failed, "chunking", "MODEL_UNKNOWN"));
        last.Failure.Reason.ShouldContain("'gone-model' is unknown");
        last.Failure.Remedy.ShouldContain("rag collections rebuild own --model");
        host.Embedding.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task ChunkingHash_SaysWhichTokenizerAndSizesCut()
    {
        string first;
        await using (var host = await IngestionHost.StartAsync(_folder.Path))
        {
            host.Retrieval.Models["own"] = "twin-of-the-default";
            await PutAsync(host, "a", "docs");
            await PutAsync(host, "b", "own");
            first = host.Downstream.Prepared.Select(batch => batch.ChunkingHash).Distinct().ShouldHaveSingleItem("both models have one vocabulary");
            first.Length.ShouldBe(16);
        }

        await using var restarted = await IngestionHost.StartAsync(_folder.Path, settings: ("Ingestion:ChunkMaxTokens", "40"));
        await PutAsync(restarted, "c", "docs");
        restarted.Downstream.Prepared.ShouldHaveSingleItem().ChunkingHash.ShouldNotBe(first);
    }

    private static async Task PutAsync(IngestionHost host, string id, string collection)
    {
        await host.Client.PutDocumentAsync(Document(id, collection));
        (await host.WatchAsync(id, collection: collection))[^1].State.ShouldBe(DocumentState.Indexed);
    }

    private static PutDocumentRequest Document(string id, string collection) => new()
    {
        Header = new DocumentHeader { Tenant = "default", Collection = collection, Id = id, Title = id }, Content = ByteString.CopyFromUtf8($"The text of {id}."),
    };
}
