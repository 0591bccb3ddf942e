namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>
/// What is left out of a row, from a seed and the row's place alone: the backward pass draws the same again, and so does a run that
/// was interrupted (SplitMix64; Steele, Lea and Flood 2014).
/// </summary>
internal readonly struct DropoutSeed(ulong seed, double share)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    /// <summary>Draws are of 16 bits, four of a number.</summary>
    private readonly uint limit = (uint)Math.Round(share * 65536);

    public bool IsOn => limit > 0;

    /// <summary>Of another place.</summary>
    public DropoutSeed At(int place) => new(Mix(seed + (ulong)(place + 1) * Increment), share);

    /// <summary>Clears what is left out of the row and scales the rest, so that its mean stays.</summary>
    public void Apply(int row, Span<float> values)
    {
        var (state, kept) = (Mix(seed + (ulong)(row + 1) * Increment), 65536f / (65536 - limit));
        ulong bits = 0;
        for (var i = 0; i < values.Length; i++, bits >>= 16)
        {
            if (i % 4 == 0)
            {
                bits = Mix(state += Increment);
            }
            values[i] *= (uint)(bits & 0xffff) < limit ? 0 : kept;
        }
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
