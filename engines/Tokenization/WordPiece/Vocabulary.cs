using System.Globalization;

namespace RagPlatform.Tokenization.WordPiece;

/// <summary>The word pieces of a BERT vocab.txt: one per line, its id the line's number from 0; "##" marks a piece inside a word.</summary>
internal sealed class Vocabulary
{
    /// <summary>The largest published BERT vocabularies have about 500,000 pieces (LaBSE).</summary>
    public const int MaxPieces = 4_000_000;

    /// <summary>No word is longer, so no longer piece could ever match.</summary>
    private const int MaxPieceChars = WordReader.MaxWordChars + 2;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> firstPieces;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> innerPieces;
    private readonly int longestFirst;
    private readonly int longestInner;

    private Vocabulary(Dictionary<string, int> first, Dictionary<string, int> inner, int count)
    {
        firstPieces = first.GetAlternateLookup<ReadOnlySpan<char>>();
        innerPieces = inner.GetAlternateLookup<ReadOnlySpan<char>>();
        longestFirst = first.Keys.Max(piece => piece.Length);
        longestInner = inner.Count == 0 ? 0 : inner.Keys.Max(piece => piece.Length);
        Count = count;
    }

    public int Count { get; }

    /// <exception cref="InvalidDataException">A duplicate or over-long piece, or too many pieces.</exception>
    public static Vocabulary Read(TextReader reader)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var inner = new Dictionary<string, int>(StringComparer.Ordinal);
        var id = 0;
        while (reader.ReadLine() is { } line)
        {
            if (id == MaxPieces)
            {
                throw Invalid(id, $"the limit is {MaxPieces} pieces. Check that this is a vocab.txt");
            }
            if (line.Length > MaxPieceChars)
            {
                throw Invalid(id, $"the piece has {line.Length} characters; the limit is {MaxPieceChars}. Check that this is a vocab.txt");
            }
            var isInner = line.Length > 2 && line.StartsWith("##", StringComparison.Ordinal);
            if (!(isInner ? inner : first).TryAdd(isInner ? line[2..] : line, id))
            {
                throw Invalid(id, $"the piece '{line}' is there twice");
            }
            id++;
        }
        if (first.Count == 0)
        {
            throw new InvalidDataException("The vocabulary is empty.");
        }
        return new Vocabulary(first, inner, id);
    }

    /// <exception cref="InvalidDataException">The vocabulary has no such piece.</exception>
    public int Required(string piece) => firstPieces.TryGetValue(piece, out var id)
        ? id
        : throw new InvalidDataException(
            $"The vocabulary of {Count} pieces has no {piece}. Use the vocab.txt that belongs to the model.");

    /// <summary>The longest piece that <paramref name="rest"/> starts with; its length is 0 when there is none.</summary>
    /// <param name="rest">What is left of a word.</param>
    /// <param name="inside">Something of the word has been matched already.</param>
    public (int Id, int Length) LongestMatch(ReadOnlySpan<char> rest, bool inside)
    {
        var pieces = inside ? innerPieces : firstPieces;
        for (var length = Math.Min(rest.Length, inside ? longestInner : longestFirst); length > 0; length--)
        {
            if (pieces.TryGetValue(rest[..length], out var id))
            {
                return (id, length);
            }
        }
        return (0, 0);
    }

    private static InvalidDataException Invalid(int id, string reason) => new(string.Create(
        CultureInfo.InvariantCulture, $"Vocabulary line {id + 1}: {reason}."));
}
