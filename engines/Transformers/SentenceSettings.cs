using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers;

/// <summary>
/// What sentence-transformers keeps beside a model: how many tokens it reads, how it pools, whether it lower-cases.
/// Files that are not there (the npm layout has none of them) leave all-MiniLM-L6-v2's values.
/// </summary>
internal sealed record SentenceSettings(int MaxTokens, Pooling Pooling, bool LowerCase)
{
    private const int DefaultMaxTokens = 256;
    private const int FewestTokens = 3;
    private const int MaxFileBytes = 16 * 1024 * 1024;
    private const string LengthFile = "sentence_bert_config.json";
    private const string PoolingFile = "1_Pooling/config.json";
    private const string TokenizerFile = "tokenizer_config.json";

    /// <exception cref="InvalidDataException">A file is not JSON, a value is out of range, or the pooling is of another kind.</exception>
    public static SentenceSettings Read(IModelFiles files, int maxPositions) => new(
        Math.Min(maxPositions, ReadFile(files, LengthFile, DefaultMaxTokens, json => json.Has("max_seq_length")
            ? json.Integer("max_seq_length", FewestTokens, int.MaxValue)
            : DefaultMaxTokens)),
        ReadFile(files, PoolingFile, Pooling.Mean, ReadPooling),
        ReadFile(files, TokenizerFile, true, json => json.Flag("do_lower_case", absent: true)));

    private static Pooling ReadPooling(ModelJson json)
    {
        var mean = json.Flag("pooling_mode_mean_tokens", absent: false);
        var first = json.Flag("pooling_mode_cls_token", absent: false);
        return mean != first
            ? mean ? Pooling.Mean : Pooling.FirstToken
            : throw new InvalidDataException(
                $"{PoolingFile}: exactly one of pooling_mode_mean_tokens and pooling_mode_cls_token must be true; other poolings are not built.");
    }

    private static T ReadFile<T>(IModelFiles files, string name, T absent, Func<ModelJson, T> read)
    {
        if (!files.Exists(name))
        {
            return absent;
        }
        using var stream = files.Open(name);
        return ModelJson.Read(stream, name, MaxFileBytes, read);
    }
}
