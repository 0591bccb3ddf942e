using RagPlatform.FineTuning.Specialist.Spans;
using RagPlatform.Tokenization;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>A text as the encoder reads it, which knows where in the text its pieces are.</summary>
/// <param name="Text">As it came.</param>
/// <param name="Encoded">[CLS], the prefix's pieces, the text's, [SEP].</param>
/// <param name="FirstPiece">The text's first, among the encoded ones.</param>
/// <param name="Starts">UTF-16 index of each of the text's pieces that is read.</param>
/// <param name="Ends">After its last character.</param>
internal sealed record SpecialistInput(string Text, EncodedText Encoded, int FirstPiece, int[] Starts, int[] Ends)
{
    /// <param name="text">Any.</param>
    /// <param name="prefix">What the model wants before it.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="maxTokens">That the model reads.</param>
    public static SpecialistInput Of(string text, string prefix, ITextTokenizer tokenizer, int maxTokens)
    {
        var encoded = tokenizer.Encode(prefix + text, maxTokens);
        var pieces = tokenizer.Tokenize(prefix + text);
        var before = Array.FindIndex(pieces.Starts, start => start >= prefix.Length) is var first and >= 0 ? first : pieces.Count;
        // One special token begins what is read and one ends it.
        var read = Math.Max(0, Math.Min(pieces.Count, encoded.Ids.Length - 2) - before);
        return new SpecialistInput(
            text, encoded, 1 + before,
            [.. pieces.Starts.Skip(before).Take(read).Select(start => start - prefix.Length)], [.. pieces.Ends.Skip(before).Take(read).Select(end => end - prefix.Length)]);
    }

    /// <summary>The text's pieces.</summary>
    public int Pieces => Starts.Length;

    /// <summary>The pieces that a part of the text is made of, those that reach into it included; null where none is read.</summary>
    public PieceSpan? PiecesOf(TextRange range, int kind)
    {
        var start = Array.FindIndex(Ends, end => end > range.Start);
        var end = Array.FindLastIndex(Starts, begin => begin < range.End) + 1;
        return start >= 0 && end > start ? new PieceSpan(kind, start, end) : null;
    }

    /// <summary>The part of the text that pieces are.</summary>
    public TextRange RangeOf(PieceSpan span) => new(Starts[span.Start], Ends[span.End - 1]);
}
