using System.Runtime.InteropServices;

namespace RagPlatform.Transformers.Training;

/// <summary>
/// AdamW's state of a parameter of which a step touches few rows, such as word embeddings. In AdamW a row goes on moving
/// after its gradient, by its mean of gradients, so a touched row is updated in every step until that mean is
/// beta1^n ≤ 2^-30 of what it was: then it goes to sleep. What a sleeping row misses has a closed form - its mean of squares
/// shrinks, its values decay - and is made up for when it wakes, exactly but for rounding. One thing differs from dense
/// training: the forward pass of the step in which a row wakes read its values before the decay that it had missed
/// (at a rate of 1e-4 and a decay of 0.01, 1e-6 of them per step slept).
/// </summary>
internal sealed class SparseAdamW
{
    private readonly Parameter parameter;
    private readonly AdamWSettings settings;
    private readonly double rateFactor;
    private readonly int restlessSteps;
    private readonly float[] mean;
    private readonly float[] square;

    /// <summary>By row, the step that last touched it; 0 for never.</summary>
    private readonly long[] touchedAt;

    /// <summary>By row, the step that its mean of squares is of.</summary>
    private readonly long[] updatedAt;

    /// <summary>By row, what <see cref="decay"/> was when its values decayed last.</summary>
    private readonly double[] decayed;

    /// <summary>Rows that are updated in every step, ascending.</summary>
    private int[] awake = [];

    /// <summary>What is left of a value that did nothing but decay since the first step.</summary>
    private double decay = 1;
    private double decayBefore = 1;
    private long now;
    private AdamWKernel kernel;

    public SparseAdamW(Parameter parameter, AdamWSettings settings, double rateFactor)
    {
        (this.parameter, this.settings, this.rateFactor) = (parameter, settings, rateFactor);
        restlessSteps = settings.Beta1 <= 0 ? 1 : (int)Math.Ceiling(-30 * Math.Log(2) / Math.Log(settings.Beta1));
        mean = new float[parameter.Values.Length];
        square = new float[parameter.Values.Length];
        touchedAt = new long[parameter.Rows];
        updatedAt = new long[parameter.Rows];
        decayed = new double[parameter.Rows];
        Array.Fill(decayed, 1);
    }

    /// <summary>Wakes the rows that the gradient touched and puts others to sleep.</summary>
    /// <returns>Rows to be updated.</returns>
    public int BeginStep(AdamWStep step, long number)
    {
        now = number;
        decayBefore = decay;
        decay *= parameter.Decays ? 1 - (step.LearningRate * rateFactor * settings.WeightDecay) : 1;
        kernel = new AdamWKernel(settings, step, rateFactor, parameter.Decays);
        foreach (var row in parameter.TouchedRows)
        {
            touchedAt[row] = number;
        }

        var stay = awake.Where(row => number - touchedAt[row] < restlessSteps);
        var fallAsleep = awake.Where(row => number - touchedAt[row] >= restlessSteps).ToArray();
        awake = [.. stay.Union(parameter.TouchedRows).Order()];
        foreach (var row in fallAsleep)
        {
            mean.AsSpan(row * parameter.Columns, parameter.Columns).Clear();
        }

        return awake.Length;
    }

    /// <param name="index">Among the rows to be updated. They may be updated at the same time.</param>
    public void UpdateRow(int index)
    {
        var row = awake[index];
        var (from, count) = (row * parameter.Columns, parameter.Columns);
        CatchUp(row, now - 1, decayBefore);
        kernel.Update(parameter.Values.AsSpan(from, count), parameter.Gradient.AsSpan(from, count), mean.AsSpan(from, count), square.AsSpan(from, count));
        updatedAt[row] = now;
        decayed[row] = decay;
    }

    public void Settle()
    {
        for (var row = 0; row < parameter.Rows; row++)
        {
            CatchUp(row, now, decay);
        }
    }

    /// <summary>Saves the rows that were ever touched; the others have nothing but their decay.</summary>
    public void Save(BinaryWriter writer)
    {
        var rows = Enumerable.Range(0, parameter.Rows).Where(row => touchedAt[row] > 0).ToArray();
        writer.Write(parameter.Values.Length);
        writer.Write(decay);
        writer.Write(MemoryMarshal.AsBytes(decayed.AsSpan()));
        writer.Write(awake.Length);
        writer.Write(MemoryMarshal.AsBytes(awake.AsSpan()));
        writer.Write(rows.Length);
        foreach (var row in rows)
        {
            writer.Write(row);
            writer.Write(touchedAt[row]);
            writer.Write(updatedAt[row]);
            writer.Write(MemoryMarshal.AsBytes(mean.AsSpan(row * parameter.Columns, parameter.Columns)));
            writer.Write(MemoryMarshal.AsBytes(square.AsSpan(row * parameter.Columns, parameter.Columns)));
        }
    }

    public void Restore(BinaryReader reader)
    {
        ThrowUnless(reader.ReadInt32() == parameter.Values.Length);
        decay = reader.ReadDouble();
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(decayed.AsSpan()));
        awake = new int[Count(reader)];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(awake.AsSpan()));
        ThrowUnless(awake.All(row => (uint)row < (uint)parameter.Rows));
        foreach (var array in (Array[])[mean, square, touchedAt, updatedAt])
        {
            Array.Clear(array);
        }

        for (var left = Count(reader); left > 0; left--)
        {
            var row = reader.ReadInt32();
            ThrowUnless((uint)row < (uint)parameter.Rows);
            (touchedAt[row], updatedAt[row]) = (reader.ReadInt64(), reader.ReadInt64());
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(mean.AsSpan(row * parameter.Columns, parameter.Columns)));
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(square.AsSpan(row * parameter.Columns, parameter.Columns)));
        }
    }

    /// <summary>Gives a row what it missed up to a step, of which <paramref name="decayThen"/> is left of what only decayed.</summary>
    private void CatchUp(int row, long step, double decayThen)
    {
        var (from, count) = (row * parameter.Columns, parameter.Columns);
        // A row that was never touched has no squares.
        if (touchedAt[row] > 0 && updatedAt[row] > 0 && updatedAt[row] < step)
        {
            var shrink = (float)Math.Pow(settings.Beta2, step - updatedAt[row]);
            foreach (ref var value in square.AsSpan(from, count))
            {
                value *= shrink;
            }

            updatedAt[row] = step;
        }

        if (decayed[row] != decayThen)
        {
            var shrink = (float)(decayThen / decayed[row]);
            foreach (ref var value in parameter.Values.AsSpan(from, count))
            {
                value *= shrink;
            }

            decayed[row] = decayThen;
        }
    }

    private int Count(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        ThrowUnless(count >= 0 && count <= parameter.Rows);
        return count;
    }

    private void ThrowUnless(bool isMine)
    {
        if (!isMine)
        {
            throw new InvalidDataException($"The optimizer's state is not of '{parameter.Name}' with {parameter.Rows} rows of {parameter.Columns}.");
        }
    }
}
