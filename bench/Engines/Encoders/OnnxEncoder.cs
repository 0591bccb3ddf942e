using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Weights;
using static RagPlatform.Bench.Engines.Encoders.OnnxFile;

namespace RagPlatform.Bench.Engines.Encoders;

/// <summary>
/// The encoder as ONNX Runtime runs it fastest: the operators of com.microsoft that its transformer optimiser fuses BERT
/// into, mean pooling and unit length included. Dynamic int8 has the operators that quantize_dynamic makes of these,
/// with a scale per output column: activations are quantised per call, weights symmetric int8.
/// </summary>
internal sealed class OnnxEncoder(BertConfig config, IWeights weights, BertNames names, bool int8)
{
    private const string Ids = "input_ids";
    private const string Mask = "attention_mask";

    private readonly OnnxFile _file = new();

    private (string Name, object Value) Epsilon => ("epsilon", config.LayerNormEpsilon);

    public void WriteTo(string path)
    {
        _file.AddInput(Ids, OnnxType.Int32, "batch", "tokens");
        _file.AddInput(Mask, OnnxType.Int32, "batch", "tokens");
        _file.AddOutput("sentence_embedding", OnnxType.Float32, "batch", "hidden");
        var hidden = Embed();
        for (var layer = 0; layer < config.Layers; layer++)
        {
            hidden = Layer($"{layer}.", names.Layer(layer), hidden);
        }
        Pool(hidden);
        _file.WriteTo(path);
    }

    private string Embed()
    {
        var width = config.HiddenSize;
        var positions = Read(names.Positions);
        var type = Read(names.TokenTypes).AsSpan(0, width);
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] += type[i % width];
        }
        _file.Add(
            "embed", "EmbedLayerNormalization",
            [
                Ids, "", _file.Add<float>("words", OnnxType.Float32, Read(names.Words), config.VocabularySize, width),
                _file.Add<float>("positions", OnnxType.Float32, positions, positions.Length / width, width), "",
                Vector("embed.gain", names.EmbeddingNorm.Gain), Vector("embed.bias", names.EmbeddingNorm.Bias), Mask,
            ],
            FusedDomain, outputs: 2, Epsilon);
        return "embed";
    }

    private string Layer(string layer, BertLayerNames layerNames, string hidden)
    {
        var context = Attend(layer + "attention", [layerNames.Query, layerNames.Key, layerNames.Value], hidden);
        var attended = Multiply(layer + "out", layerNames.AttentionOutput.Weight, context);
        var middle = Skip(layer + "norm1", hidden, attended, layerNames.AttentionOutput.Bias, layerNames.AttentionNorm);
        var wide = _file.Add(
            layer + "gelu", "BiasGelu", [Multiply(layer + "up", layerNames.Intermediate.Weight, middle), Vector(layer + "up.bias", layerNames.Intermediate.Bias)], FusedDomain);
        return Skip(layer + "norm2", middle, Multiply(layer + "down", layerNames.Output.Weight, wide), layerNames.Output.Bias, layerNames.OutputNorm);
    }

    private string Attend(string name, LinearNames[] parts, string hidden)
    {
        var joined = Transposed([.. parts.SelectMany(part => Read(part.Weight))], config.HiddenSize);
        int[] shape = [config.HiddenSize, 3 * config.HiddenSize];
        var bias = _file.Add<float>(name + ".bias", OnnxType.Float32, parts.SelectMany(part => Read(part.Bias)).ToArray(), shape[1]);
        (string Name, object Value) heads = ("num_heads", (long)config.Heads);
        if (!int8)
        {
            var weight = _file.Add<float>(name + ".weight", OnnxType.Float32, joined, shape);
            return _file.Add(name, "Attention", [hidden, weight, bias, "embed:1"], FusedDomain, 1, heads);
        }
        var (codes, scales) = Quantised(name, joined, shape[1]);
        var input = _file.Add(name + ".input", "DynamicQuantizeLinear", [hidden], outputs: 3);
        return _file.Add(name, "QAttention", [input, codes, bias, input + ":1", scales, "embed:1", input + ":2"], FusedDomain, 1, heads);
    }

    private string Multiply(string name, string weight, string x)
    {
        var tensor = weights.Read(weight);
        var (outputs, inputs) = (tensor.Shape[0], tensor.Shape[1]);
        var transposed = Transposed(tensor.Values, inputs);
        if (!int8)
        {
            return _file.Add(name, "MatMul", [x, _file.Add<float>(name + ".weight", OnnxType.Float32, transposed, inputs, outputs)]);
        }
        var (codes, scales) = Quantised(name, transposed, outputs);
        return _file.Add(name, "DynamicQuantizeMatMul", [x, codes, scales], FusedDomain);
    }

    private string Skip(string name, string x, string skip, string bias, NormNames norm) => _file.Add(
        name, "LayerNormalization",
        [
            _file.Add(name + ".sum", "Add", [_file.Add(name + ".biased", "Add", [skip, Vector(name + ".bias", bias)]), x]),
            Vector(name + ".gain", norm.Gain), Vector(name + ".shift", norm.Bias),
        ],
        attributes: [("axis", (object)-1L), Epsilon]);

    private void Pool(string hidden)
    {
        var mask = _file.Add("mask", "Cast", [Mask], attributes: ("to", (object)(long)OnnxType.Float32));
        var row = _file.Add("mask.row", "Unsqueeze", [mask, _file.Add<long>("one", OnnxType.Int64, [1], 1)]);
        var sum = _file.Add("sum", "Squeeze", [_file.Add("sums", "MatMul", [row, hidden]), "one"]);
        _file.Add("sentence_embedding", "LpNormalization", [sum], attributes: [("axis", (object)-1L), ("p", (object)2L)]);
    }

    /// <summary>[inputs, columns] as int8 with a scale per column.</summary>
    private (string Codes, string Scales) Quantised(string name, float[] matrix, int columns)
    {
        var scales = new float[columns];
        for (var i = 0; i < matrix.Length; i++)
        {
            scales[i % columns] = Math.Max(scales[i % columns], Math.Abs(matrix[i]) / sbyte.MaxValue);
        }
        var codes = new sbyte[matrix.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = (sbyte)Math.Round(matrix[i] / scales[i % columns]);
        }
        return (
            _file.Add<sbyte>(name + ".codes", OnnxType.Int8, codes, matrix.Length / columns, columns),
            _file.Add<float>(name + ".scales", OnnxType.Float32, scales, columns));
    }

    private string Vector(string name, string tensor)
    {
        var values = Read(tensor);
        return _file.Add<float>(name, OnnxType.Float32, values, values.Length);
    }

    private float[] Read(string tensor) => weights.Read(tensor).Values;

    private static float[] Transposed(float[] matrix, int columns)
    {
        var rows = matrix.Length / columns;
        var transposed = new float[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
        {
            transposed[i % columns * rows + i / columns] = matrix[i];
        }
        return transposed;
    }
}
