namespace RagPlatform.Documents;

/// <summary>Collects blocks in order, keeping the headings that each stands under.</summary>
internal sealed class BlockList
{
    /// <summary>A longer "heading" is a paragraph in disguise and would swamp every path under it.</summary>
    private const int MaxHeadingCharacters = 256;

    private readonly List<Block> _blocks = [];
    private readonly List<(int Level, string Text)> _headings = [];
    private IReadOnlyList<string> _path = [];

    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>Of the blocks that are added from now on.</summary>
    public SourceLocation? Location { get; set; }

    /// <summary>The first heading's text, or empty.</summary>
    public string FirstHeading { get; private set; } = "";

    /// <summary>Adds text[start..end] without its surrounding white space, unless that leaves nothing.</summary>
    public void Add(BlockKind kind, ReadOnlySpan<char> text, int start, int end) => Add(kind, text, start, end, []);

    /// <param name="kind">What the author meant by it.</param>
    /// <param name="text">The stored text.</param>
    /// <param name="start">Inclusive.</param>
    /// <param name="end">Exclusive.</param>
    /// <param name="names">What stands in the path below the headings and is no heading: the type and the function around code.</param>
    public void Add(BlockKind kind, ReadOnlySpan<char> text, int start, int end, IReadOnlyList<string> names)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (start == end)
        {
            return;
        }

        if (_blocks.Count == DocumentExtractor.MaxBlocks)
        {
            throw ExtractionException.TooManyBlocks();
        }

        _blocks.Add(new Block(kind, start, end, names.Count == 0 ? _path : [.. _path, .. names]) { Location = Location });
    }

    /// <param name="title">The heading's plain text.</param>
    /// <param name="level">1 to 6; it ends every section of its own level and deeper ones.</param>
    public void AddHeading(string title, int level, ReadOnlySpan<char> text, int start, int end)
    {
        if (title.Length == 0)
        {
            Add(BlockKind.Paragraph, text, start, end);
            return;
        }

        _headings.RemoveAll(heading => heading.Level >= level);
        if (title.Length > MaxHeadingCharacters)
        {
            // What follows it stands under it, and not under the section before.
            _path = _headings.ConvertAll(heading => heading.Text);
            Add(BlockKind.Paragraph, text, start, end);
            return;
        }

        _headings.Add((level, title));
        _path = _headings.ConvertAll(heading => heading.Text);
        FirstHeading = FirstHeading.Length == 0 ? title : FirstHeading;
        Add(BlockKind.Heading, text, start, end);
    }
}
