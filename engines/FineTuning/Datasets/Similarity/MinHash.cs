using System.Numerics;

namespace RagPlatform.FineTuning.Datasets.Similarity;

/// <summary>
/// Sketches of sets whose places agree as often as the sets are similar.
/// Source: A. Broder, "On the Resemblance and Containment of Documents", 1997; hash functions: multiply-add with odd factors.
/// </summary>
internal sealed class MinHash
{
    /// <summary>The estimate's standard error at a similarity of 0.8 is 0.035.</summary>
    public const int Places = 128;

    private readonly uint[] factors = new uint[Places];
    private readonly uint[] offsets = new uint[Places];
    private readonly uint[] least = new uint[Places];

    public MinHash()
    {
        // Fixed, so that the same texts are always found alike: SplitMix64 from 1.
        var state = 1ul;
        for (var i = 0; i < Places; i++)
        {
            factors[i] = (uint)Next(ref state) | 1;
            offsets[i] = (uint)Next(ref state);
        }
    }

    /// <summary>Of each hash function's least value the top byte-sized mix.</summary>
    public void Sketch(ReadOnlySpan<uint> shingles, Span<byte> sketch)
    {
        Array.Fill(least, uint.MaxValue);
        foreach (var shingle in shingles)
        {
            var value = new Vector<uint>(shingle);
            for (var i = 0; i < Places; i += Vector<uint>.Count)
            {
                var hashed = (value * new Vector<uint>(factors, i)) + new Vector<uint>(offsets, i);
                Vector.Min(hashed, new Vector<uint>(least, i)).CopyTo(least, i);
            }
        }

        for (var i = 0; i < Places; i++)
        {
            sketch[i] = (byte)((least[i] * 0x9E3779B1u) >> 24);
        }
    }

    private static ulong Next(ref ulong state)
    {
        var mixed = state += 0x9E3779B97F4A7C15ul;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ul;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBul;
        return mixed ^ (mixed >> 31);
    }
}
