using System.Collections.Concurrent;
using RagPlatform.Transformers;

namespace RagPlatform.Generation.Tests.Hosting;

/// <summary>The real embedding model, from the folder that <see cref="RequiresModelFactAttribute"/> asks for. Reads a text once.</summary>
internal static class MiniLM
{
    private static readonly Lazy<SentenceEncoder> Encoder = new(() => SentenceEncoder.Load(new Folder(RequiresModelFactAttribute.Folder)));

    private static readonly ConcurrentDictionary<string, float[]> Known = new();

    public static float[] Embed(string text) =>
        Known.GetOrAdd(text, unread => Encoder.Value.EmbedPassages([unread], threads: 1, CancellationToken.None)[0].Vector);

    private sealed class Folder(string path) : IModelFiles
    {
        public bool Exists(string name) => File.Exists(Path.Combine(path, name));

        public Stream Open(string name) => File.OpenRead(Path.Combine(path, name));
    }
}
