using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;
using RagPlatform.Numerics.Threads;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>
/// Work of a pass shared among threads. Every number is computed by one piece, in an order that does not depend on who does it:
/// the result is the same, bit for bit, for any number of threads.
/// </summary>
internal sealed class PassTeam : IDisposable
{
    /// <summary>Rows of a piece of a product: they stay in the second cache while panels of the weight pass by.</summary>
    private const int BlockRows = 256;

    private const int PiecesPerThread = 8;
    private const int RowsPerPiece = 8;

    private readonly ThreadTeam team;
    private readonly float[][] scratch;

    public PassTeam(int threads)
    {
        team = new ThreadTeam(threads);
        scratch = [.. Enumerable.Range(0, threads).Select(_ => new float[WeightMultiply.ScratchLength])];
    }

    public int Threads => team.Threads;

    public void Dispose() => team.Dispose();

    public void Pieces(int pieces, Action<int, int> threadAndPiece) => team.Run(pieces, new Work(threadAndPiece));

    /// <summary>Single rows, a few at a time.</summary>
    public void Rows(int rows, Action<int> row) => Pieces((rows + RowsPerPiece - 1) / RowsPerPiece, (_, piece) =>
    {
        var end = Math.Min(rows, (piece + 1) * RowsPerPiece);
        for (var i = piece * RowsPerPiece; i < end; i++)
        {
            row(i);
        }
    });

    /// <summary>y = x·wᵀ + bias + x2·w2ᵀ.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="w">[outputs, inputs].</param>
    /// <param name="y">[rows, outputs].</param>
    /// <param name="rows">Of all.</param>
    /// <param name="accumulate">Added to y instead of overwriting it.</param>
    /// <param name="bias">[outputs]; null for none.</param>
    /// <param name="second">A second pair of the same outputs, added while y is near; null for none.</param>
    public void Product(
        RowsOf x, WeightMatrix w, RowsOf y, int rows, bool accumulate = false, float[]? bias = null, (RowsOf X, WeightMatrix W)? second = null)
    {
        var blocks = (rows + BlockRows - 1) / BlockRows;
        var parts = Math.Min(w.Panels, Math.Max(1, (PiecesPerThread * team.Threads + blocks - 1) / blocks));
        Pieces(blocks * parts, (thread, piece) =>
        {
            var (block, part) = Math.DivRem(piece, parts);
            var from = block * BlockRows;
            var count = Math.Min(BlockRows, rows - from);
            var panels = PanelRange.Part(w.Panels, part, parts);
            for (var panel = panels.First; panel < panels.First + panels.Count; panel++)
            {
                Multiply(x, w, y, panel, from, count, accumulate, thread);
                if (second is { } pair)
                {
                    Multiply(pair.X, pair.W, y, panel, from, count, accumulate: true, thread);
                }
                if (bias is not null)
                {
                    AddBias(bias, w, y, panel, from, count);
                }
            }
        });
    }

    /// <summary>gradient[a's columns, b's columns] += aᵀ·b over the rows.</summary>
    public void Outer(RowsOf a, int aColumns, RowsOf b, int bColumns, int rows, float[] gradient) =>
        Pieces(OuterProducts.TilesOf(bColumns), (_, tile) =>
            OuterProducts.Add(a.Span, a.Stride, aColumns, b.Span, b.Stride, bColumns, rows, gradient, bColumns, tile));

    /// <summary>sums[columns] += the rows' sum.</summary>
    public void AddRows(RowsOf values, int columns, int rows, float[] sums)
    {
        const int width = 64;
        Pieces((columns + width - 1) / width, (_, piece) =>
        {
            var first = piece * width;
            var to = sums.AsSpan(first, Math.Min(width, columns - first));
            for (var row = 0; row < rows; row++)
            {
                VectorMath.Add(to, values.Span.Slice(row * values.Stride + first, to.Length));
            }
        });
    }

    private void Multiply(RowsOf x, WeightMatrix w, RowsOf y, int panel, int from, int rows, bool accumulate, int thread) =>
        WeightMultiply.Multiply(
            x.Values.AsSpan(x.Start + from * x.Stride), x.Stride, w, panel, y.Values.AsSpan(y.Start + from * y.Stride), y.Stride, rows, accumulate, scratch[thread]);

    private static void AddBias(float[] bias, WeightMatrix w, RowsOf y, int panel, int from, int rows)
    {
        var first = panel * w.PanelWidth;
        var part = bias.AsSpan(first, Math.Min(w.PanelWidth, bias.Length - first));
        for (var row = from; row < from + rows; row++)
        {
            VectorMath.Add(y.Span.Slice(row * y.Stride + first, part.Length), part);
        }
    }

    private sealed class Work(Action<int, int> threadAndPiece) : ITeamWork
    {
        public void Do(int thread, int piece) => threadAndPiece(thread, piece);
    }
}
