using RagPlatform.FineTuning.Loop;
using RagPlatform.Numerics;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.FineTuning.Retrieving.Reranking;

/// <summary>
/// One number from the first token's hidden state x, as BertForSequenceClassification has it: s = w·tanh(W·x + b) + c,
/// forward and backward.
/// </summary>
internal sealed class TrainableScoreHead
{
    /// <summary>Standard deviation of fresh output weights: BERT's initializer_range.</summary>
    private const float FreshDeviation = 0.02f;

    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Parameter outputWeight;
    private readonly Parameter outputBias;
    private readonly int width;

    private TrainableScoreHead(int width, Func<string, int[], float[]> read, bool isRoberta)
    {
        this.width = width;
        var (dense, output) = isRoberta ? ("classifier.dense", "classifier.out_proj") : ("bert.pooler.dense", "classifier");
        weight = new Parameter(dense + ".weight", read(dense + ".weight", [width, width]), width, decays: true);
        bias = new Parameter(dense + ".bias", read(dense + ".bias", [width]), width, decays: false);
        outputWeight = new Parameter(output + ".weight", read(output + ".weight", [1, width]), width, decays: true);
        outputBias = new Parameter(output + ".bias", read(output + ".bias", [1]), 1, decays: false);
    }

    /// <summary>The model's own where it is a reranker; else a fresh one, which gives all about the same score.</summary>
    /// <param name="files">The base model's.</param>
    /// <param name="width">Length of x.</param>
    /// <param name="seed">Of fresh weights.</param>
    /// <exception cref="InvalidDataException">The model's head is damaged or not of one label.</exception>
    public static TrainableScoreHead Open(IModelFiles files, int width, ulong seed)
    {
        var description = ModelDescription.Read(files);
        var isRoberta = description.Architecture.Contains("Roberta", StringComparison.Ordinal);
        if (description.Kind is not ModelKind.Reranker)
        {
            return new TrainableScoreHead(width, (name, shape) => Fresh(name, shape, seed), isRoberta);
        }
        using var weights = ModelWeights.Open(files);
        return new TrainableScoreHead(width, (name, shape) => Read(weights, name, shape), isRoberta);
    }

    /// <summary>By the names that their tensors have.</summary>
    public IReadOnlyList<Parameter> Parameters => [weight, bias, outputWeight, outputBias];

    public IReadOnlyList<Tensor> Tensors =>
    [
        new(weight.Name, [width, width], weight.Values), new(bias.Name, [width], bias.Values),
        new(outputWeight.Name, [1, width], outputWeight.Values), new(outputBias.Name, [1], outputBias.Values),
    ];

    /// <returns>The score, and tanh(W·x + b), which the way back needs.</returns>
    public (float Score, float[] Activations) Forward(ReadOnlySpan<float> x)
    {
        var activations = new float[width];
        for (var row = 0; row < width; row++)
        {
            activations[row] = MathF.Tanh(VectorMath.Dot(weight.Values.AsSpan(row * width, width), x) + bias.Values[row]);
        }
        return (VectorMath.Dot(outputWeight.Values, activations) + outputBias.Values[0], activations);
    }

    /// <summary>Adds the parameters' gradients, and x's.</summary>
    /// <param name="x">As forward.</param>
    /// <param name="activations">Of forward.</param>
    /// <param name="gradient">Of the score.</param>
    /// <param name="inputGradient">[width], added to.</param>
    public void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> activations, float gradient, Span<float> inputGradient)
    {
        VectorMath.AddScaled(outputWeight.Gradient, gradient, activations);
        outputBias.Gradient[0] += gradient;
        for (var row = 0; row < width; row++)
        {
            var inner = gradient * outputWeight.Values[row] * (1 - (activations[row] * activations[row]));
            bias.Gradient[row] += inner;
            VectorMath.AddScaled(weight.Gradient.AsSpan(row * width, width), inner, x);
            VectorMath.AddScaled(inputGradient, inner, weight.Values.AsSpan(row * width, width));
        }
    }

    private static float[] Fresh(string name, int[] shape, ulong seed)
    {
        var values = new float[shape.Aggregate(1, (product, dimension) => product * dimension)];
        if (shape.Length == 1)
        {
            return values;
        }
        // Within ±√3 d a uniform distribution has the standard deviation d.
        var bound = shape[0] == 1 ? MathF.Sqrt(3) * FreshDeviation : 1 / MathF.Sqrt(shape[1]);
        var stream = RandomSeed.Derive(seed, (ulong)shape[0]);
        for (var i = 0; i < values.Length; i++)
        {
            // The upper 24 bits are all that a float's fraction holds.
            values[i] = bound * (((RandomSeed.Derive(stream, (ulong)i) >> 40) / 8388608f) - 1);
        }
        return values;
    }

    private static float[] Read(IWeights weights, string name, int[] shape)
    {
        var tensor = weights.Read(name);
        return tensor.Shape.SequenceEqual(shape) && Array.TrueForAll(tensor.Values, float.IsFinite)
            ? tensor.Values
            : throw new InvalidDataException($"Tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}]; a reranker has finite values of [{string.Join(", ", shape)}].");
    }
}
