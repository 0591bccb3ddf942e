using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RagPlatform.Numerics.Gradients;

/// <summary>
/// Dropout (Srivastava et al. 2014) whose choices are a function of where they are made, so that no random state is kept and the
/// backward pass, or a resumed run, makes the same ones: a counter is mixed with a stream's key (Salmon et al. 2011,
/// "Parallel random numbers: as easy as 1, 2, 3", has the idea; the mixing is Wellons' lowbias32). The same on every machine.
/// </summary>
public static class Dropout
{
    private const uint Golden = 0x9E3779B9;
    private const uint Mix1 = 0x7FEB352D;
    private const uint Mix2 = 0x846CA68B;
    private const double Range32 = 4294967296.0;

    /// <summary>The stream of one place in a model: a layer's dropout number <paramref name="site"/>, one row of its values.</summary>
    public static ulong Stream(ulong seed, int layer, int site, long row) =>
        Mixed(Mixed(Mixed(seed + Golden) ^ ((ulong)(uint)layer << 32) ^ (uint)site) ^ (ulong)row);

    /// <summary>Replaces each value by 0 with the probability, else by value / (1 − probability). Applied to the gradient with the same stream it is its own derivative.</summary>
    /// <param name="values">Value i is chosen by the stream and i.</param>
    /// <param name="probability">From 0 to below 1; at 0 nothing is done.</param>
    /// <param name="stream">From <see cref="Stream"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(Span<float> values, float probability, ulong stream)
    {
        if (probability is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A dropout probability is from 0 to below 1.");
        }
        if (probability == 0)
        {
            return;
        }
        var threshold = (uint)(probability * Range32);
        var scale = (float)(1 / (1.0 - probability));
        ref var x = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (var counters = Vector<uint>.Indices; i + Vector<uint>.Count <= values.Length; i += Vector<uint>.Count, counters += new Vector<uint>((uint)Vector<uint>.Count))
        {
            var kept = Vector.GreaterThanOrEqual(Hashes(counters, stream), new Vector<uint>(threshold));
            var scaled = Vector.LoadUnsafe(ref x, (nuint)i) * scale;
            Vector.BitwiseAnd(scaled, Vector.AsVectorSingle(kept)).StoreUnsafe(ref x, (nuint)i);
        }
        ApplyScalar(values[i..], i, threshold, scale, stream);
    }

    internal static void ApplyScalar(Span<float> values, int first, uint threshold, float scale, ulong stream)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Hash((uint)(first + i), stream) >= threshold ? values[i] * scale : 0;
        }
    }

    private static uint Hash(uint counter, ulong stream)
    {
        var x = (counter * Golden) + (uint)stream;
        x = (x ^ (x >> 16)) * Mix1;
        x = ((x ^ (x >> 15)) + (uint)(stream >> 32)) * Mix2;
        return x ^ (x >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Hashes(Vector<uint> counters, ulong stream)
    {
        var x = (counters * Golden) + new Vector<uint>((uint)stream);
        x = (x ^ (x >>> 16)) * Mix1;
        x = ((x ^ (x >>> 15)) + new Vector<uint>((uint)(stream >> 32))) * Mix2;
        return x ^ (x >>> 16);
    }

    /// <summary>SplitMix64's finalizer (Steele, Lea and Flood 2014).</summary>
    private static ulong Mixed(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
