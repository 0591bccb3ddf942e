namespace RagPlatform.Documents;

/// <summary>A piece of a page's text that belongs together, with where it was found.</summary>
internal sealed record HtmlTextBlock(BlockKind Kind, string Text, HtmlRegion Region)
{
    /// <summary>1 to 6 for headings.</summary>
    public int Level { get; init; }

    /// <summary>Of list items.</summary>
    public string Marker { get; init; } = "";

    /// <summary>Of list items, from 0.</summary>
    public int Depth { get; init; }

    /// <summary>Of code; empty where the page does not say it.</summary>
    public string CodeLanguage { get; init; } = "";

    /// <summary>Of table rows.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>It is a table's first row.</summary>
    public bool StartsTable { get; init; }

    /// <summary>Offsets into <see cref="Text"/>.</summary>
    public IReadOnlyList<DocumentLink> Links { get; init; } = [];

    public int LinkCharacters => Links.Sum(link => link.End - link.Start);
}
