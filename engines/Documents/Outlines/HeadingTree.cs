namespace RagPlatform.Documents;

/// <summary>The heading paths of blocks as a tree, in which every path that begins another is held once.</summary>
internal sealed class HeadingTree
{
    private readonly List<(int Parent, string Text)> _nodes = [];
    private readonly Dictionary<(int Parent, string Text), int> _numbers = [];

    /// <summary>In order of first use; node i has the number i + 1, 0 is the path without headings.</summary>
    public IReadOnlyList<(int Parent, string Text)> Nodes => _nodes;

    /// <summary>The number of each block's path.</summary>
    public required IReadOnlyList<int> OfBlocks { get; init; }

    public static HeadingTree Of(IReadOnlyList<Block> blocks)
    {
        var numbers = new int[blocks.Count];
        var tree = new HeadingTree { OfBlocks = numbers };
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = i > 0 && ReferenceEquals(blocks[i].HeadingPath, blocks[i - 1].HeadingPath) ? numbers[i - 1] : tree.Add(blocks[i].HeadingPath);
        }

        return tree;
    }

    private int Add(IReadOnlyList<string> path)
    {
        var number = 0;
        foreach (var text in path)
        {
            if (!_numbers.TryGetValue((number, text), out var next))
            {
                _nodes.Add((number, text));
                next = _numbers[(number, text)] = _nodes.Count;
            }

            number = next;
        }

        return number;
    }
}
