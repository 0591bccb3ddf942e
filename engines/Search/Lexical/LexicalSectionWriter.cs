using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Lexical;

/// <summary>Writes the lexical sections of a segment.</summary>
public static class LexicalSectionWriter
{
    /// <param name="chunks">By row.</param>
    public static void Write(ISectionWriter writer, IReadOnlyList<ChunkTerms> chunks)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(chunks);
        new PostingsEncoder(new ChunkPostings(chunks), CancellationToken.None).Encode(writer);
    }

    /// <summary>Writes what remains of segments as one, byte for byte what <see cref="Write"/> would have written of their chunks.</summary>
    /// <param name="rowCount">Of the new segment; each of its rows is one row of one source.</param>
    /// <exception cref="ArgumentException">The sources' new rows are not 0 to <paramref name="rowCount"/> - 1, each once.</exception>
    /// <exception cref="InvalidDataException">A source holds what cannot be.</exception>
    public static void Merge(
        ISectionWriter writer, IReadOnlyList<LexicalMergeSource> sources, int rowCount, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(sources);
        new PostingsEncoder(new MergedPostings(sources, rowCount), cancellationToken).Encode(writer);
    }
}

/// <param name="NewRows">For each row of the segment its row after the merge, or -1 to drop it.</param>
public sealed record LexicalMergeSource(LexicalSegment Segment, int[] NewRows);
