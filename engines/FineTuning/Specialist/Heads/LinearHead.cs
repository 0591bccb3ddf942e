using RagPlatform.FineTuning.Loop;
using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;
using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>
/// Logits from an encoder's hidden states: y = x·Wᵀ + b, W [outputs, width]. What the logits mean, and so their loss, is
/// for <see cref="LabelLoss"/>, <see cref="LabelSetLoss"/> and <see cref="TagLoss"/> to say.
/// </summary>
public sealed class LinearHead
{
    /// <summary>Of a uniform beginning whose deviation is 0.02, as BERT's own heads have it (Devlin et al. 2019, arXiv:1810.04805).</summary>
    private const float InitialBound = 0.0346f;

    private readonly int width;
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly PackedMatrix forward;
    private readonly PackedMatrix backward;

    /// <param name="name">Of its tensors: NAME.weight and NAME.bias.</param>
    /// <param name="width">Of a hidden state.</param>
    /// <param name="outputs">At least 1.</param>
    /// <param name="seed">Of its beginning.</param>
    public LinearHead(string name, int width, int outputs, ulong seed)
        : this(name, width, Beginning(outputs * width, seed), new float[outputs])
    {
    }

    /// <param name="name">Of its tensors: NAME.weight and NAME.bias.</param>
    /// <param name="width">Of a hidden state.</param>
    /// <param name="weight">[outputs, width].</param>
    /// <param name="bias">[outputs].</param>
    public LinearHead(string name, int width, float[] weight, float[] bias)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(bias);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weight.Length, bias.Length * width, nameof(weight));
        this.width = width;
        this.weight = new Parameter($"{name}.weight", weight, width, decays: true);
        this.bias = new Parameter($"{name}.bias", bias, bias.Length, decays: false);
        (forward, backward) = (new PackedMatrix(width, bias.Length), new PackedMatrix(bias.Length, width));
        Repack();
    }

    public IReadOnlyList<Parameter> Parameters => [weight, bias];

    public int Outputs => bias.Values.Length;

    /// <summary>Takes over the parameters' values; after every change of them.</summary>
    public void Repack()
    {
        forward.Pack(weight.Values, width, Outputs, depthStride: 1, columnStride: width);
        backward.Pack(weight.Values, Outputs, width, depthStride: width, columnStride: 1);
    }

    /// <summary>Thread-safe while nothing is trained.</summary>
    /// <param name="rows">[count, width].</param>
    /// <param name="count">Of rows.</param>
    /// <param name="logits">[count, outputs]; overwritten.</param>
    public void Forward(ReadOnlySpan<float> rows, int count, Span<float> logits) =>
        MatrixMultiply.Multiply(rows, width, forward, logits, Outputs, count, bias.Values, Activation.None, new PanelRange(0, forward.Panels));

    /// <summary>Adds to the parameters' gradients.</summary>
    /// <param name="rows">[count, width], as they were in the forward pass.</param>
    /// <param name="count">Of rows.</param>
    /// <param name="logitGradient">[count, outputs].</param>
    /// <param name="rowGradient">[count, width]; overwritten with the gradient of the rows.</param>
    public void Backward(ReadOnlySpan<float> rows, int count, ReadOnlySpan<float> logitGradient, Span<float> rowGradient)
    {
        MatrixMultiply.Multiply(logitGradient, Outputs, backward, rowGradient, width, count);
        ColumnSums.Add(logitGradient, Outputs, count, bias.Gradient);
        for (var tile = 0; tile < OuterProducts.TilesOf(width); tile++)
        {
            OuterProducts.Add(logitGradient, Outputs, Outputs, rows, width, width, count, weight.Gradient, width, tile);
        }
    }

    private static float[] Beginning(int count, ulong seed)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = InitialBound * (((RandomSeed.Derive(seed, (ulong)i) >> 40) * (1f / (1 << 23))) - 1);
        }

        return values;
    }
}
