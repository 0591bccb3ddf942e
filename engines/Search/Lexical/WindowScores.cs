using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// The scores of a window of rows and what their lengths weigh, near enough to the processor for scattered access. Rows
/// are offsets into the window; one that damaged postings invent falls somewhere into the window, not outside.
/// </summary>
/// <param name="scores">Of <see cref="Rows"/> rows.</param>
/// <param name="norms">Likewise.</param>
internal ref struct WindowScores(Span<float> scores, Span<float> norms)
{
    /// <summary>A power of two. 4,096: of 1,024 to 16,384 the fastest on 85,000 chunks.</summary>
    public const int Rows = 4096;

    private const int RowMask = Rows - 1;

    private readonly Span<float> _scores = scores;
    private readonly Span<float> _norms = norms;

    /// <summary>The window's first row in the segment.</summary>
    public int From { get; private set; }

    /// <summary>One past its last.</summary>
    public int To { get; private set; }

    /// <summary>From 0 on.</summary>
    public readonly ReadOnlySpan<float> Scores => _scores[..(To - From)];

    public void Begin(int from, ReadOnlySpan<int> rowLengths, LengthNorm norm)
    {
        From = from;
        To = Math.Min(from + Rows, rowLengths.Length);
        // Whole vectors of them are looked at.
        _scores[..Math.Min(Rows, To - From + Vector512<float>.Count)].Clear();
        norm.Fill(rowLengths[From..To], _norms[..(To - From)]);
    }

    /// <summary>Rows of at least that score.</summary>
    public readonly int CountScored(float least)
    {
        var count = 0;
        for (var row = 0; row < To - From; row += Vector512<float>.Count)
        {
            count += BitOperations.PopCount(AtLeast(row, least));
        }

        return count;
    }

    /// <summary>Allowed rows of at least that score, ascending.</summary>
    public readonly Span<int> Scored(RowSet allowed, float least, Span<int> rows)
    {
        var count = 0;
        for (var row = 0; row < To - From; row += Vector512<float>.Count)
        {
            for (var found = AtLeast(row, least); found != 0; found &= found - 1)
            {
                rows[count] = row + BitOperations.TrailingZeroCount(found);
                count += allowed.Contains(From + rows[count]) ? 1 : 0;
            }
        }

        return rows[..count];
    }

    /// <summary>Adds what one posting is worth.</summary>
    public readonly void Add(int row, int frequency, float weight) => _scores[row] += weight * frequency / (frequency + _norms[row]);

    /// <summary>Adds what the postings of a block are worth, from one on to the window's end.</summary>
    public readonly void Add(in BlockPostings postings, int first, float weight)
    {
        var shift = postings.FirstRow - From;
        if (!postings.HasWideRows && !postings.HasWideFrequencies)
        {
            Add(postings.RowOffsets[first..], postings.Frequencies[first..], shift, weight);
        }
        else
        {
            for (var i = first; i < postings.Count && postings.RowAt(i) < To; i++)
            {
                Add(postings.RowAt(i) - From, postings.FrequencyAt(i), weight);
            }
        }
    }

    /// <summary>A bit for each of 16 rows.</summary>
    private readonly ulong AtLeast(int row, float least) =>
        Vector512.GreaterThanOrEqual(Vector512.Create<float>(_scores.Slice(row, Vector512<float>.Count)), Vector512.Create(least)).ExtractMostSignificantBits();

    private readonly void Add(ReadOnlySpan<ushort> offsets, ReadOnlySpan<byte> frequencies, int shift, float weight)
    {
        ref var score = ref MemoryMarshal.GetReference(_scores);
        ref var norm = ref MemoryMarshal.GetReference(_norms);
        var end = To - From - shift;
        for (var i = 0; i < offsets.Length && i < frequencies.Length; i++)
        {
            if (offsets[i] >= end)
            {
                return;
            }

            var row = (shift + offsets[i]) & RowMask;
            float frequency = frequencies[i];
            Unsafe.Add(ref score, row) += weight * frequency / (frequency + Unsafe.Add(ref norm, row));
        }
    }
}
