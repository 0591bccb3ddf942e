namespace RagPlatform.Search.Filters;

/// <summary>What a document has that filters see.</summary>
public static class DocumentFields
{
    /// <summary>Each field once, in no order.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(IndexedDocument document)
    {
        yield return new(BuiltInFields.DocumentId, document.DocumentId);
        yield return new(BuiltInFields.Title, document.Title);
        yield return new(BuiltInFields.Uri, document.Uri);
        foreach (var entry in document.Metadata)
        {
            if (entry.Key is not (BuiltInFields.DocumentId or BuiltInFields.Title or BuiltInFields.Uri))
            {
                yield return entry;
            }
        }
    }

    /// <returns>Null if the document does not have the field.</returns>
    public static string? Find(IndexedDocument document, string field) => field switch
    {
        BuiltInFields.DocumentId => document.DocumentId,
        BuiltInFields.Title => document.Title,
        BuiltInFields.Uri => document.Uri,
        _ => document.Metadata.GetValueOrDefault(field),
    };
}
