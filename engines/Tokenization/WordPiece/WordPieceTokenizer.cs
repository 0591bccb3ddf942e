using System.Text;
using RagPlatform.Tokenization.WordPiece;

namespace RagPlatform.Tokenization;

/// <summary>
/// BERT's tokenizer: basic tokenization (controls dropped, CJK ideographs and punctuation set apart, accents
/// stripped and letters lower-cased where the model wants it), then WordPiece, greedy longest match first
/// (Devlin et al. 2019, arXiv:1810.04805; google-research/bert tokenization.py).
/// </summary>
/// <remarks>
/// Thread-safe. Time is linear in the text's length. Text never becomes a special token: "[SEP]" in a document
/// is five characters of text, so that no document can end its own input.
/// </remarks>
public sealed class WordPieceTokenizer : ITextTokenizer
{
    private const int SpecialTokens = 2;

    private readonly Vocabulary vocabulary;
    private readonly CharacterFolding? folding;
    private readonly int unknown;
    private readonly int classify;
    private readonly int separator;

    private WordPieceTokenizer(Vocabulary vocabulary, bool lowerCase)
    {
        this.vocabulary = vocabulary;
        folding = lowerCase ? new CharacterFolding() : null;
        unknown = vocabulary.Required("[UNK]");
        classify = vocabulary.Required("[CLS]");
        separator = vocabulary.Required("[SEP]");
    }

    /// <summary>Number of entries in the vocabulary; every id is below it.</summary>
    public int VocabularySize => vocabulary.Count;

    /// <summary>Whether text is lower-cased and stripped of accents before it is looked up.</summary>
    public bool LowerCase => folding is not null;

    /// <param name="vocabulary">A BERT vocab.txt: one piece per line.</param>
    /// <param name="lowerCase">Lower-case and strip accents: true for "uncased" models.</param>
    /// <exception cref="InvalidDataException">
    /// A duplicate, an over-long piece, too many pieces, or no [UNK], [CLS] or [SEP].
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">
    /// <paramref name="lowerCase"/> where .NET cannot normalise Unicode: every accented word would be read wrongly.
    /// </exception>
    public static WordPieceTokenizer FromVocabulary(TextReader vocabulary, bool lowerCase = true)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (lowerCase && "\u00e9".Normalize(NormalizationForm.FormD).Length != 2)
        {
            throw new PlatformNotSupportedException(
                "Unicode normalisation is off. Install ICU and leave InvariantGlobalization unset.");
        }
        return new WordPieceTokenizer(Vocabulary.Read(vocabulary), lowerCase);
    }

    /// <summary>Number of tokens in the text, without special tokens. Allocates nothing.</summary>
    public int Count(ReadOnlySpan<char> text)
    {
        var counter = new TokenCounter();
        Split(text, ref counter);
        return counter.Tokens;
    }

    /// <summary>The text's tokens with their places in the text, without special tokens.</summary>
    public TokenizedText Tokenize(ReadOnlySpan<char> text)
    {
        var collector = new TokenCollector();
        Split(text, ref collector);
        return new TokenizedText([.. collector.Ids], [.. collector.Starts], [.. collector.Ends]);
    }

    /// <summary>The text as a model's input, cut at the end where it has too many tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxTokens">Limit on tokens, the two special ones included; at least 2.</param>
    public EncodedText Encode(ReadOnlySpan<char> text, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, SpecialTokens);
        var input = new InputCollector(maxTokens - SpecialTokens, classify);
        Split(text, ref input);
        return new EncodedText([.. input.Ids, separator], input.UnseenTokens);
    }

    private void Split<TSink>(ReadOnlySpan<char> text, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        Span<char> word = stackalloc char[WordReader.MaxWordChars];
        Span<int> starts = stackalloc int[WordReader.MaxWordChars];
        Span<int> ends = stackalloc int[WordReader.MaxWordChars];
        Span<Piece> pieces = stackalloc Piece[WordReader.MaxWordChars];
        var reader = new WordReader(text, folding, word, starts, ends);
        while (reader.Read())
        {
            var count = SplitWord(reader.Word, pieces);
            if (count == 0)
            {
                sink.Add(unknown, reader.Start, reader.End);
            }
            foreach (var piece in pieces[..count])
            {
                sink.Add(piece.Id, reader.StartOf(piece.Start), reader.EndOf(piece.End - 1));
            }
        }
    }

    /// <summary>Number of pieces the word splits into; 0 when the vocabulary cannot spell it.</summary>
    private int SplitWord(ReadOnlySpan<char> word, Span<Piece> pieces)
    {
        var count = 0;
        for (var start = 0; start < word.Length; count++)
        {
            var (id, length) = vocabulary.LongestMatch(word[start..], inside: start > 0);
            if (length == 0)
            {
                return 0;
            }
            pieces[count] = new Piece(id, start, start += length);
        }
        return count;
    }
}
