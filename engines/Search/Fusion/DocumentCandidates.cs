using System.Runtime.InteropServices;

namespace RagPlatform.Search.Fusion;

/// <summary>
/// Where each document may have one hit, documents are ranked, not chunks: one chunk may have the words and another the
/// meaning, and both speak for the document.
/// </summary>
internal static class DocumentCandidates
{
    /// <returns>
    /// Each document's best chunk, in no order. It counts with what each arm gives the document's best chunk of that arm;
    /// rank and score stay its own.
    /// </returns>
    public static Candidate[] Of(Candidate[] chunks, CandidateOrder order, ICandidateReader reader)
    {
        var documents = new Dictionary<string, Best>(chunks.Length, StringComparer.Ordinal);
        foreach (var chunk in chunks)
        {
            ref var best = ref CollectionsMarshal.GetValueRefOrAddDefault(documents, reader.DocumentId(chunk.Row), out var isKnown);
            best = isKnown
                ? new Best(
                    order.Compare(chunk, best.Chunk) < 0 ? chunk : best.Chunk,
                    Math.Max(best.Lexical, chunk.Lexical.Normalized),
                    Math.Max(best.Vector, chunk.Vector.Normalized))
                : new Best(chunk, chunk.Lexical.Normalized, chunk.Vector.Normalized);
        }

        foreach (var (chunk, lexical, vector) in documents.Values)
        {
            chunk.Lexical = chunk.Lexical with { Normalized = lexical };
            chunk.Vector = chunk.Vector with { Normalized = vector };
        }

        return [.. documents.Values.Select(best => best.Chunk)];
    }

    private readonly record struct Best(Candidate Chunk, double Lexical, double Vector);
}
