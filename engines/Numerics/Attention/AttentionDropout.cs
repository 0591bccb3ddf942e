using RagPlatform.Numerics.Gradients;

namespace RagPlatform.Numerics;

/// <summary>Dropout on one head's attention weights, as BERT is trained; the default value drops nothing.</summary>
/// <param name="Probability">From 0 to below 1.</param>
/// <param name="Seed">Of the pass.</param>
/// <param name="Layer">Of the model.</param>
/// <param name="Site">Of the head within the layer: a number that no other dropout of the layer has.</param>
/// <param name="FirstRow">Of the text's tokens within the pass.</param>
public readonly record struct AttentionDropout(float Probability, ulong Seed, int Layer, int Site, long FirstRow)
{
    internal void Apply(Span<float> weights, int row)
    {
        if (Probability > 0)
        {
            Dropout.Apply(weights, Probability, Dropout.Stream(Seed, Layer, Site, FirstRow + row));
        }
    }
}
