namespace RagPlatform.FineTuning.Retrieving.Batches;

/// <summary>Texts by id, each once: two that differ in the space around their words alone are one.</summary>
internal sealed class DistinctTexts
{
    private readonly List<string> texts = [];
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);

    public int Count => texts.Count;

    public string this[int id] => texts[id];

    /// <summary>The text's id, a new one for a new text.</summary>
    public int Add(string text)
    {
        var key = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (!ids.TryGetValue(key, out var id))
        {
            ids.Add(key, id = texts.Count);
            texts.Add(text);
        }
        return id;
    }
}
