using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Onnx;

/// <summary>An int4 matrix product: W[Columns, Depth] is in initializer Quantized, one scale per block in Scales.</summary>
internal sealed record OnnxInt4Product(string Quantized, string Scales, int Depth, int Columns, int Block)
{
    /// <summary>Null where the node is of another kind than can be read.</summary>
    public static OnnxInt4Product? From(OnnxNode node)
    {
        long depth = node.Number("K", 0), columns = node.Number("N", 0), block = node.Number("block_size", 0);
        return node.Number("bits", 4) != 4 || block is < 16 or > 256 || (block & (block - 1)) != 0 || node.Inputs.Count != 3
            || TensorShape.Elements([depth, columns]) is null or 0
            ? null
            : new OnnxInt4Product(node.Inputs[1], node.Inputs[2], (int)depth, (int)columns, (int)block);
    }
}
