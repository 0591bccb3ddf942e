namespace RagPlatform.Transformers.Sentences;

/// <summary>What Hugging Face's tokenizer_config.json says of a BERT tokenizer; as BertTokenizer's defaults where it is not there.</summary>
/// <param name="LowerCase">Lower-case letters.</param>
/// <param name="StripAccents">Null: as <paramref name="LowerCase"/>.</param>
/// <param name="SplitIdeographs">Every CJK ideograph is a word.</param>
/// <param name="MaxTokens">Special tokens included; null where the file states no limit.</param>
internal sealed record TokenizerSettings(bool LowerCase, bool? StripAccents, bool SplitIdeographs, int? MaxTokens)
{
    public const string File = "tokenizer_config.json";
    private const int FewestTokens = 3;
    private const int MaxFileBytes = 16 * 1024 * 1024;

    /// <summary>vocab.txt is read the plain way: accents go where case goes, and ideographs stand alone.</summary>
    public bool IsPlain => SplitIdeographs && (StripAccents is null || StripAccents == LowerCase);

    /// <exception cref="InvalidDataException">The file is not JSON, or a value is out of range.</exception>
    public static TokenizerSettings Read(IModelFiles files)
    {
        if (!files.Exists(File))
        {
            return new TokenizerSettings(true, null, true, null);
        }
        using var stream = files.Open(File);
        return ModelJson.Read(stream, File, MaxFileBytes, json => new TokenizerSettings(
            json.Flag("do_lower_case", absent: true),
            json.Has("strip_accents") ? json.Flag("strip_accents", absent: false) : null,
            json.Flag("tokenize_chinese_chars", absent: true),
            // Without a limit transformers writes 1e30.
            json.Has("model_max_length") && json.Number("model_max_length", FewestTokens, double.MaxValue) is var limit and < int.MaxValue ? (int)limit : null));
    }
}
