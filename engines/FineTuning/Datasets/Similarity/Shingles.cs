namespace RagPlatform.FineTuning.Datasets.Similarity;

/// <summary>A text as the set of its runs of five characters, each as a 32-bit hash.</summary>
internal static class Shingles
{
    private const int Length = 5;

    /// <summary>Distinct and ascending; one for a text that is shorter than a run.</summary>
    public static uint[] Of(string text)
    {
        var count = Math.Max(1, text.Length - Length + 1);
        var hashes = new uint[count];
        for (var i = 0; i < count; i++)
        {
            hashes[i] = Hash(text.AsSpan(i, Math.Min(Length, text.Length - i)));
        }

        Array.Sort(hashes);
        var distinct = 1;
        for (var i = 1; i < count; i++)
        {
            if (hashes[i] != hashes[distinct - 1])
            {
                hashes[distinct++] = hashes[i];
            }
        }

        Array.Resize(ref hashes, distinct);
        return hashes;
    }

    /// <summary>Jaccard similarity: what both have, of what either has; 0 to 1.</summary>
    public static double Jaccard(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right)
    {
        var (i, j, both) = (0, 0, 0);
        while (i < left.Length && j < right.Length)
        {
            var (a, b) = (left[i], right[j]);
            both += a == b ? 1 : 0;
            i += a <= b ? 1 : 0;
            j += b <= a ? 1 : 0;
        }

        return (double)both / (left.Length + right.Length - both);
    }

    private static uint Hash(ReadOnlySpan<char> run)
    {
        var hash = 0xCBF29CE484222325ul;
        foreach (var character in run)
        {
            hash = (hash ^ character) * 0x9E3779B97F4A7C15ul;
            hash ^= hash >> 32;
        }

        return (uint)hash;
    }
}
