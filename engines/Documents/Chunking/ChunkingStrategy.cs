namespace RagPlatform.Documents;

/// <summary>By what a document is cut.</summary>
public enum ChunkingStrategy
{
    /// <summary>
    /// A heading begins a chunk unless the section before it is tiny; neighbouring blocks are packed together; only a block
    /// over the budget is cut, at sentences, lines or rows, and overlaps there.
    /// </summary>
    Structure,

    /// <summary>Sentences in order up to the budget, whatever section they stand in; every chunk repeats the end of the one before it.</summary>
    Sentence,

    /// <summary>Windows of the budget's size, each repeating the end of the one before it. Sentences and rows are cut, words are not.</summary>
    Fixed,

    /// <summary>One chunk where the document fits the budget; else as few as blocks that stay whole allow, without overlap.</summary>
    Whole,

    /// <summary>Small chunks by structure inside larger ones, also by structure: the small ones are searched, the larger ones quoted.</summary>
    ParentChild,
}
