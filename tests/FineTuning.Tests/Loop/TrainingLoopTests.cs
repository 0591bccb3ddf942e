using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuning.Tests.Loop;

public class TrainingLoopTests
{
    internal static readonly TrainingSettings Settings = new() { Epochs = 4, LearningRate = 0.05, BatchExamples = 5, BatchTokens = 24, AccumulationBatches = 2, WeightDecay = 0.1 };

    [Fact]
    public void Run_ToTheEnd_LearnsAndTellsEveryStep()
    {
        var task = new ToyTask();
        var before = task.Validate(default).Loss;
        var observer = new RecordingObserver();

        var end = TrainingLoop.Run(task, Settings, 1, new MemoryCheckpointStore(), observer, default);

        end.IsPaused.ShouldBeFalse();
        end.StoppedEarly.ShouldBeFalse();
        end.Step.ShouldBe(end.Steps);
        observer.Progress.Select(progress => progress.Step).ShouldBe(Enumerable.Range(1, (int)end.Steps).Select(step => (long)step));
        observer.Progress[^1].Epoch.ShouldBe(4);
        end.Tokens.ShouldBe(4 * task.ExampleTokens.Sum());
        end.BestScore!.Value.ShouldBeGreaterThan(-before * 0.8);
        foreach (var name in (string[])["train_loss", "learning_rate", "gradient_norm", "validation_loss", "validation_accuracy"])
        {
            observer.Measures.ShouldContain(measure => measure.Name == name);
        }
    }

    [Fact]
    public void Run_EveryEpoch_SeesEveryExampleOnce()
    {
        var task = new ToyTask();

        TrainingLoop.Run(task, Settings, 1, new MemoryCheckpointStore(), new RecordingObserver(), default);

        task.Batches.SelectMany(batch => batch).CountBy(example => example).ShouldAllBe(count => count.Value == 4);
    }

    [Fact]
    public void Run_SameSeed_SameBitsAndOtherSeedOthers()
    {
        float[] Train(ulong seed)
        {
            var task = new ToyTask();
            TrainingLoop.Run(task, Settings, seed, new MemoryCheckpointStore(), new RecordingObserver(), default);
            return task.State;
        }

        Train(1).ShouldBe(Train(1));
        Train(2).ShouldNotBe(Train(1));
    }

    [Fact]
    public void Run_ScoreGetsWorse_StopsWithPatienceAndRestoresTheBest()
    {
        var scores = new[] { 0.3, 0.5, 0.5, 0.4, 0.9 };
        var task = new ToyTask { Score = i => scores[i] };
        var observer = new RecordingObserver();

        var end = TrainingLoop.Run(task, Settings with { Epochs = 5, Patience = 2 }, 1, new MemoryCheckpointStore(), observer, default);

        end.StoppedEarly.ShouldBeTrue();
        end.BestScore.ShouldBe(0.5);
        task.Validations.ShouldBe(4);
        observer.Messages.ShouldContain(message => message.Contains("Stopped early", StringComparison.Ordinal));

        var paused = new ToyTask();
        TrainingLoop.Run(paused, Settings with { Epochs = 5 }, 1, new MemoryCheckpointStore(), new RecordingObserver { PauseAfterStep = end.BestStep }, default).IsPaused.ShouldBeTrue();
        task.State.ShouldBe(paused.State);
    }

    [Fact]
    public void Run_NothingToValidateOn_KeepsTheLast()
    {
        var task = new ToyTask { CanValidate = false };

        var end = TrainingLoop.Run(task, Settings, 1, new MemoryCheckpointStore(), new RecordingObserver(), default);

        task.Validations.ShouldBe(0);
        end.BestScore.ShouldBeNull();
        end.BestStep.ShouldBe(end.Steps);
    }

    [Fact]
    public void Run_ValidateEverySteps_ValidatesThenAndAtTheEnd()
    {
        var task = new ToyTask();
        var observer = new RecordingObserver();

        var end = TrainingLoop.Run(task, Settings with { ValidateEverySteps = 3 }, 1, new MemoryCheckpointStore(), observer, default);

        var validated = observer.Measures.Where(measure => measure.Name == "validation_loss").Select(measure => measure.Step).ToArray();
        validated.ShouldBe(Enumerable.Range(1, (int)end.Steps).Select(step => (long)step).Where(step => step % 3 == 0 || step == end.Steps));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Run_ParameterTurnsNotFinite_EndsAsDiverged(double value)
    {
        var task = new ToyTask();
        task.BeforeBatch = () => task.Parameters[1].Values[0] = task.Batches.Count >= 4 ? (float)value : task.Parameters[1].Values[0];

        var thrown = Should.Throw<TrainingException>(() => TrainingLoop.Run(task, Settings, 1, new MemoryCheckpointStore(), new RecordingObserver(), default));

        thrown.Code.ShouldBe("DIVERGED");
        thrown.Problem.ShouldContain("step 3");
        thrown.Remedy.ShouldContain("learning_rate");
    }

    [Fact]
    public void Run_CancelledInTheMiddleOfAStep_Throws()
    {
        using var source = new CancellationTokenSource();
        var task = new ToyTask();
        task.BeforeBatch = () =>
        {
            if (task.Batches.Count == 2)
            {
                source.Cancel();
            }
        };

        Should.Throw<OperationCanceledException>(() => TrainingLoop.Run(task, Settings, 1, new MemoryCheckpointStore(), new RecordingObserver(), source.Token));
        task.Batches.Count.ShouldBe(3);
    }

    [Fact]
    public void Run_NoExamples_IsRefused() =>
        Should.Throw<TrainingException>(() => TrainingLoop.Run(new ToyTask(0), Settings, 1, new MemoryCheckpointStore(), new RecordingObserver(), default)).Code.ShouldBe("NOTHING_TO_LEARN");

    [Fact]
    public void Run_SettingOutOfRange_IsRefusedByName() =>
        Should.Throw<ArgumentException>(() => TrainingLoop.Run(new ToyTask(), Settings with { WarmUpShare = 1.5 }, 1, new MemoryCheckpointStore(), new RecordingObserver(), default))
            .Message.ShouldContain("WarmUpShare is 1.5");

    [Theory]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    public void Run_AccumulatedBatches_StepAsOneLargeBatch(int batchExamples, int accumulation)
    {
        RecordingObserver Train(int examples, int batches)
        {
            var observer = new RecordingObserver();
            var settings = Settings with { Epochs = 1, BatchExamples = examples, BatchTokens = 1000, AccumulationBatches = batches };
            TrainingLoop.Run(new ToyTask(16) { Noise = 0 }, settings, 1, new MemoryCheckpointStore(), observer, default);
            return observer;
        }

        var (whole, parts) = (Train(16, 1), Train(batchExamples, accumulation));
        parts.Progress.Count.ShouldBe(1);
        parts.Progress[0].Loss.ShouldBe(whole.Progress[0].Loss, 1e-9);
        double Norm(RecordingObserver observer) => observer.Measures.Single(measure => measure.Name == "gradient_norm").Value;
        Norm(parts).ShouldBe(Norm(whole), 1e-6);
    }
}
