namespace RagPlatform.Tokenization.Tests;

/// <summary>Tokenizers over small vocabularies written in the test.</summary>
internal static class Tokenizers
{
    public static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

    public static WordPieceTokenizer Of(params string[] pieces) => Of(lowerCase: true, pieces);

    public static WordPieceTokenizer Of(bool lowerCase, params string[] pieces) =>
        WordPieceTokenizer.FromVocabulary(new StringReader(string.Join('\n', [.. Special, .. pieces])), lowerCase);

    /// <summary>The tokens as vocabulary entries.</summary>
    public static string[] Pieces(bool lowerCase, string[] vocabulary, string text)
    {
        string[] all = [.. Special, .. vocabulary];
        return [.. Of(lowerCase, vocabulary).Tokenize(text).Ids.Select(id => all[id])];
    }

    /// <summary>The parts of the text that the tokens cover.</summary>
    public static string[] Spans(WordPieceTokenizer tokenizer, string text)
    {
        var tokens = tokenizer.Tokenize(text);
        return [.. Enumerable.Range(0, tokens.Count).Select(i => text[tokens.Starts[i]..tokens.Ends[i]])];
    }
}
