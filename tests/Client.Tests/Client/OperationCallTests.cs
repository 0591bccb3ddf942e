using RagPlatform.Protos.Documents.V1;
using RagPlatform.TestKit;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client.Tests.Client;

public sealed class OperationCallTests
{
    [Fact]
    public async Task Batch_TellsItsStatesAndWhatIsUnknown()
    {
        var gateway = new FakeGateway();
        gateway.Answers[typeof(V1.GetBatchRequest)] = new V1.GetBatchResponse
        {
            Batch = new Protos.Documents.V1.Batch
            {
                Id = "run", Documents = new DocumentCounts { Indexed = 2, Failed = 1, Superseded = 1 }, DocumentCount = 4, RemainingSeconds = 12, HasEstimate = false, Paused = true,
                Failed = { new Protos.Documents.V1.FailedDocument { Collection = "docs", Id = "a", Version = 3, Step = "embedding", Code = "TIMED_OUT", Reason = "slow.", Attempts = 5 } },
            },
        };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var batch = await client.GetBatchAsync("run", maxFailed: 7);

        ((V1.GetBatchRequest)gateway.Requests.Single()).ShouldBe(new V1.GetBatchRequest { BatchId = "run", MaxFailed = 7 });
        (batch.Count(DocumentState.Indexed), batch.Count(DocumentState.Received), batch.SupersededCount, batch.RemainingSeconds, batch.IsPaused).ShouldBe((2, 0, 1, null, true));
        batch.Documents.Keys.ShouldBe([DocumentState.Indexed, DocumentState.Failed], ignoreOrder: true);
        batch.Failed.ShouldHaveSingleItem().ShouldBe(new FailedDocument("docs", "a", 3, new DocumentFailure("embedding", "TIMED_OUT", "slow.", "", 5)));
    }

    [Theory]
    [InlineData(null, 0, false)]
    [InlineData(0L, 0, true)]
    [InlineData(41L, 41, false)]
    public async Task Watch_BeginsWhereItIsTold_AndTellsChangesAlone(long? after, long sent, bool fromStart)
    {
        var gateway = new FakeGateway();
        gateway.Answers[typeof(V1.WatchDocumentsRequest)] = new V1.WatchDocumentsResponse { Sequence = 42, Change = new V1.DocumentChange { Collection = "docs", Id = "a", State = V1.DocumentState.Indexed } };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var changes = new List<DocumentChange>();
        await foreach (var change in client.WatchDocumentsAsync("docs", DocumentState.Indexed, "run", after))
        {
            changes.Add(change);
        }

        ((V1.WatchDocumentsRequest)gateway.Requests.Single()).ShouldBe(
            new V1.WatchDocumentsRequest { Collection = "docs", State = V1.DocumentState.Indexed, BatchId = "run", AfterSequence = sent, FromStart = fromStart });
        (changes.ShouldHaveSingleItem().Sequence, changes[0].Id, changes[0].State).ShouldBe((42, "a", DocumentState.Indexed));
    }

    [Fact]
    public async Task Redrive_ReadsEveryPage()
    {
        var gateway = new FakeGateway();
        var pages = new Queue<V1.RedriveDocumentsResponse>(
        [
            new() { Documents = { new Protos.Documents.V1.FailedDocument { Id = "a" } }, NextPageToken = "next" },
            new() { Refused = { new Protos.Documents.V1.FailedDocument { Id = "b" } } },
        ]);
        gateway.Redrive = _ => pages.Dequeue();
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var (begun, refused) = (new List<string>(), new List<string>());
        await foreach (var page in client.RedriveDocumentsAsync(new RedriveOptions { Collection = "docs", Code = "TIMED_OUT" }))
        {
            begun.AddRange(page.Documents.Select(document => document.Id));
            refused.AddRange(page.Refused.Select(document => document.Id));
        }

        (string.Join(',', begun), string.Join(',', refused), pages.Count).ShouldBe(("a", "b", 0));
    }

    [Fact]
    public async Task RejectedDrop_TakenOrNot_IsTold()
    {
        var gateway = new FakeGateway();
        gateway.Answers[typeof(V1.RedriveRejectedDropRequest)] = new V1.RedriveRejectedDropResponse { Drop = new Protos.Documents.V1.RejectedDrop { Id = 17, Code = "NOT_JSON", BodyKept = true } };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        (await client.RedriveRejectedDropAsync(17, "{}"u8.ToArray())).ShouldNotBeNull().Code.ShouldBe("NOT_JSON");
        ((V1.RedriveRejectedDropRequest)gateway.Requests.Single()).Body.ToStringUtf8().ShouldBe("{}");
        gateway.Answers[typeof(V1.RedriveRejectedDropRequest)] = new V1.RedriveRejectedDropResponse { Taken = true };
        (await client.RedriveRejectedDropAsync(17)).ShouldBeNull();
    }
}
