namespace RagPlatform.Documents;

/// <summary>What an object is called, by the members that usually say so.</summary>
internal static class JsonTitle
{
    private const int MaxTitleCharacters = 120;

    private static readonly string[] Names = ["title", "name", "heading", "headline", "subject", "label", "question"];

    private static readonly string[] Ids = ["id", "_id", "key", "uuid"];

    /// <summary>A name that a reader would know it by; null when it has none.</summary>
    public static string? Of(IReadOnlyList<(string Name, JsonSlice Value)> members) => First(members, Names);

    /// <summary>What tells it from its siblings; null when nothing does.</summary>
    public static string? IdOf(IReadOnlyList<(string Name, JsonSlice Value)> members) => First(members, Ids);

    private static string? First(IReadOnlyList<(string Name, JsonSlice Value)> members, string[] names)
    {
        foreach (var name in names)
        {
            foreach (var member in members)
            {
                if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase)
                    && !member.Value.IsContainer
                    && !member.Value.IsNull
                    && member.Value.Text() is var text
                    && !string.IsNullOrWhiteSpace(text)
                    && text.Length <= MaxTitleCharacters
                    && !text.Contains('\n', StringComparison.Ordinal))
                {
                    return text;
                }
            }
        }

        return null;
    }
}
