using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace RagPlatform.Transformers.Tests.TinyModels;

/// <summary>
/// A small BERT with random weights, in sizes that fit no register. Its linear weights are 4-bit values with a scale
/// per block, so that both file layouts hold exactly the same model.
/// </summary>
internal sealed class TinyBert
{
    public const int Hidden = 28;
    public const int Heads = 4;
    public const int Layers = 2;
    public const int Wide = 50;
    public const int MaxPositions = 40;
    public const int Block = 16;
    public const float Epsilon = 1e-7f;

    private static readonly (string HuggingFace, string Onnx, int Inputs, int Outputs)[] LinearLayers =
    [
        ("attention.self.query", "attn.q_proj", Hidden, Hidden),
        ("attention.self.key", "attn.k_proj", Hidden, Hidden),
        ("attention.self.value", "attn.v_proj", Hidden, Hidden),
        ("attention.output.dense", "attn.o_proj", Hidden, Hidden),
        ("intermediate.dense", "mlp.fc1", Hidden, Wide),
        ("output.dense", "mlp.fc2", Wide, Hidden),
    ];

    private readonly Random random = new(4711);
    private readonly OnnxWriter onnx = new();

    public TinyBert()
    {
        Add("embeddings.word_embeddings.weight", ".model.embeddings.word_embeddings.weight", 1f, Vocabulary.Length, Hidden);
        Add("embeddings.position_embeddings.weight", ".model.embeddings.position_embeddings.weight", 0.5f, MaxPositions, Hidden);
        Add("embeddings.token_type_embeddings.weight", ".model.embeddings.token_type_embeddings.weight", 0.5f, 2, Hidden);
        AddNorm("embeddings.LayerNorm", "model.layers.-1.embeddings_norm_layernorm");
        for (var layer = 0; layer < Layers; layer++)
        {
            foreach (var (huggingFace, builder, inputs, outputs) in LinearLayers)
            {
                AddLinear($"encoder.layer.{layer}.{huggingFace}", $"model.layers.{layer}.{builder}", inputs, outputs);
            }
            AddNorm($"encoder.layer.{layer}.attention.output.LayerNorm", $"model.layers.{layer}.attention_output_norm_layernorm");
            AddNorm($"encoder.layer.{layer}.output.LayerNorm", $"model.layers.{layer}.mlp_output_norm_layernorm");
        }
    }

    public static string[] Vocabulary { get; } =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Enumerable.Range('a', 26).Select(letter => $"{(char)letter}"), "##a", "##b", ".", "the", "cat"];

    /// <summary>By Hugging Face's names.</summary>
    public Dictionary<string, (int[] Shape, float[] Values)> Tensors { get; } = new(StringComparer.Ordinal);

    public static JsonObject Config() => new()
    {
        ["model_type"] = "bert",
        ["hidden_act"] = "gelu",
        ["hidden_size"] = Hidden,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["intermediate_size"] = Wide,
        ["vocab_size"] = Vocabulary.Length,
        ["max_position_embeddings"] = MaxPositions,
        ["type_vocab_size"] = 2,
        ["layer_norm_eps"] = Epsilon,
    };

    public MemoryModelFiles HuggingFaceFiles(string prefix = "")
    {
        var files = CommonFiles();
        files.Files["model.safetensors"] = SafetensorsBytes.Write(
            Tensors.Select(tensor => (prefix + tensor.Key, tensor.Value.Shape, tensor.Value.Values)));
        return files;
    }

    public MemoryModelFiles OnnxFiles()
    {
        var files = CommonFiles();
        files.Files["onnx/model_q4.onnx"] = onnx.Model;
        files.Files["onnx/model_q4.onnx_data"] = onnx.ExternalData;
        return files;
    }

    /// <summary>As PyTorch's exporter writes it: linear weights turned round and renamed, their biases added to the products.</summary>
    public MemoryModelFiles PyTorchOnnxFiles(bool external)
    {
        var writer = new OnnxWriter { ExternalFile = "model.onnx_data" };
        Action<string, int, int[], byte[]> add = external ? writer.AddOutside : writer.AddInside;
        var products = 0;
        foreach (var (name, (shape, values)) in Tensors)
        {
            if (shape is not [var outputs, var inputs] || !name.StartsWith("encoder.", StringComparison.Ordinal))
            {
                add(name, OnnxWriter.Float32, shape, MemoryMarshal.AsBytes<float>(values).ToArray());
                continue;
            }
            var turned = new float[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                turned[i % inputs * outputs + i / inputs] = values[i];
            }
            var weight = $"onnx::MatMul_{1000 + products++}";
            var layer = name[..^".weight".Length];
            writer.AddNode("MatMul", ["x", weight], $"/{layer}/MatMul_output_0");
            writer.AddNode("Add", products % 2 == 0 ? [$"/{layer}/MatMul_output_0", layer + ".bias"] : [layer + ".bias", $"/{layer}/MatMul_output_0"], $"/{layer}/Add_output_0");
            add(weight, OnnxWriter.Float32, [inputs, outputs], MemoryMarshal.AsBytes<float>(turned).ToArray());
        }
        var files = CommonFiles();
        files.Files["onnx/model.onnx"] = writer.Model;
        files.Files["onnx/model.onnx_data"] = writer.ExternalData;
        return files;
    }

    private static MemoryModelFiles CommonFiles()
    {
        var files = new MemoryModelFiles();
        files.Files["config.json"] = Encoding.UTF8.GetBytes(Config().ToJsonString());
        files.Files["vocab.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary));
        return files;
    }

    private void AddNorm(string huggingFace, string builder)
    {
        Add(huggingFace + ".weight", builder + ".weight", 1f, Hidden);
        Add(huggingFace + ".bias", builder + ".bias", 0.3f, Hidden);
    }

    private void Add(string huggingFace, string builder, float range, params int[] shape)
    {
        var values = Random(shape.Aggregate(1, (product, dimension) => product * dimension), range);
        Tensors[huggingFace] = (shape, values);
        onnx.AddOutside(builder, OnnxWriter.Float32, shape, MemoryMarshal.AsBytes<float>(values).ToArray());
    }

    private void AddLinear(string huggingFace, string builder, int inputs, int outputs)
    {
        var blocks = (inputs + Block - 1) / Block;
        var packed = new byte[outputs * blocks * Block / 2];
        random.NextBytes(packed);
        var scales = Random(outputs * blocks, 0.1f);
        var values = new float[outputs * inputs];
        for (var row = 0; row < outputs; row++)
        {
            for (var i = 0; i < inputs; i++)
            {
                var block = row * blocks + i / Block;
                var pair = packed[block * Block / 2 + i % Block / 2];
                values[row * inputs + i] = ((i % 2 == 0 ? pair & 15 : pair >> 4) - 8) * scales[block];
            }
        }
        Tensors[huggingFace + ".weight"] = ([outputs, inputs], values);
        onnx.AddOutside(builder + ".MatMul.weight_Q4", OnnxWriter.UInt8, [outputs, blocks, Block / 2], packed);
        onnx.AddOutside(builder + ".MatMul.weight_scales", OnnxWriter.Float32, [outputs * blocks], MemoryMarshal.AsBytes<float>(scales).ToArray());
        onnx.AddInt4Product(builder + ".MatMul.weight_Q4", builder + ".MatMul.weight_scales", inputs, outputs, Block);
        Add(huggingFace + ".bias", builder + ".Add.bias", 0.2f, outputs);
    }

    private float[] Random(int count, float range) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1) * range)];
}
