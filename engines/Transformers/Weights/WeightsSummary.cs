using RagPlatform.Transformers.Onnx;

namespace RagPlatform.Transformers.Weights;

/// <summary>What the heads of a model's weight files say: whether they are all there, how many numbers they hold and of what type.</summary>
internal sealed class WeightsSummary
{
    /// <summary>Weights inside an ONNX file larger than this are not counted.</summary>
    private const int MaxGraphBytes = 16 * 1024 * 1024;

    private readonly Dictionary<string, int[]> shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> elements = new(StringComparer.Ordinal);

    private WeightsSummary()
    {
    }

    /// <summary>0 where the file is too large to be looked through.</summary>
    public long Parameters => elements.Values.Sum();

    /// <summary>Of most parameters; empty where they were not counted.</summary>
    public string Type => elements.Count > 0 ? elements.MaxBy(pair => pair.Value).Key : "";

    public IReadOnlyList<int>? ShapeOf(string tensor) => shapes.GetValueOrDefault(tensor);

    /// <exception cref="InvalidDataException">There are no weights, a part of them is missing, a file is damaged, or it is a Git LFS pointer.</exception>
    public static WeightsSummary Read(IModelFiles files)
    {
        var name = ModelWeights.Find(files)
            ?? throw new InvalidDataException($"There are no weights: none of {string.Join(", ", ModelWeights.FileNames)} is there.");
        GitLfsPointer.Refuse(files, name);
        var summary = new WeightsSummary();
        if (name.EndsWith(".onnx", StringComparison.Ordinal))
        {
            summary.ReadOnnx(files, name);
        }
        else if (name.EndsWith(".json", StringComparison.Ordinal))
        {
            summary.ReadShards(files, name);
        }
        else
        {
            summary.ReadSafetensors(files, name);
        }
        return summary;
    }

    private void ReadShards(IModelFiles files, string index)
    {
        using var stream = files.Open(index);
        var shards = ShardIndex.Read(stream, index).Values.Distinct(StringComparer.Ordinal).ToList();
        foreach (var shard in shards.Where(files.Exists))
        {
            GitLfsPointer.Refuse(files, shard);
        }
        try
        {
            // That index and shards agree.
            ShardedSafetensors.Open(files, index).Dispose();
        }
        catch (FileNotFoundException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
        shards.ForEach(shard => ReadSafetensors(files, shard));
    }

    private void ReadSafetensors(IModelFiles files, string name)
    {
        using var stream = files.Open(name);
        foreach (var (tensor, entry) in new SafetensorsHeader(stream, name).Read())
        {
            shapes[tensor] = entry.Shape;
            // Whole numbers of 32 and 64 bits are positions, not weights.
            if (entry.TypeName is not ("I64" or "I32" or "BOOL"))
            {
                Add(entry.TypeName, entry.Elements);
            }
        }
    }

    private void ReadOnnx(IModelFiles files, string name)
    {
        using var stream = files.Open(name);
        if (stream.Length > MaxGraphBytes)
        {
            return;
        }
        var data = new byte[stream.Length];
        stream.ReadExactly(data);
        var graph = OnnxGraph.Parse(data, name);
        var folder = name[..(name.LastIndexOf('/') + 1)];
        var scales = graph.Int4Products.Values.Select(product => product.Scales).ToHashSet(StringComparer.Ordinal);
        foreach (var initializer in graph.Initializers.Values)
        {
            if (initializer.ExternalFile is { } external && !files.Exists(folder + external))
            {
                throw new InvalidDataException($"{folder}{external} is missing, where {name} keeps its weights.");
            }
            if (graph.Int4Products.TryGetValue(initializer.Name, out var product))
            {
                Add("int4", (long)product.Columns * product.Depth);
            }
            else if (TypeName(initializer.DataType) is { } type && !scales.Contains(initializer.Name))
            {
                Add(type, TensorShape.Elements(initializer.Shape) ?? 0);
            }
        }
    }

    private void Add(string type, long count) => elements[type] = elements.GetValueOrDefault(type) + count;

    private static string? TypeName(int dataType) => dataType switch
    {
        OnnxGraph.Float32 => "F32",
        OnnxGraph.Float16 => "F16",
        OnnxGraph.BFloat16 => "BF16",
        _ => null,
    };
}
