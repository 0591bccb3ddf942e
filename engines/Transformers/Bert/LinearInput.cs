using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Bert;

/// <summary>Rows that a linear layer reads: written as fp32, then prepared, row by row, in the layer's own form.</summary>
internal sealed class LinearInput(int maxRows, int width, WeightPrecision precision)
{
    private readonly QuantizedRows? codes = precision != WeightPrecision.Full ? new QuantizedRows(maxRows, width) : null;

    /// <summary>[rows, width].</summary>
    public float[] Values { get; } = GC.AllocateUninitializedArray<float>(checked(maxRows * width));

    /// <summary>Only where <see cref="Prepare"/> has something to do.</summary>
    public QuantizedRows? Codes => codes;

    public Span<float> Row(int row) => Values.AsSpan(row * width, width);

    public void Prepare(int row) => codes?.Set(row, Row(row));
}
