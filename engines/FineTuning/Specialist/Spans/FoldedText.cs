using System.Text;

namespace RagPlatform.FineTuning.Specialist.Spans;

/// <summary>
/// A text in lower case with one space for each run of white space, which knows where its characters came from:
/// values are often written a little differently than the text they are from.
/// </summary>
internal sealed class FoldedText
{
    private readonly string folded;
    private readonly int[] sources;
    private readonly string text;

    public FoldedText(string text)
    {
        this.text = text;
        var builder = new StringBuilder(text.Length);
        var places = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isSpace = char.IsWhiteSpace(text[i]);
            if (isSpace && (builder.Length == 0 || builder[^1] == ' '))
            {
                continue;
            }
            builder.Append(isSpace ? ' ' : char.ToLowerInvariant(text[i]));
            places.Add(i);
        }
        folded = builder.ToString();
        sources = [.. places];
    }

    public static string Fold(string value) => new FoldedText(value).folded.TrimEnd();

    /// <summary>Every place of a folded value, those that end at words' ends on both sides first, else by position.</summary>
    public IEnumerable<TextRange> Find(string foldedValue)
    {
        if (foldedValue.Length == 0)
        {
            return [];
        }
        var places = new List<TextRange>();
        for (var at = folded.IndexOf(foldedValue, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(foldedValue, at + 1, StringComparison.Ordinal))
        {
            places.Add(new TextRange(sources[at], sources[at + foldedValue.Length - 1] + 1));
        }
        return places.OrderByDescending(IsWhole);
    }

    /// <summary>Does not begin or end inside a word.</summary>
    public bool IsWhole(TextRange range) =>
        !(range.Start > 0 && char.IsLetterOrDigit(text[range.Start - 1]) && char.IsLetterOrDigit(text[range.Start]))
        && !(range.End < text.Length && char.IsLetterOrDigit(text[range.End - 1]) && char.IsLetterOrDigit(text[range.End]));
}
