using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Ingestion.Features.CheckConsistency;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;
using DifferenceKind = RagPlatform.Protos.Ingestion.V1.DifferenceKind;
using DocumentState = RagPlatform.Protos.Ingestion.V1.DocumentState;
using Judged = RagPlatform.Ingestion.Features.CheckConsistency.Difference;
using Kind = RagPlatform.Ingestion.Features.CheckConsistency.DifferenceKind;
using RegistryState = RagPlatform.Ingestion.Registry.DocumentState;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>Whatever makes registry and index differ is found, mended by the steps that documents take anyway, and then gone.</summary>
public sealed class CheckConsistencyTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_IndexHoldsWhatItShould_FindsNothing()
    {
        await using var host = await StartAsync("a", "b");
        host.Retrieval.Hold("a", 1, 1);
        host.Retrieval.Hold("b", 1, 1);

        var last = (await CheckAsync(host))[^1];

        (last.CheckedDocuments, last.TotalDocuments, last.Differences, last.Collection).ShouldBe((2, 2, 0, ""));
    }

    [Fact]
    public async Task Check_IndexLostADocument_IsToldAndPreparedAgain()
    {
        await using var host = await StartAsync("a", "b");
        host.Retrieval.Hold("a", 1, 1);
        host.Downstream.Lose(new("default", "docs", "b"), 1);

        Told(await CheckAsync(host)).ShouldBe(["Missing b 1/0"]);
        Told(await CheckAsync(host, repair: true)).ShouldBe(["Missing b 1/0 repaired"]);

        var events = await host.WatchAsync("b");
        events.Count(entry => entry.State == DocumentState.Indexed).ShouldBe(2);
        host.Retrieval.Hold("b", 1, 1);
        Told(await CheckAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_IndexHoldsWhatTheRegistryNeverHad_IsDeletedAboveIt()
    {
        await using var host = await StartAsync("a");
        host.Retrieval.Hold("a", 1, 1);
        host.Retrieval.Hold("ghost", 7, 3);
        host.Retrieval.Hold("ghost", 2, 1, "elsewhere");

        Told(await CheckAsync(host, repair: true)).ShouldBe(["Orphan ghost 0/7 repaired", "Orphan ghost 0/2 repaired"], ignoreOrder: true);

        (await host.WatchAsync("ghost"))[^1].ShouldSatisfyAllConditions(entry => entry.State.ShouldBe(DocumentState.Deleted), entry => entry.Version.ShouldBe(8));
        (await PutAsync(host, "ghost")).Version.ShouldBe(9);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Unattended_OrphansThatOutnumberWhatIsKnown_AreToldAndKept(int orphans, bool isRepaired)
    {
        await using var host = await StartAsync("a");
        host.Retrieval.Hold("a", 1, 1);
        for (var orphan = 0; orphan < orphans; orphan++)
        {
            host.Retrieval.Hold($"ghost {orphan}", 7, 3);
        }

        var differences = new List<Judged>();
        await foreach (var progress in host.Consistency.CheckAsync("default", "docs", Repairs.Unattended, CancellationToken.None))
        {
            differences.AddRange(progress.Difference is { } difference ? [difference] : []);
        }

        differences.Select(difference => difference.Kind).ShouldBe(Enumerable.Repeat(Kind.Orphan, orphans));
        differences.ShouldAllBe(difference => difference.IsRepaired == isRepaired);
    }

    [Fact]
    public async Task Check_IndexHoldsAHigherVersionThanWasGiven_BeginsAboveIt()
    {
        await using var host = await StartAsync("a");
        host.Retrieval.Hold("a", 4, 1);

        Told(await CheckAsync(host, repair: true)).ShouldBe(["Ahead a 1/4 repaired"]);

        (await host.WatchAsync("a"))[^1].ShouldSatisfyAllConditions(entry => entry.State.ShouldBe(DocumentState.Indexed), entry => entry.Version.ShouldBe(5));
    }

    [Fact]
    public async Task Check_StoreHoldsOtherChunksThanAreCounted_IsPreparedAgain()
    {
        await using var host = await StartAsync("a");
        host.Retrieval.Indexed[("docs", "a")] = new() { DocumentId = "a", VisibleVersion = 1, ChunkCount = 3, HeldVersion = 1, HeldChunkCount = 2 };

        Told(await CheckAsync(host, repair: true)).ShouldBe(["Incomplete a 1/1 repaired"]);
    }

    [Fact]
    public async Task Check_DocumentChangesMeanwhile_IsNoDifference()
    {
        await using var host = await StartAsync("a");
        var listings = 0;
        host.Retrieval.BeforeListing = () =>
        {
            if (++listings == 2)
            {
                host.Retrieval.Hold("a", 1, 1);
            }
        };

        Told(await CheckAsync(host, repair: true)).ShouldBeEmpty();
        listings.ShouldBe(2);
    }

    [Fact]
    public async Task Check_DocumentOnItsWay_IsPassedOver()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, prepare: (downstream, _) => downstream.IsKilled = true);
        await PutAsync(host, "a");
        host.Retrieval.Hold("a", 9, 1);

        var last = (await CheckAsync(host, repair: true))[^1];

        (last.CheckedDocuments, last.Differences).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Check_BadCollection_NamesIt()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);

        (await Should.ThrowAsync<RpcException>(() => CheckAsync(host, collection: "No!"))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Theory]
    [InlineData(0, 0, 0, false, null)]
    [InlineData(2, 2, 2, true, null)]
    [InlineData(2, 2, 0, true, Kind.Missing)]
    [InlineData(2, 2, 1, true, Kind.Missing)]
    [InlineData(3, 2, 3, true, Kind.Unreported)]
    [InlineData(3, 0, 2, true, Kind.Unreported)]
    [InlineData(3, 0, 2, false, Kind.Orphan)]
    [InlineData(3, 2, 4, false, Kind.Ahead)]
    [InlineData(3, 2, 3, false, Kind.Orphan)]
    public void Between_EveryPairOfVersions_IsJudgedByTheTable(long latest, long indexed, long held, bool hasContent, Kind? expected)
    {
        var registry = new DocumentStanding { DocumentId = "a", LatestVersion = latest, State = RegistryState.Indexed, IndexedVersion = indexed };

        Judged.Between(registry, new IndexStanding("a", held, 1, held, 1), (_, _) => hasContent)?.Kind.ShouldBe(expected!.Value);
        (Judged.Between(registry, new IndexStanding("a", held, 1, held, 1), (_, _) => hasContent) is null).ShouldBe(expected is null);
    }

    private async Task<IngestionHost> StartAsync(params string[] ids)
    {
        var host = await IngestionHost.StartAsync(_folder.Path);
        foreach (var id in ids)
        {
            await PutAsync(host, id);
            (await host.WatchAsync(id))[^1].State.ShouldBe(DocumentState.Indexed);
        }

        return host;
    }

    private static async Task<Document> PutAsync(IngestionHost host, string id) =>
        (await host.Client.PutDocumentAsync(new PutDocumentRequest
        {
            Header = new DocumentHeader { Tenant = "default", Collection = "docs", Id = id },
            Content = ByteString.CopyFromUtf8("text"),
        })).Document;

    private static async Task<CheckConsistencyResponse[]> CheckAsync(IngestionHost host, bool repair = false, string collection = "")
    {
        using var call = host.Client.CheckConsistency(new CheckConsistencyRequest { Tenant = "default", Collection = collection, Repair = repair });
        var responses = new List<CheckConsistencyResponse>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout("the comparison"))
        {
            responses.Add(call.ResponseStream.Current);
        }

        return [.. responses];
    }

    private static string[] Told(CheckConsistencyResponse[] responses) =>
    [
        .. responses.Where(response => response.Difference is not null).Select(response => response.Difference)
            .Select(difference => $"{Enum.GetName<DifferenceKind>(difference.Kind)} {difference.DocumentId} {difference.RegistryVersion}/{difference.IndexVersion}{(difference.Repaired ? " repaired" : "")}"),
    ];
}
