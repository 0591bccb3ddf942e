using System.Text;
using RagPlatform.Tokenization.WordPiece;

namespace RagPlatform.Tokenization.Json.Models;

/// <summary>
/// SentencePiece's unigram language model (Kudo 2018, arXiv:1804.10959): of all ways to spell a word, the likeliest, found
/// by Viterbi's algorithm over a trie of the pieces. Time grows with the word's length times the longest piece's.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    /// <summary>How much less likely an unknown character is than the least likely piece.</summary>
    private const double UnknownPenalty = 10;

    private readonly TokenVocabulary _vocabulary;
    private readonly PieceTrie _trie;
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int? _unknown;
    private readonly int?[]? _bytes;

    /// <param name="scores">Log probabilities by id.</param>
    /// <param name="unknown">Id for what cannot be spelled; null: it is left out.</param>
    /// <param name="spellBytes">Unknown characters are spelled in byte tokens, where all of a character's are there.</param>
    /// <param name="special">Ids of pieces that no text becomes.</param>
    public UnigramModel(TokenVocabulary vocabulary, double[] scores, int? unknown, bool spellBytes, IReadOnlySet<int> special)
    {
        (_vocabulary, _scores, _unknown) = (vocabulary, scores, unknown);
        _trie = new PieceTrie(vocabulary.Entries.Where(piece => !special.Contains(piece.Value)));
        _unknownScore = (scores.Length == 0 ? 0 : scores.Min()) - UnknownPenalty;
        _bytes = spellBytes ? vocabulary.ByteTokens() : null;
    }

    public int VocabularySize => _vocabulary.Size;

    public int TokenCount => _vocabulary.Count;

    public bool TryGetId(string token, out int id) => _vocabulary.TryGetId(token, out id);

    public string TokenOf(int id) => _vocabulary.TokenOf(id);

    public void Spell(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        var steps = BestSteps(word);
        var path = new Stack<Piece>();
        for (var at = word.Length; at > 0; at = steps[at].From)
        {
            path.Push(new Piece(steps[at].Id, steps[at].From, at));
        }

        var lastWasUnknown = false;
        foreach (var piece in path)
        {
            if (piece.Id >= 0)
            {
                pieces.Add(piece);
            }
            else
            {
                AddUnknown(word, piece.Start, piece.End, lastWasUnknown, pieces);
            }

            lastWasUnknown = piece.Id < 0;
        }
    }

    /// <summary>For every place in the word, the best last piece of a spelling that ends there; id -1: an unknown character.</summary>
    private Step[] BestSteps(ReadOnlySpan<char> word)
    {
        var steps = new Step[word.Length + 1];
        steps.AsSpan(1).Fill(new Step(double.NegativeInfinity, 0, -1));
        for (var at = 0; at < word.Length;)
        {
            Rune.DecodeFromUtf16(word[at..], out _, out var width);
            var isSpelled = false;
            var node = PieceTrie.Root;
            for (var end = at; end < word.Length && _trie.TryStep(ref node, word[end], out var id); end++)
            {
                if (id >= 0)
                {
                    isSpelled |= end + 1 - at == width;
                    Offer(steps, end + 1, new Step(steps[at].Score + _scores[id], at, id));
                }
            }

            if (!isSpelled)
            {
                Offer(steps, at + width, new Step(steps[at].Score + _unknownScore, at, -1));
            }

            at += width;
        }

        return steps;
    }

    private static void Offer(Step[] steps, int at, Step step)
    {
        if (step.Score > steps[at].Score)
        {
            steps[at] = step;
        }
    }

    private void AddUnknown(ReadOnlySpan<char> word, int from, int to, bool lastWasUnknown, List<Piece> pieces)
    {
        Span<byte> bytes = stackalloc byte[4];
        Rune.DecodeFromUtf16(word[from..to], out var rune, out _);
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        if (_bytes is not null && AreThere(bytes))
        {
            foreach (var value in bytes)
            {
                pieces.Add(new Piece(_bytes[value]!.Value, from, to));
            }
        }
        else if (_unknown is { } unknown)
        {
            // Neighbouring unknown characters are one token.
            if (lastWasUnknown && pieces[^1].Id == unknown)
            {
                pieces[^1] = pieces[^1] with { End = to };
            }
            else
            {
                pieces.Add(new Piece(unknown, from, to));
            }
        }
    }

    private bool AreThere(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (_bytes![value] is null)
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct Step(double Score, int From, int Id);
}
