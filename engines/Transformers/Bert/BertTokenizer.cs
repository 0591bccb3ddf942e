using RagPlatform.Tokenization;
using RagPlatform.Transformers.Sentences;

namespace RagPlatform.Transformers.Bert;

/// <summary>Opens the tokenizer of a model of the BERT family.</summary>
internal static class BertTokenizer
{
    private const string VocabularyFile = "vocab.txt";
    private const string TokenizerFile = "tokenizer.json";

    /// <summary>What every input has beside its text: [CLS] and [SEP].</summary>
    public const int SpecialTokens = 2;

    /// <summary>
    /// A BERT's vocab.txt where it has one and is read the plain way, for that reader is the faster one; else its
    /// tokenizer.json, which says everything.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    /// <exception cref="InvalidDataException">Damaged, not supported, or of another model than <paramref name="config"/>.</exception>
    public static ITextTokenizer Open(IModelFiles files, BertConfig config)
    {
        var settings = TokenizerSettings.Read(files);
        var hasVocabulary = !config.IsRoberta && files.Exists(VocabularyFile);
        var (name, tokenizer) = hasVocabulary && (settings.IsPlain || !files.Exists(TokenizerFile))
            ? (VocabularyFile, (ITextTokenizer)OpenVocabulary(files, settings))
            : (TokenizerFile, OpenJson(files, config));
        return tokenizer.VocabularySize <= config.VocabularySize
            ? tokenizer
            : throw new InvalidDataException(
                $"{name} has {tokenizer.VocabularySize} pieces; {BertConfig.File} has vocab_size {config.VocabularySize}. They belong to different models.");
    }

    private static WordPieceTokenizer OpenVocabulary(IModelFiles files, TokenizerSettings settings)
    {
        if (!settings.IsPlain)
        {
            throw new InvalidDataException(
                $"{TokenizerSettings.File}: strip_accents and tokenize_chinese_chars are not as {VocabularyFile} is read here; add the model's {TokenizerFile}.");
        }
        using var vocabulary = new StreamReader(files.Open(VocabularyFile));
        return WordPieceTokenizer.FromVocabulary(vocabulary, settings.LowerCase);
    }

    private static JsonTokenizer OpenJson(IModelFiles files, BertConfig config)
    {
        if (!files.Exists(TokenizerFile))
        {
            var missing = config.IsRoberta ? TokenizerFile : $"{VocabularyFile} and no {TokenizerFile}";
            throw new FileNotFoundException($"The model has no {missing}.", TokenizerFile);
        }
        using var stream = files.Open(TokenizerFile);
        var tokenizer = JsonTokenizer.Read(stream);
        var frame = tokenizer.Encode("", maxTokens: 64).Ids.Length - tokenizer.Count("");
        return frame == SpecialTokens
            ? tokenizer
            : throw new InvalidDataException(
                $"{TokenizerFile}: its post_processor puts {frame} special tokens around a text; an encoder of this family has {SpecialTokens}.");
    }
}
