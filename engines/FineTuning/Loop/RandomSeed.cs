namespace RagPlatform.FineTuning.Loop;

/// <summary>
/// Seeds of what is random in training, each derived from the run's and from where it is used, so that a resumed run draws
/// what an undisturbed one draws without any generator's state being kept.
/// </summary>
public static class RandomSeed
{
    /// <summary>The seed's child of that number; children of one seed are independent of each other for all purposes of training.</summary>
    /// <remarks>Source: the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).</remarks>
    public static ulong Derive(ulong seed, ulong number)
    {
        unchecked
        {
            var mixed = Mix(seed) + (number * 0x9E3779B97F4A7C15);
            return Mix(mixed);
        }
    }

    /// <summary>From 0 to <paramref name="count"/> - 1, in an order that is the seed's.</summary>
    public static int[] Permutation(ulong seed, int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        // Fisher and Yates; the product's high half maps a draw to the range with a bias below count / 2^64.
        for (var i = count - 1; i > 0; i--)
        {
            var other = (int)Math.BigMul(Derive(seed, (ulong)i), (ulong)(i + 1), out _);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
