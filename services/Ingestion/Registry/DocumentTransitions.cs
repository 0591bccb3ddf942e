namespace RagPlatform.Ingestion.Registry;

/// <summary>What becomes of a report that a version has reached a state.</summary>
public enum Transition
{
    /// <summary>The version moves to the reported state.</summary>
    Move,

    /// <summary>It is there or past it already, and still on its way: the work may go on, nothing is recorded.</summary>
    Stay,

    /// <summary>The report is late: the version is at rest, or of another kind. The work is not to be done.</summary>
    Ignore,
}

/// <summary>
/// The one table of what may follow what, for one version. Messages arrive late, twice and in any order; on its way a
/// version only ever moves forward. What the index reports is a fact and wins over a failure recorded before it.
/// </summary>
public static class DocumentTransitions
{
    private const Transition M = Transition.Move;
    private const Transition S = Transition.Stay;
    private const Transition I = Transition.Ignore;

    // Row: the state it is in. Column: the state it is reported to have reached, both in the order of the enum.
    // "Failed to Received" and "Failed to Deleting" are new attempts of the same version; "Indexed to Received" is one,
    // too, for a version that the index has lost.
    private static readonly Transition[,] Table =
    {
        // Received  Extracting  Chunking  Embedding  Indexing  Indexed  Failed  Deleting  Deleted
        { S,         M,          M,        M,         M,        M,       M,      I,        I }, // Received
        { S,         S,          M,        M,         M,        M,       M,      I,        I }, // Extracting
        { S,         S,          S,        M,         M,        M,       M,      I,        I }, // Chunking
        { S,         S,          S,        S,         M,        M,       M,      I,        I }, // Embedding
        { S,         S,          S,        S,         S,        M,       M,      I,        I }, // Indexing
        { M,         I,          I,        I,         I,        I,       I,      I,        I }, // Indexed
        { M,         I,          I,        I,         I,        M,       I,      M,        M }, // Failed
        { I,         I,          I,        I,         I,        I,       M,      S,        M }, // Deleting
        { I,         I,          I,        I,         I,        I,       I,      I,        I }, // Deleted
    };

    public static Transition Judge(DocumentState current, DocumentState reported) =>
        Table[(int)current - (int)DocumentState.Received, (int)reported - (int)DocumentState.Received];
}
