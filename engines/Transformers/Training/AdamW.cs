namespace RagPlatform.Transformers.Training;

/// <summary>What AdamW does with a gradient.</summary>
/// <param name="Beta1">Of the mean of gradients; at least 0, below 1.</param>
/// <param name="Beta2">Of the mean of squared gradients; at least 0, below 1.</param>
/// <param name="Epsilon">Added to the denominator; above 0.</param>
/// <param name="WeightDecay">Share of itself that a parameter that decays loses per step, times the rate; 0 or more.</param>
public sealed record AdamWSettings(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0.01);

/// <summary>
/// Adam with decoupled weight decay, bias-corrected (Loshchilov and Hutter 2019, arXiv:1711.05101; as torch.optim.AdamW).
/// The result does not depend on the number of threads: every value is updated by itself.
/// </summary>
/// <remarks>
/// A sparse parameter comes out as a dense one would, at the price of the rows in use: <see cref="SparseAdamW"/> says how,
/// and where the difference is one of rounding. Whoever reads all its rows calls <see cref="Settle"/> before.
/// </remarks>
public sealed class AdamW
{
    /// <summary>Values that are updated in one piece: 4 arrays of 64 KiB.</summary>
    private const int PieceValues = 1 << 14;

    private readonly AdamWSettings settings;
    private readonly int threads;
    private readonly List<(DenseAdamW State, int From, int Count)> pieces = [];
    private readonly List<DenseAdamW> dense = [];
    private readonly List<SparseAdamW> sparse = [];

    /// <param name="parameters">All that is trained; their order is that of the saved state.</param>
    /// <param name="settings">The same for all.</param>
    /// <param name="threads">At least 1.</param>
    /// <param name="rateFactor">Times the learning rate, by parameter; 1 when null.</param>
    public AdamW(IReadOnlyList<Parameter> parameters, AdamWSettings settings, int threads, Func<Parameter, double>? rateFactor = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        (this.settings, this.threads) = (settings, threads);
        foreach (var parameter in parameters)
        {
            var factor = rateFactor?.Invoke(parameter) ?? 1;
            if (parameter.IsSparse)
            {
                sparse.Add(new SparseAdamW(parameter, settings, factor));
                continue;
            }

            var state = new DenseAdamW(parameter, settings, factor);
            dense.Add(state);
            for (var from = 0; from < parameter.Values.Length; from += PieceValues)
            {
                pieces.Add((state, from, Math.Min(PieceValues, parameter.Values.Length - from)));
            }
        }
    }

    /// <summary>Done so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Moves every parameter against its gradient. The gradients stay as they are.</summary>
    /// <param name="learningRate">0 or more.</param>
    /// <param name="gradientFactor">Times every gradient; what <see cref="GradientNorm"/> clips by.</param>
    public void Step(double learningRate, double gradientFactor = 1)
    {
        Steps++;
        var step = new AdamWStep(learningRate, gradientFactor, 1 - Math.Pow(settings.Beta1, Steps), 1 - Math.Pow(settings.Beta2, Steps));
        Do(pieces.Count, piece => pieces[piece].State.Update(step, pieces[piece].From, pieces[piece].Count));
        foreach (var parameter in sparse)
        {
            var rows = parameter.BeginStep(step, Steps);
            Do(rows, row => parameter.UpdateRow(row));
        }
    }

    /// <summary>Gives rows of sparse parameters that were not in use what they missed, so that all values are those of a dense one.</summary>
    public void Settle()
    {
        foreach (var parameter in sparse)
        {
            parameter.Settle();
        }
    }

    /// <summary>Writes what the next steps need beside the parameters' values.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Steps);
        dense.ForEach(state => state.Save(writer));
        sparse.ForEach(state => state.Save(writer));
    }

    /// <summary>Reads what <see cref="Save"/> wrote, of the same parameters.</summary>
    /// <exception cref="EndOfStreamException">There is less than that.</exception>
    /// <exception cref="InvalidDataException">It is of other parameters.</exception>
    public void Restore(BinaryReader reader)
    {
        Steps = reader.ReadInt64();
        dense.ForEach(state => state.Restore(reader));
        sparse.ForEach(state => state.Restore(reader));
    }

    private void Do(int count, Action<int> piece)
    {
        if (threads == 1 || count < 2)
        {
            for (var i = 0; i < count; i++)
            {
                piece(i);
            }

            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, piece);
    }
}

/// <summary>What is the same for all parameters in a step.</summary>
/// <param name="LearningRate">Of the schedule.</param>
/// <param name="GradientFactor">Times every gradient.</param>
/// <param name="Correction1">1 - beta1^steps.</param>
/// <param name="Correction2">1 - beta2^steps.</param>
internal readonly record struct AdamWStep(double LearningRate, double GradientFactor, double Correction1, double Correction2);
