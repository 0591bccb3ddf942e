namespace RagPlatform.Ingestion.Registry;

/// <summary>Where a document version stands. The numbers are stored and are those of the proto.</summary>
public enum DocumentState
{
    Received = 1,
    Extracting = 2,
    Chunking = 3,
    Embedding = 4,
    Indexing = 5,
    Indexed = 6,
    Failed = 7,
    Deleting = 8,
    Deleted = 9,
}

public static class DocumentStates
{
    /// <summary>Nothing more will happen unless somebody asks for it.</summary>
    public static bool IsAtRest(this DocumentState state) => state is DocumentState.Indexed or DocumentState.Failed or DocumentState.Deleted;

    /// <summary>As it is called in failures ("step"), events and metrics.</summary>
    public static string Name(this DocumentState state) => state switch
    {
        DocumentState.Received => "received",
        DocumentState.Extracting => "extracting",
        DocumentState.Chunking => "chunking",
        DocumentState.Embedding => "embedding",
        DocumentState.Indexing => "indexing",
        DocumentState.Indexed => "indexed",
        DocumentState.Failed => "failed",
        DocumentState.Deleting => "deleting",
        DocumentState.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "It is no document state."),
    };
}
