namespace RagPlatform.Transformers.Weights;

/// <summary>
/// Reads tensors from a model that is split into several safetensors files. Index and files must agree wholly: every
/// tensor of the index is in the file it names, and no file holds another.
/// </summary>
public sealed class ShardedSafetensors : IWeights
{
    private const int MaxNamed = 3;

    private readonly string index;
    private readonly Dictionary<string, string> shards;
    private readonly Dictionary<string, SafetensorsFile> opened = new(StringComparer.Ordinal);

    private ShardedSafetensors(string index, Dictionary<string, string> shards)
    {
        this.index = index;
        this.shards = shards;
    }

    /// <summary>Names of all tensors, those of types that cannot be read among them.</summary>
    public IReadOnlyCollection<string> Names => shards.Keys;

    /// <summary>Reads the index and the head of every file.</summary>
    /// <param name="files">The model's folder.</param>
    /// <param name="index">The index's name in it, usually model.safetensors.index.json; the files lie beside it.</param>
    /// <exception cref="InvalidDataException">The index or a head is damaged, or they do not agree.</exception>
    /// <exception cref="FileNotFoundException">A file that the index names is missing.</exception>
    public static ShardedSafetensors Open(IModelFiles files, string index)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(index);
        using var stream = files.Open(index);
        var weights = new ShardedSafetensors(index, ShardIndex.Read(stream, index));
        try
        {
            weights.OpenShards(files);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    public bool Contains(string name) => shards.ContainsKey(name);

    public Tensor Read(string name) => ShardOf(name).Read(name);

    public StoredTensor ReadStored(string name) => ShardOf(name).ReadStored(name);

    public void Dispose()
    {
        foreach (var shard in opened.Values)
        {
            shard.Dispose();
        }
    }

    private SafetensorsFile ShardOf(string name) => shards.TryGetValue(name, out var shard)
        ? opened[shard]
        : throw new InvalidDataException($"{index} has no tensor '{name}'.");

    private void OpenShards(IModelFiles files)
    {
        var folder = index[..(index.LastIndexOf('/') + 1)];
        foreach (var mapped in shards.GroupBy(pair => pair.Value, pair => pair.Key))
        {
            var name = folder + mapped.Key;
            if (!files.Exists(name))
            {
                throw new FileNotFoundException($"{index} names {name}, which is missing.", name);
            }
            var shard = SafetensorsFile.Open(files.Open(name), name);
            opened.Add(mapped.Key, shard);
            RequireSame(name, [.. mapped], shard.Names);
        }
    }

    private void RequireSame(string shard, HashSet<string> mapped, IReadOnlyCollection<string> present)
    {
        if (mapped.Except(present).Take(MaxNamed).ToArray() is { Length: > 0 } missing)
        {
            throw new InvalidDataException($"{shard} lacks tensors that {index} has in it: {ModelJson.Shown(string.Join(", ", missing))}.");
        }
        if (present.Except(mapped).Take(MaxNamed).ToArray() is { Length: > 0 } unmapped)
        {
            throw new InvalidDataException(
                $"{shard} holds tensors that {index} does not have there: {ModelJson.Shown(string.Join(", ", unmapped.Select(name => Contains(name) ? $"{name} (mapped to {shards[name]})" : name)))}.");
        }
    }
}
