namespace RagPlatform.Transformers.Sentences;

/// <summary>Tokens that a model of the BERT family reads at once, special ones included: what its files state, never more than it has positions.</summary>
internal static class SequenceLimits
{
    public const string LengthFile = "sentence_bert_config.json";

    /// <summary>
    /// For an encoder's folder that states no limit at all, as npm's all-MiniLM-L6-v2, which was trained on so many: longer
    /// texts than a model was trained on make worse vectors, and what is not read is counted.
    /// </summary>
    private const int DefaultMaxTokens = 256;

    private const int FewestTokens = 3;
    private const int MaxFileBytes = 1024 * 1024;

    /// <summary>max_seq_length of sentence_bert_config.json, else model_max_length of tokenizer_config.json, else 256.</summary>
    /// <exception cref="InvalidDataException">A file is not JSON, or a value is out of range.</exception>
    public static int OfEncoder(IModelFiles files, int maxPositions) =>
        Math.Min(maxPositions, ReadLength(files) ?? TokenizerSettings.Read(files).MaxTokens ?? DefaultMaxTokens);

    /// <summary>model_max_length of tokenizer_config.json, else as many as it has positions: rerankers are trained on full inputs.</summary>
    /// <exception cref="InvalidDataException">The file is not JSON, or the value is out of range.</exception>
    public static int OfReranker(IModelFiles files, int maxPositions) =>
        Math.Min(maxPositions, TokenizerSettings.Read(files).MaxTokens ?? maxPositions);

    private static int? ReadLength(IModelFiles files)
    {
        if (!files.Exists(LengthFile))
        {
            return null;
        }
        using var stream = files.Open(LengthFile);
        return ModelJson.Read<int?>(stream, LengthFile, MaxFileBytes, json =>
            json.Has("max_seq_length") ? json.Integer("max_seq_length", FewestTokens, int.MaxValue) : null);
    }
}
