namespace RagPlatform.Documents;

/// <summary>What a document says about itself.</summary>
public sealed record DocumentProperties
{
    public static readonly DocumentProperties None = new();

    /// <summary>BCP 47 primary tag in lower case, such as "en": declared by the document, else recognised from its text; empty while unknown.</summary>
    public string Language { get; init; } = "";

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>As the document names them, joined by "; "; empty where it names none.</summary>
    public string Author { get; init; } = "";

    /// <summary>Pages or slides; 0 in formats that have none.</summary>
    public int PageCount { get; init; }

    /// <summary>Further fields of the format's own, such as an e-mail's "from" and "to", or a front matter's scalars. Keys lower case.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <param name="Start">UTF-16 offset into the stored text of what the link stands on, inclusive.</param>
/// <param name="End">Exclusive; equal to <paramref name="Start"/> for a link on nothing that is text.</param>
/// <param name="Target">As the document writes it.</param>
public sealed record DocumentLink(int Start, int End, string Target);
