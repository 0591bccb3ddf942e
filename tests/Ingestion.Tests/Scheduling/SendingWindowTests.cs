using RagPlatform.Contracts;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Scheduling;

/// <summary>A model that computes chunks one after the other, and messages that take a while both ways.</summary>
public sealed class SendingWindowTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(25);

    private readonly ManualTime _clock = new();

    [Theory]
    [InlineData(20, 1)]
    [InlineData(20, 32)]
    [InlineData(250, 6)]
    [InlineData(2000, 6)]
    [InlineData(2000, 32)]
    public void Window_KeepsTheModelBusy_AndANewcomerWaitsForAboutASecondOfOthersChunks(int chunksPerSecond, int chunksPerBatch)
    {
        var work = new WorkInHand(Microsoft.Extensions.Options.Options.Create(new IngestionOptions()), _clock);
        var returning = new Queue<(OutgoingBatch Outgoing, TimeSpan ArrivesAt)>();
        Prepare(work, new WaitingVersion(new DocumentKey("big", "docs", "a"), 1, 10, null), 60 * chunksPerSecond / chunksPerBatch, chunksPerBatch);
        var (now, modelIsFreeAt, computed, newcomerSentAt, newcomerBackAt) = (TimeSpan.Zero, TimeSpan.Zero, 0, TimeSpan.Zero, TimeSpan.Zero);
        var measureFrom = TimeSpan.FromSeconds(15);
        while (now < TimeSpan.FromSeconds(40))
        {
            while (work.NextBatch() is { } outgoing)
            {
                var arrivesAt = now + OneWay;
                modelIsFreeAt = (modelIsFreeAt > arrivesAt ? modelIsFreeAt : arrivesAt) + TimeSpan.FromSeconds((double)outgoing.Batch.Chunks.Count / chunksPerSecond);
                returning.Enqueue((outgoing, modelIsFreeAt + OneWay));
            }

            while (returning.TryPeek(out var next) && next.ArrivesAt <= now)
            {
                var batch = returning.Dequeue().Outgoing.Batch;
                work.Returned(batch.Document, batch.Version, batch.BatchIndex);
                computed += now > measureFrom ? batch.Chunks.Count : 0;
                newcomerBackAt = batch.Document.Tenant == "small" ? now : newcomerBackAt;
            }

            if (newcomerSentAt == TimeSpan.Zero && now > TimeSpan.FromSeconds(25))
            {
                newcomerSentAt = now;
                Prepare(work, new WaitingVersion(new DocumentKey("small", "docs", "b"), 1, 10, null), 1, 1);
            }

            now += Step;
            _clock.Advance(Step);
        }

        (computed / (now - measureFrom).TotalSeconds).ShouldBeGreaterThan(0.9 * chunksPerSecond);
        newcomerBackAt.ShouldBeGreaterThan(TimeSpan.Zero);
        (newcomerBackAt - newcomerSentAt).TotalSeconds.ShouldBeLessThan(chunksPerSecond < 100 ? 4 : 2);
    }

    private static void Prepare(WorkInHand work, WaitingVersion version, int batches, int chunks)
    {
        work.Take(version);
        work.Prepared(version, Batches.All(version, batches, chunks), default);
    }
}
