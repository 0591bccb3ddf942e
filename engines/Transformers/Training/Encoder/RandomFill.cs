namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>Beginnings of parameters: a function of the stream, without state (SplitMix64, Steele, Lea and Flood 2014).</summary>
internal static class RandomFill
{
    /// <summary>Overwrites the values with numbers from −bound to bound.</summary>
    public static void Uniform(Span<float> values, float bound, ulong stream)
    {
        for (var i = 0; i < values.Length; i++)
        {
            stream += 0x9E3779B97F4A7C15;
            var x = (stream ^ (stream >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            values[i] = ((((x ^ (x >> 31)) >> 40) * (1f / (1 << 23))) - 1) * bound;
        }
    }
}
