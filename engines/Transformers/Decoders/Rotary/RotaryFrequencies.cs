namespace RagPlatform.Transformers.Decoders;

/// <summary>
/// The angles by which queries and keys are rotated (Su et al. 2021, arXiv:2104.09864), scaled as Hugging Face
/// transformers' modeling_rope_utils does.
/// </summary>
internal sealed class RotaryFrequencies
{
    private readonly float[] frequencies;
    private readonly float attentionFactor;

    /// <param name="settings">Base and scaling.</param>
    /// <param name="headSize">Components of a head; even.</param>
    /// <param name="length">Longest text that is to come: dynamic scaling takes it for all positions, so that keys in a cache stay right.</param>
    public RotaryFrequencies(RotarySettings settings, int headSize, int length)
    {
        var theta = settings.Scaling == RotaryScaling.Dynamic ? DynamicBase(settings, headSize, length) : settings.Base;
        var plain = new double[headSize / 2];
        for (var i = 0; i < plain.Length; i++)
        {
            plain[i] = 1 / Math.Pow(theta, 2.0 * i / headSize);
        }
        var scaled = settings.Scaling switch
        {
            RotaryScaling.Linear => Array.ConvertAll(plain, frequency => frequency / settings.Factor),
            RotaryScaling.Llama3 => Array.ConvertAll(plain, frequency => Llama3(settings, frequency)),
            RotaryScaling.Yarn => Yarn(settings, plain, headSize),
            _ => plain,
        };
        frequencies = Array.ConvertAll(scaled, frequency => (float)frequency);
        attentionFactor = settings.Scaling == RotaryScaling.Yarn ? (float)settings.AttentionFactor : 1;
    }

    /// <summary>Half a head's size.</summary>
    public int Count => frequencies.Length;

    /// <summary>The cosines and sines of a position's angles, each as many as <see cref="Count"/>.</summary>
    public void CopyTo(int position, Span<float> cosines, Span<float> sines)
    {
        for (var i = 0; i < frequencies.Length; i++)
        {
            // The angle is rounded to fp32, as it is where these models were trained.
            var (sine, cosine) = Math.SinCos(position * frequencies[i]);
            cosines[i] = (float)cosine * attentionFactor;
            sines[i] = (float)sine * attentionFactor;
        }
    }

    private static double DynamicBase(RotarySettings settings, int headSize, int length)
    {
        var reach = Math.Max(1, (double)length / settings.OriginalPositions);
        return headSize <= 2 ? settings.Base
            : settings.Base * Math.Pow(settings.Factor * reach - (settings.Factor - 1), headSize / (headSize - 2.0));
    }

    private static double Llama3(RotarySettings settings, double frequency)
    {
        var turns = settings.OriginalPositions * frequency / (2 * Math.PI);
        var kept = (turns - settings.LowFrequencyFactor) / (settings.HighFrequencyFactor - settings.LowFrequencyFactor);
        return Blend(frequency, settings.Factor, Math.Clamp(kept, 0, 1));
    }

    private static double[] Yarn(RotarySettings settings, double[] plain, int headSize)
    {
        double Component(double turns) =>
            headSize * Math.Log(settings.OriginalPositions / (turns * 2 * Math.PI)) / (2 * Math.Log(settings.Base));
        var (low, high) = (Component(settings.BetaFast), Component(settings.BetaSlow));
        if (settings.Truncate)
        {
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        }
        low = Math.Max(low, 0);
        high = Math.Min(high, headSize - 1);
        // As the original: a band of no width would divide by zero.
        high = high == low ? high + 0.001 : high;
        var scaled = new double[plain.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = Blend(plain[i], settings.Factor, 1 - Math.Clamp((i - low) / (high - low), 0, 1));
        }
        return scaled;
    }

    private static double Blend(double frequency, double factor, double kept) =>
        frequency * kept + frequency / factor * (1 - kept);
}
