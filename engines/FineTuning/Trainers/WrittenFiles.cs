using RagPlatform.Transformers;

namespace RagPlatform.FineTuning.Trainers;

/// <summary>An adapter's files in memory: to be read back and judged as they will be served, and then written where they belong.</summary>
internal sealed class WrittenFiles : IModelFiles
{
    private readonly Dictionary<string, MemoryStream> files = new(StringComparer.Ordinal);

    /// <summary>What is written to it is there even after it is disposed.</summary>
    public Stream Create(string name) => files[name] = new MemoryStream();

    public bool Exists(string name) => files.ContainsKey(name);

    public Stream Open(string name) => files.TryGetValue(name, out var file)
        ? new MemoryStream(file.ToArray(), writable: false)
        : throw new FileNotFoundException($"There is no {name}.", name);

    /// <returns>Bytes of all files.</returns>
    public long CopyTo(Func<string, Stream> createFile)
    {
        ArgumentNullException.ThrowIfNull(createFile);
        var bytes = 0L;
        foreach (var name in files.Keys.Order(StringComparer.Ordinal))
        {
            using var from = Open(name);
            using var to = createFile(name);
            from.CopyTo(to);
            bytes += from.Length;
        }

        return bytes;
    }
}
