using RagPlatform.Tokenization.WordPiece;

namespace RagPlatform.Tokenization.Json.Models;

/// <summary>WordPiece: the longest piece first (Devlin et al. 2019, arXiv:1810.04805). A word that cannot be spelled, or is too long, is unknown as a whole.</summary>
/// <param name="prefix">Of pieces inside a word, e.g. "##".</param>
/// <param name="maxCharacters">Of a word, in Unicode characters.</param>
/// <param name="special">Ids of pieces that no text becomes.</param>
internal sealed class WordPieceModel(TokenVocabulary vocabulary, int unknown, string prefix, int maxCharacters, IReadOnlySet<int> special) : ITokenModel
{
    public int VocabularySize => vocabulary.Size;

    public int TokenCount => vocabulary.Count;

    public bool TryGetId(string token, out int id) => vocabulary.TryGetId(token, out id);

    public string TokenOf(int id) => vocabulary.TokenOf(id);

    public void Spell(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        var before = pieces.Count;
        var characters = word.Length <= maxCharacters ? 0 : Characters(word);
        for (var start = 0; start < word.Length && characters <= maxCharacters;)
        {
            var (id, length) = LongestMatch(word[start..], start > 0 ? prefix : "");
            if (length == 0)
            {
                characters = int.MaxValue;
                break;
            }

            pieces.Add(new Piece(id, start, start + length));
            start += length;
        }

        if (characters > maxCharacters)
        {
            pieces.RemoveRange(before, pieces.Count - before);
            pieces.Add(new Piece(unknown, 0, word.Length));
        }
    }

    private static int Characters(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    private (int Id, int Length) LongestMatch(ReadOnlySpan<char> rest, string before)
    {
        Span<char> piece = stackalloc char[(2 * Math.Min(maxCharacters, 512)) + before.Length];
        before.CopyTo(piece);
        rest = rest[..Math.Min(rest.Length, piece.Length - before.Length)];
        rest.CopyTo(piece[before.Length..]);
        for (var length = rest.Length; length > 0; length--)
        {
            if (vocabulary.TryGetId(piece[..(before.Length + length)], out var id) && !special.Contains(id))
            {
                return (id, length);
            }
        }

        return (0, 0);
    }
}
