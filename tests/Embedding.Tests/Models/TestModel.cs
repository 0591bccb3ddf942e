using System.Security.Cryptography;
using System.Text;
using RagPlatform.Embedding.Models;

namespace RagPlatform.Embedding.Tests.Models;

/// <summary>Three small files that the store takes for a model: it looks at their heads, never at the weights.</summary>
internal static class TestModel
{
    public const string Id = "tiny";

    public static readonly IReadOnlyDictionary<string, byte[]> Files = new Dictionary<string, byte[]>
    {
        ["config.json"] = TinyBert.Config(),
        ["vocab.txt"] = Encoding.UTF8.GetBytes("[PAD]\n[UNK]\n"),
        ["model.safetensors"] = Weights(),
    };

    /// <summary>One tensor of 75,000 numbers.</summary>
    private static byte[] Weights()
    {
        var header = Encoding.UTF8.GetBytes("""{"x":{"dtype":"F32","shape":[75000],"data_offsets":[0,300000]}}""");
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 + i / 251))];
    }

    public static ModelSource Source(ModelSourceKind kind) =>
        new(kind, "someone/tiny", "1", [.. Files.Select(file => new ModelFile(file.Key, file.Value.Length, Convert.ToHexStringLower(SHA256.HashData(file.Value))))])
        {
            Folder = "package/model",
        };

    public static ModelCatalog Catalog(params ModelSourceKind[] sources) =>
        new([new CatalogModel(Id, "MIT", [.. sources.Select(Source)])]);

    public static void Write(string folder)
    {
        foreach (var (name, content) in Files)
        {
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(folder).FullName, name), content);
        }
    }
}

/// <summary>Records what a pull reports, in order.</summary>
internal sealed class ProgressLog : IProgress<PullProgress>
{
    private readonly List<PullProgress> entries = [];

    public IReadOnlyList<PullProgress> Entries
    {
        get
        {
            lock (entries)
            {
                return [.. entries];
            }
        }
    }

    public void Report(PullProgress value)
    {
        lock (entries)
        {
            entries.Add(value);
        }
    }
}

internal sealed class FakeFetcher(ModelSourceKind kind, Func<string, Task> write) : IModelFetcher
{
    private int calls;

    public ModelSourceKind Kind => kind;

    public int Calls => calls;

    public Task FetchAsync(ModelSource source, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref calls);
        return write(folder);
    }
}
