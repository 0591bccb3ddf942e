namespace RagPlatform.Transformers;

/// <summary>What a model wants before a text; empty where it wants nothing. Its tokens count into the model's limit.</summary>
/// <param name="Query">Before a question, such as "query: ".</param>
/// <param name="Passage">Before a passage, such as "passage: ".</param>
public sealed record TextPrefixes(string Query, string Passage)
{
    /// <summary>Longest of either, in UTF-16 code units: longer ones would leave short-sighted models nothing else to read.</summary>
    public const int MaxCharacters = 1024;

    public static TextPrefixes None { get; } = new("", "");

    public string Of(TextKind kind) => kind is TextKind.Query ? Query : Passage;
}
