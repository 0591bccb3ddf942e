using RagPlatform.FineTuning.Trainers;
using RagPlatform.Numerics;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Bert;

namespace RagPlatform.FineTuning.Retrieving.Training;

/// <summary>A text's vector from its tokens' hidden states, and its gradient on the way back to them.</summary>
/// <param name="TakesFirstToken">The vector of [CLS]; else the mean over all tokens.</param>
internal readonly record struct VectorPooling(bool TakesFirstToken)
{
    /// <exception cref="TrainingException">The model takes the largest of each component; this is not trained.</exception>
    public static VectorPooling Of(SentenceEncoder model) => model.Pooling is not Pooling.Max
        ? new VectorPooling(model.Pooling is Pooling.FirstToken)
        : throw new TrainingException("MODEL_UNSUITABLE", "The model takes the largest of each component over its tokens.", "Choose a base model that takes their mean or the first.");

    /// <param name="hidden">[tokens, width], at least one token.</param>
    /// <param name="vector">[width]; overwritten.</param>
    public void Pool(ReadOnlySpan<float> hidden, Span<float> vector)
    {
        hidden[..vector.Length].CopyTo(vector);
        if (TakesFirstToken)
        {
            return;
        }
        for (var rest = hidden[vector.Length..]; !rest.IsEmpty; rest = rest[vector.Length..])
        {
            VectorMath.Add(vector, rest[..vector.Length]);
        }
        VectorMath.Scale(vector, (float)vector.Length / hidden.Length);
    }

    /// <param name="gradient">Of the vector, [width].</param>
    /// <param name="hiddenGradient">[tokens, width], of zeros; written to.</param>
    public void Spread(ReadOnlySpan<float> gradient, Span<float> hiddenGradient)
    {
        if (TakesFirstToken)
        {
            gradient.CopyTo(hiddenGradient);
            return;
        }
        for (var start = 0; start < hiddenGradient.Length; start += gradient.Length)
        {
            VectorMath.AddScaled(hiddenGradient.Slice(start, gradient.Length), (float)gradient.Length / hiddenGradient.Length, gradient);
        }
    }
}
