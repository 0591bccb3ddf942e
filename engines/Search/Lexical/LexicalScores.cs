using System.Buffers;

namespace RagPlatform.Search.Lexical;

/// <summary>One query's BM25 scores by id, 0 where no term matched, in a pooled buffer that goes back on disposal.</summary>
public sealed class LexicalScores : IDisposable
{
    private readonly int _length;
    private float[] _buffer;

    internal LexicalScores(int length)
    {
        _length = length;
        _buffer = ArrayPool<float>.Shared.Rent(length);
        Accumulator.Clear();
    }

    internal Span<float> Accumulator => _buffer.AsSpan(0, _length);

    public float this[int id] => Accumulator[id];

    /// <summary>Offers every id that matched.</summary>
    public void CollectInto(TopK top)
    {
        ArgumentNullException.ThrowIfNull(top);
        var scores = Accumulator;
        for (var id = 0; id < scores.Length; id++)
        {
            if (scores[id] > 0)
            {
                top.Offer(id, scores[id]);
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_buffer);
        _buffer = [];
    }
}
