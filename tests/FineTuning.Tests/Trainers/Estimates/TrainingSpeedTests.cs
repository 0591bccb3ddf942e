using RagPlatform.FineTuning.Trainers.Estimates;
using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuning.Tests.Trainers.Estimates;

public class TrainingSpeedTests
{
    private static readonly TransformerShape MiniLm = new(false, 6, 384, 1536, 384, 384, 30522, 512, false);
    private static readonly TransformerShape SmolLm = new(true, 30, 576, 1536, 576, 192, 49152, 0, false);

    [Fact]
    public void SecondsOf_TokensTrainedAndJudged_AreEachOverTheirSpeed()
    {
        var work = new TrainingWork(MiniLm, 0, 3_600_000, 300_000, 2048);

        new TrainingSpeed(1000, 3000, "told").SecondsOf(work).ShouldBe(3600 + 100, 1e-6);
    }

    [Fact]
    public void OperationsPerToken_OfMiniLm_AreSixAWeightAndFourWithAnAdapter()
    {
        var full = new TrainingWork(MiniLm, 0, 1, 1, 2048);
        var lowRank = new TrainingWork(MiniLm, 8, 1, 1, 2048);

        full.OperationsPerTrainingToken.ShouldBe(6 * 10_616_832.0);
        lowRank.OperationsPerTrainingToken.ShouldBe((4 * 10_616_832.0) + (6 * 331_776));
        full.OperationsPerEvaluationToken.ShouldBe(2 * 10_616_832.0);
    }

    [Fact]
    public void OfMachine_TwoCoresOfMeasuredRate_IsNearTheMeasuredTokensPerSecond()
    {
        // 5,143 and 6,865 tokens a second were measured at 400 billion operations a second of two cores.
        TrainingSpeed.OfMachine(new TrainingWork(MiniLm, 0, 1, 1, 2048), 400e9).TrainingTokensPerSecond.ShouldBe(5143, 1000);
        TrainingSpeed.OfMachine(new TrainingWork(MiniLm, 8, 1, 1, 2048), 400e9).TrainingTokensPerSecond.ShouldBe(6865, 1000);
    }

    [Fact]
    public void Memory_FullTraining_IsMoreThanWithAnAdapterAndGrowsWithTheBatch()
    {
        double Bytes(TransformerShape model, int rank, int batch) => new TrainingWork(model, rank, 1, 1, batch).MemoryBytes;

        Bytes(MiniLm, 0, 2048).ShouldBeGreaterThan(Bytes(MiniLm, 8, 2048));
        Bytes(MiniLm, 8, 8192).ShouldBeGreaterThan(Bytes(MiniLm, 8, 2048));
        Bytes(SmolLm, 0, 2048).ShouldBeGreaterThan(16.0 * SmolLm.Weights);
    }

    [Fact]
    public void Weights_OfKnownModels_AreTheirParameters()
    {
        ((double)MiniLm.Weights).ShouldBe(22_565_376, 22_565_376 * 0.01);
        ((double)SmolLm.Weights).ShouldBe(134_515_008, 134_515_008 * 0.01);
        MiniLm.AdapterWeights(8).ShouldBe(331_776);
    }

    [Fact]
    public void Measure_ThisMachine_IsAboveWhatAnyProcessorIsBelow()
    {
        MatrixSpeed.Measure(2, TimeProvider.System, default).ShouldBeInRange(1e6, 1e14);
        Should.Throw<OperationCanceledException>(() => MatrixSpeed.Measure(1, TimeProvider.System, new CancellationToken(true)));
    }
}
