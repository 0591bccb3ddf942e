using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuning.Tests.Loop;

public class ResumeTests
{
    private static readonly TrainingSettings Settings = TrainingLoopTests.Settings with { Epochs = 6, CheckpointEverySteps = 3, Patience = 3 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_PausedAtRandomSteps_EndsBitEqualToAnUndisturbedRun(bool scoresGetWorse)
    {
        var expected = Undisturbed(scoresGetWorse);
        var random = new Random(17);
        for (var trial = 0; trial < 20; trial++)
        {
            using var folder = new TestFolder();
            TrainingEnd? end = null;
            var (pauses, step) = (0, 0L);
            while (end is not { IsPaused: false })
            {
                step += random.Next(0, 4);
                var task = Task(scoresGetWorse);
                end = TrainingLoop.Run(task, Settings, 9, new FolderCheckpointStore(folder.Path), new RecordingObserver { PauseAfterStep = step }, default);
                pauses++;
                if (!end.IsPaused)
                {
                    task.State.ShouldBe(expected.State);
                    end.ShouldBe(expected.End);
                }
            }

            pauses.ShouldBeGreaterThan(1);
        }
    }

    [Fact]
    public void Run_KilledAtRandomMoments_EndsBitEqualToAnUndisturbedRun()
    {
        var expected = Undisturbed(scoresGetWorse: false);
        var random = new Random(23);
        for (var trial = 0; trial < 20; trial++)
        {
            using var folder = new TestFolder();
            TrainingEnd? end = null;
            var (kills, task) = (0, Task(false));
            while (end is null)
            {
                task = Task(false);
                // Later ones come less often, or the run would never get past its first checkpoint.
                var (batches, bytes) = (random.Next(1, 30), random.Next(0, 60_000));
                task.BeforeBatch = () => ThrowIf(--batches == 0);
                try
                {
                    end = TrainingLoop.Run(task, Settings, 9, new DyingStore(new FolderCheckpointStore(folder.Path), bytes), new RecordingObserver(), default);
                }
                catch (KilledException)
                {
                    kills++;
                    kills.ShouldBeLessThan(500);
                }
            }

            kills.ShouldBeGreaterThan(0);
            task.State.ShouldBe(expected.State);
            end.ShouldBe(expected.End);
        }
    }

    [Fact]
    public void Run_CheckpointOfOtherSettingsDataOrSeed_IsRefused()
    {
        var store = new MemoryCheckpointStore();
        TrainingLoop.Run(new ToyTask(), Settings, 9, store, new RecordingObserver { PauseAfterStep = 4 }, default).IsPaused.ShouldBeTrue();

        void ShouldRefuse(ToyTask task, TrainingSettings settings, ulong seed) =>
            Should.Throw<TrainingException>(() => TrainingLoop.Run(task, settings, seed, store, new RecordingObserver(), default)).Code.ShouldBe("CHECKPOINT_MISMATCH");

        ShouldRefuse(new ToyTask(), Settings with { LearningRate = 0.04 }, 9);
        ShouldRefuse(new ToyTask(), Settings, 10);
        ShouldRefuse(new ToyTask(23), Settings, 9);
        ShouldRefuse(new ToyTask { Identity = "other data" }, Settings, 9);
        var otherModel = new ToyTask();
        otherModel.Parameters[0].Values[3] += 1e-3f;
        ShouldRefuse(otherModel, Settings, 9);
        TrainingLoop.Run(new ToyTask(), Settings with { Threads = 2, CheckpointEverySteps = 1 }, 9, store, new RecordingObserver(), default).IsPaused.ShouldBeFalse();
    }

    [Fact]
    public void Run_BestCheckpointDamaged_GoesBackAndEndsBitEqual()
    {
        // The best but one is at the first epoch's end, the best at the second's; then a pause.
        ToyTask New() => new() { Score = i => i < 2 ? i : -i };
        var settings = Settings with { Patience = 0 };
        var expected = New();
        TrainingLoop.Run(expected, settings, 9, new MemoryCheckpointStore(), new RecordingObserver(), default);

        using var folder = new TestFolder();
        var first = TrainingLoop.Run(New(), settings, 9, new FolderCheckpointStore(folder.Path, keepLast: 9), new RecordingObserver { PauseAfterStep = 8 }, default);
        using (var file = File.OpenWrite(folder.File($"{first.BestStep:D12}.checkpoint")))
        {
            file.Position = 100;
            file.WriteByte(0x5A);
        }

        // The task's scores go by how often it is asked: after going back to the first epoch's end it is at its second.
        var resumed = new ToyTask { Score = i => i < 1 ? 1 : -i };
        TrainingLoop.Run(resumed, settings, 9, new FolderCheckpointStore(folder.Path, keepLast: 9), new RecordingObserver(), default);

        resumed.State.ShouldBe(expected.State);
    }

    private static (float[] State, TrainingEnd End) Undisturbed(bool scoresGetWorse)
    {
        var task = Task(scoresGetWorse);
        var end = TrainingLoop.Run(task, Settings, 9, new MemoryCheckpointStore(), new RecordingObserver(), default);
        end.StoppedEarly.ShouldBe(scoresGetWorse);
        return (task.State, end);
    }

    /// <summary>Whose score, where it gets worse, depends on its state alone, so that a resumed one says the same.</summary>
    private static ToyTask Task(bool scoresGetWorse)
    {
        ToyTask task = null!;
        task = new ToyTask { Score = scoresGetWorse ? _ => -task.State.Sum(value => Math.Abs(value)) : null };
        return task;
    }

    private static void ThrowIf(bool isTime)
    {
        if (isTime)
        {
            throw new KilledException();
        }
    }

    private sealed class KilledException : Exception;

    /// <summary>Ends the process, as it were, after so many bytes were written.</summary>
    private sealed class DyingStore(FolderCheckpointStore store, long bytes) : ICheckpointStore
    {
        private long left = bytes;

        public void Save(CheckpointDescription checkpoint, Action<Stream> write) => store.Save(checkpoint, stream =>
        {
            using var whole = new MemoryStream();
            write(whole);
            var written = Math.Min(left, whole.Length);
            stream.Write(whole.ToArray().AsSpan(0, (int)written));
            left -= written;
            ThrowIf(left == 0);
        });

        public (CheckpointDescription Checkpoint, Stream State)? OpenLatest() => store.OpenLatest();

        public (CheckpointDescription Checkpoint, Stream State)? OpenBest() => store.OpenBest();
    }
}
