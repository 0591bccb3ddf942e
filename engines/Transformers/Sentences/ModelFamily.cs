using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers.Sentences;

/// <summary>
/// What the published cards of known models ask for, for folders whose files do not say it. A model is of the first
/// family whose words are all in its name, so that a fine-tuned "acme-e5-small" keeps what it was trained with.
/// </summary>
internal sealed record ModelFamily(string[] Words, Pooling Pooling, TextPrefixes Prefixes)
{
    private const string SearchInstruction = "Represent this sentence for searching relevant passages: ";
    private static readonly char[] Separators = ['-', '_', ' '];

    private static readonly ModelFamily[] Known =
    [
        // Wang et al. 2022, arXiv:2212.03533, and 2024, arXiv:2402.05672; huggingface.co/intfloat
        new(["e5", "instruct"], Pooling.Mean, new TextPrefixes("Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ", "")),
        new(["e5"], Pooling.Mean, new TextPrefixes("query: ", "passage: ")),
        // Xiao et al. 2023, arXiv:2309.07597; huggingface.co/BAAI
        new(["bge", "en"], Pooling.FirstToken, new TextPrefixes(SearchInstruction, "")),
        new(["bge", "zh"], Pooling.FirstToken, new TextPrefixes("为这个句子生成表示以用于检索相关文章：", "")),
        new(["bge"], Pooling.FirstToken, TextPrefixes.None),
        // Li et al. 2023, arXiv:2308.03281; huggingface.co/thenlper
        new(["gte"], Pooling.Mean, TextPrefixes.None),
        // Merrick et al. 2024, arXiv:2405.05374; huggingface.co/Snowflake
        new(["arctic", "v2.0"], Pooling.FirstToken, new TextPrefixes("query: ", "")),
        new(["arctic"], Pooling.FirstToken, new TextPrefixes(SearchInstruction, "")),
        // huggingface.co/mixedbread-ai
        new(["mxbai"], Pooling.FirstToken, new TextPrefixes(SearchInstruction, "")),
    ];

    /// <summary>What a model of no known family gets: as all-MiniLM-L6-v2.</summary>
    public static ModelFamily Other { get; } = new([], Pooling.Mean, TextPrefixes.None);

    /// <param name="modelName">A folder's name or "owner/name"; case and owner do not matter.</param>
    public static ModelFamily Of(string modelName)
    {
        var words = modelName.Split('/')[^1].ToLowerInvariant().Split(Separators);
        return Array.Find(Known, family => family.Words.All(words.Contains)) ?? Other;
    }
}
