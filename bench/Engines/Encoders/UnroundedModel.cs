using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Bench.Engines.Encoders;

/// <summary>
/// A model like the one that an int4 model was rounded from: each linear weight moved, at random, inside the step that it
/// was rounded to. Its weights are no whole multiples of anything, as a checkpoint's in fp32.
/// </summary>
internal static class UnroundedModel
{
    private const string Int4Suffix = ".MatMul.weight_Q4";
    private const string ScalesSuffix = ".MatMul.weight_scales";
    private const int Block = 32;
    private const int CodesOnASide = 8;
    private const int Seed = 5;

    /// <summary>False where the model's weights are not int4.</summary>
    public static bool TryWrite(string model, string folder)
    {
        using var weights = ModelWeights.Open(new ModelFolder(model)) as Transformers.Onnx.OnnxWeights;
        if (weights?.Names.Any(name => name.EndsWith(Int4Suffix, StringComparison.Ordinal)) != true)
        {
            return false;
        }
        foreach (var name in new[] { "config.json", "vocab.txt", "tokenizer.json" })
        {
            File.Copy(Path.Combine(model, name), Path.Combine(folder, name));
        }
        var random = new Random(Seed);
        var tensors = weights.Names.Where(name => !name.EndsWith(ScalesSuffix, StringComparison.Ordinal))
            .Where(name => name.StartsWith("model.", StringComparison.Ordinal) || name.StartsWith(".model.", StringComparison.Ordinal))
            .Select(name => Moved(weights.Read(name), random)).ToArray();
        using var file = File.Create(Path.Combine(folder, "model.safetensors"));
        SafetensorsWriter.Write(file, tensors, ElementType.Float32);
        return true;
    }

    private static Tensor Moved(Tensor tensor, Random random)
    {
        if (tensor.Name.EndsWith(Int4Suffix, StringComparison.Ordinal))
        {
            foreach (var block in tensor.Values.Chunk(Block).Index())
            {
                var step = block.Item.Max(Math.Abs) / CodesOnASide;
                for (var i = 0; i < block.Item.Length; i++)
                {
                    tensor.Values[(block.Index * Block) + i] += (random.NextSingle() - 0.5f) * step;
                }
            }
        }
        return tensor;
    }
}
