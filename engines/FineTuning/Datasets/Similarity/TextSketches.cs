using System.Runtime.InteropServices;

namespace RagPlatform.FineTuning.Datasets.Similarity;

/// <summary>Texts with their sketches: 132 bytes each beside the text.</summary>
internal sealed class TextSketches
{
    private readonly IReadOnlyList<string> texts;
    private readonly byte[] sketches;
    private readonly int[] shingleCounts;

    public TextSketches(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        this.texts = texts;
        sketches = new byte[(long)texts.Count * MinHash.Places];
        shingleCounts = new int[texts.Count];
        var hasher = new MinHash();
        for (var i = 0; i < texts.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var shingles = Shingles.Of(texts[i]);
            shingleCounts[i] = shingles.Length;
            hasher.Sketch(shingles, SketchSpan(i));
        }
    }

    public int Count => texts.Count;

    public ReadOnlySpan<byte> Sketch(int text) => SketchSpan(text);

    /// <summary>Jaccard similarity of two texts; 0 where the sketches or the sizes already say that it is below the least.</summary>
    public static double Similarity(TextSketches left, int leftText, TextSketches right, int rightText, double least)
    {
        var (a, b) = (left.shingleCounts[leftText], right.shingleCounts[rightText]);
        if (Math.Min(a, b) < least * Math.Max(a, b))
        {
            return 0;
        }

        return Shingles.Jaccard(Shingles.Of(left.texts[leftText]), Shingles.Of(right.texts[rightText]));
    }

    /// <summary>Share of the places in which two sketches agree: an estimate of the similarity.</summary>
    public static double Estimate(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var equal = 0;
        for (var i = 0; i < MinHash.Places; i++)
        {
            equal += left[i] == right[i] ? 1 : 0;
        }

        return (double)equal / MinHash.Places;
    }

    private Span<byte> SketchSpan(int text) =>
        MemoryMarshal.CreateSpan(ref sketches[(long)text * MinHash.Places], MinHash.Places);
}
