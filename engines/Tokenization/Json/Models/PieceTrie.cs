namespace RagPlatform.Tokenization.Json.Models;

/// <summary>Pieces by their beginnings, UTF-16 unit by unit.</summary>
internal sealed class PieceTrie
{
    public const int Root = 0;

    private readonly Dictionary<long, int> _children = [];
    private readonly List<int> _ids = [-1];

    public PieceTrie(IEnumerable<KeyValuePair<string, int>> pieces)
    {
        foreach (var (piece, id) in pieces)
        {
            var node = Root;
            foreach (var character in piece)
            {
                if (!_children.TryGetValue(Key(node, character), out var child))
                {
                    child = _ids.Count;
                    _ids.Add(-1);
                    _children.Add(Key(node, character), child);
                }

                node = child;
            }

            if (node != Root)
            {
                _ids[node] = id;
            }
        }
    }

    /// <param name="id">Of the piece that ends here; -1: none does.</param>
    /// <returns>False if no piece goes on like that.</returns>
    public bool TryStep(ref int node, char character, out int id)
    {
        var isThere = _children.TryGetValue(Key(node, character), out node);
        id = isThere ? _ids[node] : -1;
        return isThere;
    }

    private static long Key(int node, char character) => ((long)node << 16) | character;
}
