using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>How large chunks are for a model and a collection: so that the model reads all of a chunk and the headings above it.</summary>
internal static class ChunkBudget
{
    private const int MinTokens = 16;
    private const int MaxTokens = 8192;
    private const int TinySectionTokens = 32;

    /// <summary>Of what is searched inside a parent, unless the collection says otherwise.</summary>
    private const int ChildTokens = 100;

    /// <summary>A token seldom has more characters than that; where one has, the chunk is cut before its tokens are used up.</summary>
    private const int CharactersPerToken = 8;

    private const int MinMaxCharacters = 4096;

    /// <param name="roomTokens">That the model reads of a passage, beside special ones and its prefix.</param>
    /// <param name="chunking">The collection's settings.</param>
    /// <param name="options">The service's.</param>
    public static ChunkingOptions For(int roomTokens, CollectionChunking chunking, IngestionOptions options)
    {
        var room = (int)Math.Clamp((long)roomTokens - options.ChunkContextTokens, MinTokens, MaxTokens);
        var maxTokens = Math.Min(room, chunking.MaxTokens ?? chunking.Strategy switch
        {
            ChunkingStrategy.Whole => room,
            ChunkingStrategy.ParentChild => Math.Min(ChildTokens, options.ChunkMaxTokens),
            _ => options.ChunkMaxTokens,
        });
        return new ChunkingOptions
        {
            Strategy = chunking.Strategy,
            MaxTokens = maxTokens,
            OverlapTokens = Math.Min(chunking.OverlapTokens ?? options.ChunkOverlapTokens, maxTokens / 2),
            TinySectionTokens = Math.Min(TinySectionTokens, maxTokens),
            MaxCharacters = Math.Clamp(maxTokens * CharactersPerToken, MinMaxCharacters, ChunkingOptions.LargestMaxCharacters),
            ParentTokens = Math.Max(chunking.ParentTokens ?? options.ChunkParentTokens, maxTokens),
        };
    }
}
