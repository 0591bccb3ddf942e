using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>
/// One number from the first token's hidden state: w·tanh(W·x + b) + c. It is BertForSequenceClassification's pooler and
/// classifier, and RobertaClassificationHead's dense and out_proj.
/// </summary>
internal sealed class ScoreHead
{
    private readonly float[] denseWeight;
    private readonly float[] denseBias;
    private readonly float[] outputWeight;
    private readonly float outputBias;

    private ScoreHead(IWeights weights, LinearNames dense, LinearNames output, int width)
    {
        denseWeight = weights.Read(dense.Weight, width, width);
        denseBias = weights.Read(dense.Bias, width);
        var labels = weights.Read(output.Weight);
        if (labels.Shape is not [1, var inputs] || inputs != width)
        {
            throw new InvalidDataException(
                $"Tensor '{output.Weight}' has shape [{string.Join(", ", labels.Shape)}]; a reranker has one label, [1, {width}].");
        }
        FiniteValues.Require(output.Weight, labels.Values);
        outputWeight = labels.Values;
        outputBias = weights.Read(output.Bias, 1)[0];
    }

    /// <exception cref="InvalidDataException">The model has no such head, or one with several labels.</exception>
    public static ScoreHead Read(IWeights weights, BertConfig config)
    {
        var (dense, output) = config.IsRoberta ? ("classifier.dense", "classifier.out_proj") : ("bert.pooler.dense", "classifier");
        return weights.Contains(output + ".weight")
            ? new ScoreHead(weights, Names(dense), Names(output), config.HiddenSize)
            : throw new InvalidDataException(
                $"The model has no '{output}.weight', so it scores nothing; a reranker is a ...ForSequenceClassification. As an encoder it may load.");
    }

    /// <param name="x">[width].</param>
    public float Apply(ReadOnlySpan<float> x)
    {
        var score = outputBias;
        for (var row = 0; row < denseBias.Length; row++)
        {
            score += outputWeight[row] * MathF.Tanh(VectorMath.Dot(denseWeight.AsSpan(row * x.Length, x.Length), x) + denseBias[row]);
        }
        return score;
    }

    private static LinearNames Names(string name) => new(name + ".weight", name + ".bias");
}
