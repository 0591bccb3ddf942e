using System.Security.Cryptography;
using System.Text;

namespace RagPlatform.Embedding.Features.EmbedChunks;

/// <param name="Vector">Dimension x fp32, little-endian. Not to be written to.</param>
/// <param name="UnseenTokens">Past the model's limit.</param>
internal sealed record CachedVector(byte[] Vector, int UnseenTokens);

/// <summary>
/// The vectors of the chunks embedded last, by SHA-256 of model and text, the least recently used leaving first:
/// a chunk that is delivered or sent again costs no computation.
/// </summary>
/// <param name="capacity">Entries; 0 keeps none.</param>
internal sealed class VectorCache(int capacity)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, CachedVector Vector)>> nodes = [];
    private readonly LinkedList<(string Key, CachedVector Vector)> byUse = new();

    public static string Key(string model, string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{model}\n{text}")));

    public CachedVector? Find(string key)
    {
        lock (gate)
        {
            if (!nodes.TryGetValue(key, out var node))
            {
                return null;
            }

            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value.Vector;
        }
    }

    public void Add(string key, CachedVector vector)
    {
        lock (gate)
        {
            if (capacity == 0 || nodes.ContainsKey(key))
            {
                return;
            }

            if (nodes.Count == capacity)
            {
                nodes.Remove(byUse.Last!.Value.Key);
                byUse.RemoveLast();
            }

            nodes[key] = byUse.AddFirst((key, vector));
        }
    }
}
