using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuning.Loop;

/// <summary>All that changes in a run, and its way into a checkpoint and back.</summary>
internal sealed class RunState
{
    private const int FormatVersion = 1;

    private static readonly byte[] Magic = "RAGTRAIN"u8.ToArray();

    private readonly ITrainingTask task;
    private readonly TrainingSettings settings;
    private readonly AdamW optimizer;
    private readonly LearningRateSchedule schedule;
    private readonly byte[] identity;
    private Head head;

    public RunState(ITrainingTask task, TrainingSettings settings, long steps, ulong seed)
    {
        (this.task, this.settings) = (task, settings);
        var optimizerSettings = new AdamWSettings(settings.Beta1, settings.Beta2, settings.Epsilon, settings.WeightDecay);
        optimizer = new AdamW(task.Parameters, optimizerSettings, settings.Threads, task.RateFactor);
        schedule = new LearningRateSchedule(settings.LearningRate, settings.Decay, (long)Math.Round(settings.WarmUpShare * steps), steps);
        identity = Identity(task, settings, steps, seed);
    }

    public long Step => head.Step;

    public long Tokens => head.Tokens;

    public long BestStep => head.BestStep;

    public double? BestScore => head.BestStep == 0 ? null : head.BestScore;

    public bool HasLostPatience => settings.Patience > 0 && head.ValidationsSinceBest >= settings.Patience;

    public double RateAt(long step) => schedule.At(step);

    public void TakeStep(double gradientFactor, long tokens)
    {
        head = head with { Step = head.Step + 1, Tokens = head.Tokens + tokens };
        optimizer.Step(schedule.At(head.Step), gradientFactor);
    }

    public void Settle() => optimizer.Settle();

    /// <returns>Whether no other had such a score.</returns>
    public bool Judge(ValidationResult result)
    {
        var isBest = head.BestStep == 0 || result.Score > head.BestScore;
        head = head with
        {
            ValidatedStep = head.Step,
            Score = result.Score,
            Loss = result.Loss,
            BestStep = isBest ? head.Step : head.BestStep,
            BestScore = isBest ? result.Score : head.BestScore,
            ValidationsSinceBest = isBest ? 0 : head.ValidationsSinceBest + 1,
        };
        return isBest;
    }

    public void Save(ICheckpointStore checkpoints, bool isBest)
    {
        var hasScore = head.ValidatedStep > 0;
        checkpoints.Save(new CheckpointDescription(head.Step, hasScore ? head.Score : null, hasScore ? head.Loss : null, isBest), Write);
    }

    /// <summary>
    /// Goes on from the latest checkpoint; or from the best, where the one that the latest calls the best is there no more, as
    /// at the end its parameters are needed.
    /// </summary>
    public void Resume(ICheckpointStore checkpoints, ITrainingObserver observer)
    {
        var best = checkpoints.OpenBest();
        using var bestState = best?.State;
        var latest = checkpoints.OpenLatest();
        using var latestState = latest?.State;
        if (latest is not { } found)
        {
            return;
        }

        using var reader = new BinaryReader(found.State, Encoding.UTF8, leaveOpen: true);
        var saved = ReadHead(reader);
        if (saved.BestStep == 0 || saved.BestStep == saved.Step || saved.BestStep == best?.Checkpoint.Step)
        {
            ReadBody(reader, saved);
        }
        else if (best is { } other)
        {
            using var bestReader = new BinaryReader(other.State, Encoding.UTF8, leaveOpen: true);
            ReadBody(bestReader, ReadHead(bestReader));
        }
        else
        {
            return;
        }

        observer.Said($"Goes on from the checkpoint of step {head.Step}.");
    }

    public void RestoreBest(ICheckpointStore checkpoints)
    {
        Settle();
        if (head.BestStep == 0 || head.BestStep == head.Step)
        {
            return;
        }

        var best = checkpoints.OpenBest();
        using var state = best?.State;
        if (best is not { } found || found.Checkpoint.Step != head.BestStep)
        {
            throw new TrainingException("CHECKPOINT_LOST", $"The checkpoint of the best step, {head.BestStep}, is not there or damaged.", "Resume the job: it goes on from the last checkpoint that is whole.");
        }

        using var reader = new BinaryReader(found.State, Encoding.UTF8, leaveOpen: true);
        ReadHead(reader);
        ReadParameters(reader);
    }

    public TrainingEnd End(long steps, bool isPaused) =>
        new(isPaused, HasLostPatience, head.Step, steps, head.BestStep == 0 ? head.Step : head.BestStep, BestScore, head.Tokens);

    private void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write(identity);
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Head>(in head)));
        foreach (var parameter in task.Parameters)
        {
            writer.Write(MemoryMarshal.AsBytes(parameter.Values.AsSpan()));
        }

        optimizer.Save(writer);
    }

    private Head ReadHead(BinaryReader reader)
    {
        var read = default(Head);
        if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic) || reader.ReadInt32() != FormatVersion)
        {
            throw Mismatch("was written by another version of the software");
        }

        if (!reader.ReadBytes(identity.Length).AsSpan().SequenceEqual(identity))
        {
            throw Mismatch("is of another run: its data, base model, settings or seed differ");
        }

        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(new Span<Head>(ref read)));
        return read;
    }

    private void ReadBody(BinaryReader reader, Head saved)
    {
        ReadParameters(reader);
        optimizer.Restore(reader);
        head = saved;
    }

    private void ReadParameters(BinaryReader reader)
    {
        foreach (var parameter in task.Parameters)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(parameter.Values.AsSpan()));
        }
    }

    private static TrainingException Mismatch(string why) =>
        new("CHECKPOINT_MISMATCH", $"The latest checkpoint {why}.", "Start the job anew, with a folder of checkpoints of its own.");

    /// <summary>SHA-256 of all that the result depends on; not of what changes nothing: the optimizer's threads, and how often checkpoints are taken.</summary>
    private static byte[] Identity(ITrainingTask task, TrainingSettings settings, long steps, ulong seed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(JsonSerializer.Serialize(settings with { Threads = 1, CheckpointEverySteps = 0 }));
        Add(string.Create(CultureInfo.InvariantCulture, $"{steps} {seed} {task.Identity}"));
        foreach (var parameter in task.Parameters)
        {
            var factor = task.RateFactor(parameter);
            Add(string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} {parameter.Rows} {parameter.Columns} {parameter.Decays} {parameter.IsSparse} {factor:R}"));
            hash.AppendData(MemoryMarshal.AsBytes(parameter.Values.AsSpan()));
        }

        foreach (var tokens in task.ExampleTokens)
        {
            hash.AppendData(BitConverter.GetBytes(tokens));
        }

        return hash.GetHashAndReset();

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    }

    /// <summary>What a checkpoint holds beside parameters and optimizer.</summary>
    private readonly record struct Head(
        long Step, long Tokens, long ValidatedStep, double Score, double Loss, long BestStep, double BestScore, long ValidationsSinceBest);
}
