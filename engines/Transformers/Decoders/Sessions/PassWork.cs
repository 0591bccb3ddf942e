using RagPlatform.Numerics;
using RagPlatform.Numerics.Attention;
using RagPlatform.Numerics.Threads;

namespace RagPlatform.Transformers.Decoders;

/// <summary>Work on single rows, a few at a time.</summary>
internal sealed class RowsWork(Action<int> row) : ITeamWork
{
    private const int RowsPerPiece = 8;

    private int rows;

    public void Run(ThreadTeam team, int rowCount)
    {
        rows = rowCount;
        team.Run((rowCount + RowsPerPiece - 1) / RowsPerPiece, this);
    }

    public void Do(int thread, int piece)
    {
        var end = Math.Min(rows, (piece + 1) * RowsPerPiece);
        for (var i = piece * RowsPerPiece; i < end; i++)
        {
            row(i);
        }
    }
}

/// <summary>Where a matrix of rows lies in scratch.</summary>
internal readonly record struct RowsOf(float[] Values, int Start, int Stride)
{
    public Span<float> Span => Values.AsSpan(Start);
}

/// <summary>A linear layer on all rows, panel by panel.</summary>
internal sealed class ProductWork(PassScratch scratch) : ITeamWork
{
    /// <summary>
    /// Weights that a piece of one row streams, at least: a shorter one would lose to what taking it costs, and to the
    /// memory's reading ahead, which begins anew with each.
    /// </summary>
    private const int PieceBytes = 192 * 1024;

    /// <summary>Enough pieces for threads that are not equally fast.</summary>
    private const int PiecesPerThread = 16;

    private WeightMatrix? weight;
    private float[]? bias;
    private RowsOf from;
    private RowsOf to;
    private int rows;
    private bool accumulate;
    private int panelsPerPiece;

    /// <param name="team">Who does it.</param>
    /// <param name="matrix">[outputs, inputs].</param>
    /// <param name="biases">[outputs], or null.</param>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="y">[rows, outputs].</param>
    /// <param name="rowCount">Rows of both.</param>
    /// <param name="add">Added to y instead of overwriting it.</param>
    public void Run(ThreadTeam team, WeightMatrix matrix, float[]? biases, RowsOf x, RowsOf y, int rowCount, bool add = false)
    {
        (weight, bias, from, to, rows, accumulate) = (matrix, biases, x, y, rowCount, add);
        var panelBytes = matrix.SizeBytes / matrix.Panels;
        var enough = (int)Math.Min(matrix.Panels, PieceBytes / (panelBytes * rowCount) + 1);
        panelsPerPiece = Math.Max(enough, matrix.Panels / (PiecesPerThread * team.Threads));
        team.Run((matrix.Panels - 1) / panelsPerPiece + 1, this);
    }

    public void Do(int thread, int piece)
    {
        var end = Math.Min(weight!.Panels, (piece + 1) * panelsPerPiece);
        for (var panel = piece * panelsPerPiece; panel < end; panel++)
        {
            Multiply(thread, panel);
        }
    }

    private void Multiply(int thread, int panel)
    {
        WeightMultiply.Multiply(
            from.Span, from.Stride, weight!, panel, to.Span, to.Stride, rows, accumulate, scratch.ForThread(thread));
        if (bias is null)
        {
            return;
        }
        var start = panel * weight!.PanelWidth;
        var part = bias.AsSpan(start, Math.Min(weight.PanelWidth, bias.Length - start));
        for (var row = 0; row < rows; row++)
        {
            VectorMath.Add(to.Span.Slice(row * to.Stride + start, part.Length), part);
        }
    }
}

/// <summary>Attention of all heads over the cache, by head and by a few queries.</summary>
internal sealed class AttentionWork(DecoderConfig config, PassScratch scratch) : ITeamWork
{
    private readonly float scale = 1 / MathF.Sqrt(config.HeadSize);
    private readonly int stride = config.QuerySize + 2 * config.KeySize;
    private KeyValueCache? cache;
    private int position;
    private int rows;

    private int Blocks => (rows + CachedAttention.MaxRows - 1) / CachedAttention.MaxRows;

    public void Run(ThreadTeam team, KeyValueCache layerCache, int firstPosition, int rowCount)
    {
        (cache, position, rows) = (layerCache, firstPosition, rowCount);
        team.Run(config.Heads * Blocks, this);
    }

    public void Do(int thread, int piece)
    {
        // The last queries see most keys: their pieces come first, so that no thread is left with a long one.
        var first = (Blocks - 1 - piece / config.Heads) * CachedAttention.MaxRows;
        var head = piece % config.Heads;
        CachedAttention.Attend(
            scratch.QueryKeyValue.AsSpan(first * stride + head * config.HeadSize), stride,
            Math.Min(CachedAttention.MaxRows, rows - first), position + first,
            cache!, head / (config.Heads / config.KeyHeads), scale,
            scratch.Context.AsSpan(first * config.QuerySize + head * config.HeadSize), config.QuerySize,
            scratch.ForThread(thread));
    }
}
