namespace RagPlatform.Tokenization.Json.Decoders;

/// <summary>Joins pieces that continue a word and sets the others apart; cleaning up takes the spaces before English punctuation away again.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleansUp) : IDecoder
{
    private static readonly (string Found, string Wanted)[] Cleaning =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Join)];

    private string Join(string token, int at)
    {
        var joined = at == 0 ? token : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : $" {token}";
        return cleansUp ? Cleaning.Aggregate(joined, (text, rule) => text.Replace(rule.Found, rule.Wanted, StringComparison.Ordinal)) : joined;
    }
}
