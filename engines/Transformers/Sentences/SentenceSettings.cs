using RagPlatform.Tokenization;
using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers.Sentences;

/// <summary>
/// What a sentence encoder's folder says beside its network: how many tokens it reads, how it pools, what it wants before
/// a text. Where a file is not there, the card of the model's family stands for it, else all-MiniLM-L6-v2's values.
/// </summary>
internal sealed record SentenceSettings(int MaxTokens, Pooling Pooling, TextPrefixes Prefixes)
{
    private const int MaxFileBytes = 16 * 1024 * 1024;
    private const string PromptsFile = "config_sentence_transformers.json";
    private static readonly string[] QueryPrompts = ["query"];
    private static readonly string[] PassagePrompts = ["document", "passage", "corpus"];

    /// <param name="files">The model's folder.</param>
    /// <param name="config">Its network.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="modelName">Tells its family; empty where it has no name.</param>
    /// <exception cref="InvalidDataException">A file is not JSON, a value is out of range, or a part is of a kind that is not built.</exception>
    public static SentenceSettings Read(IModelFiles files, BertConfig config, ITextTokenizer tokenizer, string modelName)
    {
        var family = ModelFamily.Of(modelName);
        RequireCase(files, tokenizer);
        return new SentenceSettings(
            SequenceLimits.OfEncoder(files, config.MaxPositions),
            SentenceModules.ReadPooling(files, family.Pooling),
            ReadFile(files, PromptsFile, ReadPrompts) ?? family.Prefixes);
    }

    private static void RequireCase(IModelFiles files, ITextTokenizer tokenizer)
    {
        if (ReadFile(files, SequenceLimits.LengthFile, json => json.Flag("do_lower_case", absent: false))
            && !tokenizer.Tokenize("A").Ids.SequenceEqual(tokenizer.Tokenize("a").Ids))
        {
            throw new InvalidDataException(
                $"{SequenceLimits.LengthFile}: do_lower_case is true, and the tokenizer tells A from a; give it a tokenizer that lower-cases.");
        }
    }

    /// <summary>Null where the file has no prompt: newer versions write empty ones for every model.</summary>
    private static TextPrefixes? ReadPrompts(ModelJson json)
    {
        var prompts = json.TextsByName("prompts");
        if (prompts.Values.FirstOrDefault(prompt => prompt.Length > TextPrefixes.MaxCharacters) is { } tooLong)
        {
            throw new InvalidDataException($"{PromptsFile}: a prompt has {tooLong.Length} characters; the limit is {TextPrefixes.MaxCharacters}.");
        }
        if (prompts.Values.All(prompt => prompt.Length == 0))
        {
            return null;
        }
        var usual = json.Text("default_prompt_name");
        if (usual.Length > 0 && !prompts.ContainsKey(usual))
        {
            throw new InvalidDataException($"{PromptsFile}: default_prompt_name is '{usual}', and prompts has no such name.");
        }
        return new TextPrefixes(First(QueryPrompts), First(PassagePrompts));

        string First(string[] names) =>
            prompts.GetValueOrDefault(Array.Find(names, prompts.ContainsKey) ?? usual, "");
    }

    private static T? ReadFile<T>(IModelFiles files, string name, Func<ModelJson, T?> read)
    {
        if (!files.Exists(name))
        {
            return default;
        }
        using var stream = files.Open(name);
        return ModelJson.Read(stream, name, MaxFileBytes, read);
    }
}
