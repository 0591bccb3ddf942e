using System.Buffers;

namespace RagPlatform.Tokenization.Json;

/// <param name="IsSpecial">Steers the model ("&lt;|im_start|&gt;") rather than being text.</param>
/// <param name="StripsLeft">Takes the white space before it.</param>
/// <param name="IsSingleWord">Only where no letter or digit touches it.</param>
/// <param name="IsNormalized">Looked for in the normalised text, otherwise in the text as it is.</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial, bool StripsLeft, bool StripsRight, bool IsSingleWord, bool IsNormalized);

/// <summary>Finds added tokens in a text before anything else is done to it: the leftmost, and of those the longest.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, AddedToken[]> _byFirst;
    private readonly SearchValues<char> _first;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _byFirst = tokens.Where(token => token.Content.Length > 0).GroupBy(token => token.Content[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
        _first = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>The text in parts: those with a token stand for it, the others are still text. Empty parts are left out.</summary>
    /// <param name="parts">Emptied, then filled.</param>
    public void Split(ReadOnlySpan<char> text, List<(Range Range, AddedToken? Token)> parts)
    {
        parts.Clear();
        var end = 0;
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(_first);
            if (next < 0)
            {
                break;
            }

            at += next;
            if (Find(text, at) is not { } token)
            {
                at++;
                continue;
            }

            var (from, to) = (at, at + token.Content.Length);
            while (token.StripsLeft && from > end && char.IsWhiteSpace(text[from - 1]))
            {
                from--;
            }

            while (token.StripsRight && to < text.Length && char.IsWhiteSpace(text[to]))
            {
                to++;
            }

            if (from > end)
            {
                parts.Add((end..from, null));
            }

            parts.Add((from..to, token));
            at = end = to;
        }

        if (end < text.Length)
        {
            parts.Add((end..text.Length, null));
        }
    }

    private AddedToken? Find(ReadOnlySpan<char> text, int at)
    {
        foreach (var token in _byFirst[text[at]])
        {
            if (text[at..].StartsWith(token.Content, StringComparison.Ordinal) && (!token.IsSingleWord || StandsAlone(text, at, token.Content.Length)))
            {
                return token;
            }
        }

        return null;
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int at, int length) =>
        (at == 0 || !IsWordCharacter(text[at - 1])) && (at + length == text.Length || !IsWordCharacter(text[at + length]));

    private static bool IsWordCharacter(char character) => char.IsLetterOrDigit(character) || character == '_';
}
