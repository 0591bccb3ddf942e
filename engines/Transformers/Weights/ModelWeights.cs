using RagPlatform.Transformers.Onnx;

namespace RagPlatform.Transformers.Weights;

/// <summary>
/// Where a model's folder keeps its weights. Should there be several, the first of these counts, because each is at
/// least as exact as the next: model.safetensors, model.safetensors.index.json with its shards, onnx/model.onnx (fp32),
/// onnx/model_q4.onnx (int4).
/// </summary>
public static class ModelWeights
{
    private const string Safetensors = "model.safetensors";
    private const string Index = "model.safetensors.index.json";
    private const string Onnx = "onnx/model.onnx";
    private const string OnnxInt4 = "onnx/model_q4.onnx";

    /// <summary>In the order in which they are looked for.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [Safetensors, Index, Onnx, OnnxInt4];

    /// <summary>The file that <see cref="Open"/> opens; null when there is none.</summary>
    public static string? Find(IModelFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return FileNames.FirstOrDefault(files.Exists);
    }

    /// <exception cref="FileNotFoundException">There is none of the files, or a shard is missing.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or of an unsupported kind.</exception>
    public static IWeights Open(IModelFiles files) => Find(files) switch
    {
        Safetensors => SafetensorsFile.Open(files.Open(Safetensors), Safetensors),
        Index => ShardedSafetensors.Open(files, Index),
        { } onnx => OnnxWeights.Open(files, onnx),
        null => throw new FileNotFoundException($"The model has no weights: none of {string.Join(", ", FileNames)} is there.", Safetensors),
    };
}
