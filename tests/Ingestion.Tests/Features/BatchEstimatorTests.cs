using RagPlatform.Ingestion.Features.TrackBatch;
using RagPlatform.Ingestion.Tests.Support;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>Against simulated runs, whose end is known: sizes that differ a thousandfold, embedding the bottleneck.</summary>
public sealed class BatchEstimatorTests
{
    /// <summary>What the estimate may be off, from the first minute on.</summary>
    private const double Tolerance = 0.15;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Remaining_OfSkewedSizesSmallOnesFirst_IsTrueFromTheFirstMinuteOn(int seed) =>
        ShouldBeTrueThroughout(new BatchSimulation(seed) { Documents = 4000, CharactersPerSecond = 40_000, SmallFirst = true });

    [Theory]
    [InlineData(0.0055)]
    [InlineData(0.0065)]
    [InlineData(0.0075)]
    public void Remaining_WhereDocumentsThemselvesTakeTime_IsTrueFromTheFirstMinuteOn(double secondsPerDocument) =>
        ShouldBeTrueThroughout(new BatchSimulation(10) { Documents = 8000, CharactersPerSecond = 150_000, SecondsPerDocument = secondsPerDocument, SmallFirst = true });

    [Fact]
    public void Remaining_InTheOrderOfArrival_IsTrueFromTheFirstMinuteOn() =>
        ShouldBeTrueThroughout(new BatchSimulation(4) { Documents = 4000, CharactersPerSecond = 40_000 });

    [Fact]
    public void Remaining_OfWhatWasDeclaredAndStillArrives_IsTrueFromTheFirstMinuteOn() =>
        ShouldBeTrueThroughout(new BatchSimulation(5) { Documents = 4000, CharactersPerSecond = 40_000, SmallFirst = true, ArrivalsPerSecond = 25, IsDeclared = true });

    [Fact]
    public void Remaining_OfTwoTypesThatGiveDifferentText_IsTrueFromTheFirstMinuteOn() =>
        ShouldBeTrueThroughout(new BatchSimulation(6) { Documents = 3000, CharactersPerSecond = 40_000, SmallFirst = true, DenseEvery = 3 });

    [Fact]
    public void Remaining_AfterAPause_IsTrueAtOnce()
    {
        var run = new BatchSimulation(7) { Documents = 4000, CharactersPerSecond = 40_000, SmallFirst = true, PauseFromSecond = 90, PauseSeconds = 600 };
        run.Run((second, remaining) =>
        {
            if (second is >= 60 and < 90 || (second >= 692 && run.TrueRemaining(second) > 20))
            {
                ShouldBeTrue(second, run.TrueRemaining(second) - (second < 90 ? 600 : 0), remaining);
            }
        });
    }

    [Fact]
    public void Remaining_WithASlowModel_IsNotMistakenForPauses() =>
        ShouldBeTrueThroughout(new BatchSimulation(8) { Documents = 200, CharactersPerSecond = 700, ChunksAtOnce = 32 }, fromSecond: 600, tolerance: 0.25, untilSeconds: 120);

    [Fact]
    public void Remaining_BeforeAnythingWasEmbedded_IsUnknown()
    {
        var run = new BatchSimulation(9) { Documents = 10, CharactersPerSecond = 1 };

        run.EstimateAt(0).Remaining.ShouldBeNull();
        run.EstimateAt(0).IsAtRest.ShouldBeFalse();
    }

    private static void ShouldBeTrueThroughout(BatchSimulation run, int fromSecond = 60, double tolerance = Tolerance, int untilSeconds = 20)
    {
        var checks = 0;
        run.Run((second, remaining) =>
        {
            // Near the end seconds count, not shares.
            if (second >= fromSecond && run.TrueRemaining(second) > untilSeconds)
            {
                ShouldBeTrue(second, run.TrueRemaining(second), remaining, tolerance);
                checks++;
            }
        });
        checks.ShouldBeGreaterThan(10);
    }

    private static void ShouldBeTrue(int second, double truth, TimeSpan? remaining, double tolerance = Tolerance) =>
        (remaining.ShouldNotBeNull($"at {second} s").TotalSeconds / truth).ShouldBe(1, tolerance, $"at {second} s, {truth:0} s before the end, {remaining.Value.TotalSeconds:0} s were told");
}
