using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>A dropout of one pass through one layer. All of a pass's differ, and a row's depends on nothing but its place.</summary>
internal readonly record struct DropoutSite(float Probability, ulong Seed, int Layer, int Site)
{
    public const int Embeddings = 0;
    public const int AttentionOutput = 1;
    public const int Output = 2;
    public const int FirstLinear = 3;
    public const int FirstHead = 16;

    public bool IsActive => Probability > 0;

    /// <summary>Replaces rows of values, or of their gradient.</summary>
    public void Apply(Span<float> values, int width, int firstRow, int rows)
    {
        for (var row = 0; IsActive && row < rows; row++)
        {
            Dropout.Apply(values.Slice(row * width, width), Probability, Dropout.Stream(Seed, Layer, Site, firstRow + row));
        }
    }

    public AttentionDropout OfHead(int head, int firstRow) => new(Probability, Seed, Layer, FirstHead + head, firstRow);
}
