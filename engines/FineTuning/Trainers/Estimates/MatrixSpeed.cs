using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Trainers.Estimates;

/// <summary>How fast this machine multiplies matrices, which is what training does for most of its time.</summary>
public static class MatrixSpeed
{
    // A feed-forward layer of a small encoder on a batch of a few texts.
    private const int Rows = 256;
    private const int Depth = 384;
    private const int Columns = 1536;

    /// <summary>Longer than a time slice, shorter than anyone minds.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(150);

    /// <summary>Floating-point operations per second of all threads together, a multiplication and an addition counted as two; as things are now, with whatever else runs.</summary>
    /// <param name="threads">At least 1.</param>
    /// <param name="time">Whose clock it goes by; it runs for 0.15 s.</param>
    /// <param name="cancellationToken">Looked at between products of some hundred microseconds.</param>
    public static double Measure(int threads, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var begun = time.GetTimestamp();
        var products = new long[threads];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, threads, options, thread =>
        {
            var (left, right, result) = (new float[Rows * Depth], new PackedMatrix(Depth, Columns), new float[Rows * Columns]);
            right.Pack(new float[Depth * Columns], Depth, Columns, Columns, 1);
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                MatrixMultiply.Multiply(left, Depth, right, result, Columns, Rows);
                products[thread]++;
            }
            while (time.GetElapsedTime(begun) < Duration);
        });
        return products.Sum() * 2.0 * Rows * Depth * Columns / time.GetElapsedTime(begun).TotalSeconds;
    }
}
