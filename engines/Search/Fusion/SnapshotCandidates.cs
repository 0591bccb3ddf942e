using RagPlatform.Search.Lexical;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Fusion;

/// <summary>Candidates of one search, by their rows over the segments of a snapshot, read where they lie.</summary>
/// <param name="lexical">Bound to the snapshot's segments.</param>
/// <param name="vector">The query's; empty: it has none, and every vector score is 0.</param>
internal sealed class SnapshotCandidates(IndexSnapshot snapshot, BoundLexicalQuery lexical, ReadOnlyMemory<float> vector) : ICandidateReader
{
    public string ChunkId(int row) => At(row, out var local).Segment.Documents.ChunkIdOf(local);

    public string DocumentId(int row)
    {
        var documents = At(row, out var local).Segment.Documents;
        return documents.IdOf(documents.DocumentOf(local));
    }

    public string Title(int row)
    {
        var documents = At(row, out var local).Segment.Documents;
        return documents.TitleOf(documents.DocumentOf(local));
    }

    public string Text(int row) => Chunk(row).Text;

    public ReadOnlySpan<float> Vector(int row) => At(row, out var local).Segment.Vectors.Vector(local);

    public float LexicalScore(int row)
    {
        var number = NumberOf(row);
        return lexical.Score(number, row - snapshot.Segments[number].FirstRow);
    }

    public float VectorScore(int row) => vector.IsEmpty ? 0 : At(row, out var local).Segment.Vectors.Score(local, vector.Span);

    /// <summary>Without its chunks.</summary>
    public IndexedDocument Document(int row)
    {
        var documents = At(row, out var local).Segment.Documents;
        return documents.Document(documents.DocumentOf(local));
    }

    /// <summary>Without its vector.</summary>
    public IndexedChunk Chunk(int row) => At(row, out var local).Segment.Documents.Chunk(local);

    public IReadOnlyList<MatchedTerm> Terms(int row)
    {
        var number = NumberOf(row);
        return lexical.Explain(number, row - snapshot.Segments[number].FirstRow);
    }

    public SegmentView At(int row, out int local)
    {
        var view = snapshot.Segments[NumberOf(row)];
        local = row - view.FirstRow;
        return view;
    }

    /// <summary>The last segment that begins at or before the row.</summary>
    private int NumberOf(int row)
    {
        int low = 0, high = snapshot.Segments.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = snapshot.Segments[middle].FirstRow <= row ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
