using RagPlatform.Numerics;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving.Training;

/// <summary>
/// A model's parameters before training, of which a share can be mixed into the trained ones: what was learnt is kept in
/// part, and of what was known before more stays. Source: Wortsman et al. 2022, arXiv:2109.01903 (WiSE-FT).
/// </summary>
internal sealed class StartingPoint
{
    private readonly TrainableEncoder encoder;
    private readonly float[][] values;

    /// <param name="encoder">Before its first step.</param>
    public StartingPoint(TrainableEncoder encoder)
    {
        this.encoder = encoder;
        values = [.. encoder.Parameters.Select(parameter => IsFactor(parameter) ? [] : parameter.Values.ToArray())];
    }

    /// <summary>θ = share · θ before + (1 - share) · θ.</summary>
    /// <param name="share">0: nothing changes; 1: as before training.</param>
    public void Mix(double share)
    {
        foreach (var (parameter, before) in encoder.Parameters.Zip(values))
        {
            if (IsFactor(parameter))
            {
                continue;
            }
            VectorMath.Scale(parameter.Values, (float)(1 - share));
            VectorMath.AddScaled(parameter.Values, (float)share, before);
        }
    }

    /// <summary>Of an addition B·A that begins with B at zero: scaling B alone scales the addition.</summary>
    private bool IsFactor(Parameter parameter) => encoder.Tuning.Lora is not null && parameter.Name.EndsWith("lora_A.weight", StringComparison.Ordinal);
}
