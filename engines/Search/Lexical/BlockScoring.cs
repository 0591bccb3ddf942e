using System.Numerics;
using System.Runtime.InteropServices;

namespace RagPlatform.Search.Lexical;

/// <summary>Adds what the postings of a block are worth to the scores of their rows.</summary>
internal static class BlockScoring
{
    /// <param name="from">First posting.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="windowStart">The row of the first score; the postings' rows are in the window.</param>
    public static void Add(
        in BlockPostings postings, int from, int to, int windowStart, Span<float> scores, ReadOnlySpan<int> rowLengths, float weight, LengthNorm norm)
    {
        var rowOfOffset = postings.FirstRow;
        if (postings.HasWideRows)
        {
            AddRows(postings, postings.WideRowOffsets[from..to], from, to, rowOfOffset, windowStart, scores, rowLengths, weight, norm);
        }
        else
        {
            AddRows(postings, postings.RowOffsets[from..to], from, to, rowOfOffset, windowStart, scores, rowLengths, weight, norm);
        }
    }

    private static void AddRows<TRow>(
        in BlockPostings postings, ReadOnlySpan<TRow> offsets, int from, int to, int rowOfOffset, int windowStart,
        Span<float> scores, ReadOnlySpan<int> rowLengths, float weight, LengthNorm norm)
        where TRow : unmanaged, IBinaryInteger<TRow>
    {
        if (postings.HasWideFrequencies)
        {
            AddAll(offsets, postings.WideFrequencies[from..to], rowOfOffset, windowStart, scores, rowLengths, weight, norm);
        }
        else
        {
            AddAll(offsets, postings.Frequencies[from..to], rowOfOffset, windowStart, scores, rowLengths, weight, norm);
        }
    }

    private static void AddAll<TRow, TFrequency>(
        ReadOnlySpan<TRow> offsets, ReadOnlySpan<TFrequency> frequencies, int rowOfOffset, int windowStart,
        Span<float> scores, ReadOnlySpan<int> rowLengths, float weight, LengthNorm norm)
        where TRow : unmanaged, IBinaryInteger<TRow>
        where TFrequency : unmanaged, IBinaryInteger<TFrequency>
    {
        // Rows are gathered and scattered one by one; the arithmetic between, with its division, is done many at once.
        Span<float> frequency = stackalloc float[PostingLayout.BlockRows];
        Span<float> length = stackalloc float[PostingLayout.BlockRows];
        var ofSegment = rowLengths[rowOfOffset..];
        for (var i = 0; i < offsets.Length; i++)
        {
            frequency[i] = int.CreateTruncating(frequencies[i]);
            length[i] = ofSegment[int.CreateTruncating(offsets[i])];
        }

        var weights = new Vector<float>(weight);
        var constants = new Vector<float>(norm.Constant);
        var slopes = new Vector<float>(norm.Slope);
        var frequencyVectors = MemoryMarshal.Cast<float, Vector<float>>(frequency);
        var lengthVectors = MemoryMarshal.Cast<float, Vector<float>>(length);
        for (var i = 0; i * Vector<float>.Count < offsets.Length; i++)
        {
            var f = frequencyVectors[i];
            lengthVectors[i] = weights * f / (f + constants + (slopes * lengthVectors[i]));
        }

        var shift = rowOfOffset - windowStart;
        for (var i = 0; i < offsets.Length; i++)
        {
            scores[shift + int.CreateTruncating(offsets[i])] += length[i];
        }
    }
}
