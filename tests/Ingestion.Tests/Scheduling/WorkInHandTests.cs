using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Contracts;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Scheduling;

public sealed class WorkInHandTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 4711);

    private readonly ManualTime _clock = new();
    private readonly IngestionOptions _options = new() { MaxChunksInFlight = 128 };

    [Fact]
    public void Batch_OfAnotherTenant_IsTheNext_BeforeThousandsOfChunks()
    {
        var work = Work();
        Prepare(work, Version("big", "a"), batches: 157, chunks: 32);
        var before = SendAll(work);
        (before.Count, work.Counts.ChunksInFlight).ShouldBe((2, 64), "half of the window");

        Prepare(work, Version("small", "b"), batches: 1);

        work.NextBatch().ShouldNotBeNull().Batch.Document.Tenant.ShouldBe("small");
    }

    [Fact]
    public void Tenants_AndTheirDocuments_TakeTurns()
    {
        var work = Work();
        Prepare(work, Version("one", "a"), batches: 3);
        Prepare(work, Version("one", "b"), batches: 3);
        Prepare(work, Version("two", "c"), batches: 3);

        SendAll(work).Select(batch => $"{batch.Batch.Document.DocumentId}{batch.Batch.BatchIndex}{(batch.IsLast ? "!" : "")}")
            .ShouldBe(["a0", "c0", "b0", "c1", "a1", "c2!", "b1", "a2!", "b2!"]);
    }

    [Fact]
    public void Chunks_InFlight_AreGivenBackOnce_ByWhateverComesBack()
    {
        var work = Work();
        var version = Version("one", "a");
        Prepare(work, version, batches: 10, chunks: 32);
        SendAll(work).Count.ShouldBe(2);
        work.NextBatch().ShouldBeNull();

        work.Returned(version.Key, 1, 0);
        work.Returned(version.Key, 1, 0);
        work.Returned(version.Key, 1, 9);
        work.Returned(version.Key, 2, 1);
        work.Returned(Version("nobody", "x").Key, 1, 1);

        work.Counts.ChunksInFlight.ShouldBe(32);
        SendAll(work).Count.ShouldBe(1);
        work.Leave(version.Key, 1);
        work.Counts.ShouldBe(new WorkCounts(0, 0, 0, 0, 0));
        work.Returned(version.Key, 1, 2);
        work.Counts.ChunksInFlight.ShouldBe(0);
    }

    [Fact]
    public void NewVersion_OfWhatIsInFlight_TakesItsPlace_AndItsVectorsAreStillCounted()
    {
        var work = Work();
        var first = Version("one", "a");
        Prepare(work, first, batches: 10, chunks: 32);
        SendAll(work);
        work.Supersede(first.Key, 2);
        work.Counts.Bytes.ShouldBe(0);

        var second = first with { Version = 2 };
        Prepare(work, second, batches: 10, chunks: 32);
        work.NextBatch().ShouldBeNull("the former version's vectors are still to come");
        work.Returned(first.Key, 1, 0);
        work.NextBatch().ShouldNotBeNull().Batch.Version.ShouldBe(2);
        work.Leave(first.Key, 1);
        work.Counts.Documents.ShouldBe(1, "a late report of the former version");
        work.Leave(first.Key, 2);
        work.Counts.ShouldBe(new WorkCounts(0, 0, 0, 0, 0));
    }

    [Fact]
    public void Deletion_WhileBatchesWait_SendsNoMoreOfThem()
    {
        var work = Work();
        var version = Version("one", "a");
        Prepare(work, version, batches: 10, chunks: 32);
        work.NextBatch().ShouldNotBeNull();
        work.Supersede(version.Key, 2);
        work.Returned(version.Key, 1, 0);
        work.NextBatch().ShouldBeNull();
        work.Leave(version.Key, 2);
        work.Counts.Documents.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Superseded_WhileBatchesWait_LeavesItsPlace_WhenItsVectorsAreBack(int sent)
    {
        var work = Work();
        var version = Version("one", "a");
        Prepare(work, version, batches: 10, chunks: 32);
        for (var batch = 0; batch < sent; batch++)
        {
            work.NextBatch().ShouldNotBeNull();
        }

        work.Supersede(version.Key, 2);
        work.Counts.Documents.ShouldBe(sent);
        work.Returned(version.Key, 1, 0);

        work.Counts.ShouldBe(new WorkCounts(0, 0, 0, 0, 0), "nobody reports it indexed: it would keep its place for ever");
    }

    [Fact]
    public void Batch_ThatTheBusDidNotTake_OfASupersededVersion_IsNotSentAgain()
    {
        var work = Work();
        var version = Version("one", "a");
        Prepare(work, version, batches: 2);
        var first = work.NextBatch().ShouldNotBeNull();
        work.Supersede(version.Key, 2);

        work.TakeBack(first.Batch);

        work.NextBatch().ShouldBeNull();
        work.Counts.ShouldBe(new WorkCounts(0, 0, 0, 0, 0));
    }

    [Fact]
    public void Batch_ThatTheBusDidNotTake_IsTheNextOneAgain_UnlessItsDocumentLeft()
    {
        var work = Work();
        var version = Version("one", "a");
        Prepare(work, version, batches: 2);
        var first = work.NextBatch().ShouldNotBeNull();
        work.TakeBack(first.Batch);
        work.TakeBack(first.Batch);
        work.Counts.ChunksInFlight.ShouldBe(0);
        SendAll(work).Select(batch => (batch.Batch.BatchIndex, batch.IsLast)).ShouldBe([(0, false), (1, true)]);

        var last = Prepare(work, Version("one", "b"), batches: 1);
        work.NextBatch();
        work.TakeBack(last[0]);
        work.NextBatch().ShouldNotBeNull().IsLast.ShouldBeTrue();
        work.Leave(version.Key, 1);
        work.TakeBack(first.Batch);
        work.NextBatch().ShouldBeNull();
    }

    [Fact]
    public void Prepared_AfterItLeft_IsForgotten()
    {
        var work = Work();
        var version = Version("one", "a");
        work.Take(version);
        work.Leave(version.Key, 1);
        work.Prepared(version, Support.Batches.All(version, 3), default);
        work.NextBatch().ShouldBeNull();
        work.Counts.ShouldBe(new WorkCounts(0, 0, 0, 0, 0));
    }

    /// <summary>Whatever comes back, is lost, fails or is repeated: the sums are those of what is held, and all is free in the end.</summary>
    [Fact]
    public void Sums_AreThoseOfWhatIsHeld_WhateverHappens() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Operation, byte Document, byte Batch)[]>(), operations =>
        {
            var work = Work();
            var versions = Enumerable.Range(0, 8).Select(index => Version($"tenant-{index % 3}", $"{index}")).ToArray();
            var sent = new List<OutgoingBatch>();
            foreach (var (operation, documentByte, batch) in operations)
            {
                var document = documentByte % 8;
                var version = versions[document];
                switch (operation % 8)
                {
                    case 0 when work.Admits(version.Key.Tenant) is not Admission.No && !work.Preparing().Contains(version.Key):
                        versions[document] = version with { Version = version.Version + 1 };
                        work.Take(versions[document]);
                        break;
                    case 1:
                        work.Prepared(version, Support.Batches.All(version, 1 + (batch % 5), chunks: 1 + (batch % 32)), default);
                        break;
                    case 2 or 3 when work.NextBatch() is { } outgoing:
                        sent.Add(outgoing);
                        break;
                    case 4 when sent.Count > 0:
                        var taken = sent[batch % sent.Count].Batch;
                        work.Returned(taken.Document, taken.Version, taken.BatchIndex);
                        break;
                    case 5 when sent.Count > 0:
                        var refused = sent[batch % sent.Count];
                        sent.Remove(refused);
                        work.TakeBack(refused.Batch);
                        break;
                    case 6:
                        work.Supersede(version.Key, version.Version + 1);
                        break;
                    case 7:
                        work.Leave(version.Key, version.Version - (batch % 2));
                        break;
                }

                var counts = work.Counts;
                counts.ChunksInFlight.ShouldBeInRange(0, _options.MaxChunksInFlight + 31);
                counts.Preparing.ShouldBeInRange(0, _options.ProcessConcurrency + 1);
                counts.Preparing.ShouldBe(work.Preparing().Count);
                counts.Documents.ShouldBeInRange(counts.Preparing, 8);
                counts.Bytes.ShouldBeGreaterThanOrEqualTo(0);
            }

            foreach (var version in versions)
            {
                work.Leave(version.Key, long.MaxValue);
            }

            work.Counts.ShouldBe(new WorkCounts(0, 0, 0, 0, 0));
            work.NextBatch().ShouldBeNull();
        }).Check(Quick);

    private WorkInHand Work() => new(Microsoft.Extensions.Options.Options.Create(_options), _clock);

    private static WaitingVersion Version(string tenant, string id) => new(new DocumentKey(tenant, "docs", id), 1, 10, null);

    private static IReadOnlyList<Contracts.Ingestion.ChunksPrepared> Prepare(WorkInHand work, WaitingVersion version, int batches, int chunks = 1)
    {
        work.Take(version);
        var all = Support.Batches.All(version, batches, chunks);
        work.Prepared(version, all, default);
        return all;
    }

    private static List<OutgoingBatch> SendAll(WorkInHand work)
    {
        var sent = new List<OutgoingBatch>();
        while (work.NextBatch() is { } batch)
        {
            sent.Add(batch);
        }

        return sent;
    }
}
