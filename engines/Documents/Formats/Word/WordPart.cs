namespace RagPlatform.Documents;

/// <summary>What the readers of a Word document share: its package, and what they found on the way.</summary>
internal sealed class WordPart(OfficePackage package, string path, WordStyles styles)
{
    public OfficePackage Package { get; } = package;

    public IReadOnlyDictionary<string, Relationship> Relations { get; } = package.Relationships(path);

    public WordStyles Styles { get; } = styles;

    public string Path { get; } = path;

    /// <summary>The target of the first relationship of that type; null where there is none.</summary>
    public string? Target(string type) => Relations.Values.FirstOrDefault(relation => relation.Type == type)?.Target;
}
