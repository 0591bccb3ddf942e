namespace RagPlatform.FineTuning.Loop;

/// <summary>Which batches every step takes: the same for the same task, settings and seed.</summary>
internal sealed class EpochPlan
{
    private readonly ITrainingTask task;
    private readonly TrainingSettings settings;
    private readonly ulong seed;

    /// <summary>By epoch, the steps up to its end.</summary>
    private readonly long[] ends;
    private int epoch = -1;
    private IReadOnlyList<int[]> batches = [];

    /// <remarks>Plans every epoch once, because their numbers of batches may differ and the learning rate's way needs the sum.</remarks>
    public EpochPlan(ITrainingTask task, TrainingSettings settings, ulong seed)
    {
        // Numbers of steps begin at 1, so 0 is free.
        (this.task, this.settings, this.seed) = (task, settings, RandomSeed.Derive(seed, 0));
        ends = new long[settings.Epochs];
        for (var i = 0; i < ends.Length; i++)
        {
            var count = Plan(i).Count;
            ends[i] = (i == 0 ? 0 : ends[i - 1]) + ((count + settings.AccumulationBatches - 1) / settings.AccumulationBatches);
        }
    }

    /// <summary>In all.</summary>
    public long Steps => ends[^1];

    public bool EndsEpoch(long step) => Array.BinarySearch(ends, step) >= 0;

    /// <summary>With the part of the one under way.</summary>
    public double EpochsDone(long step)
    {
        var current = EpochOf(step);
        var start = current == 0 ? 0 : ends[current - 1];
        return current + ((double)(step - start) / (ends[current] - start));
    }

    /// <param name="step">From 1.</param>
    public IReadOnlyList<int[]> BatchesOf(long step)
    {
        var wanted = EpochOf(step);
        if (wanted != epoch)
        {
            (epoch, batches) = (wanted, Plan(wanted));
        }

        var from = (int)(step - 1 - (epoch == 0 ? 0 : ends[epoch - 1])) * settings.AccumulationBatches;
        return [.. batches.Skip(from).Take(settings.AccumulationBatches)];
    }

    private int EpochOf(long step) => Array.FindIndex(ends, end => end >= step);

    private IReadOnlyList<int[]> Plan(int number)
    {
        var epochSeed = RandomSeed.Derive(seed, (ulong)number);
        return task.PlanEpoch(number, epochSeed) ?? LengthBuckets.Plan(task.ExampleTokens, settings.BatchExamples, settings.BatchTokens, epochSeed);
    }
}
