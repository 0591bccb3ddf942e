using RagPlatform.Answers;

namespace RagPlatform.Generation.Features.Answer.Extractive;

/// <summary>The answer as text: each quote with its line breaks folded, its marker, and white space. Nothing in it is not quoted.</summary>
internal static class QuotedText
{
    /// <summary>One piece per quote, to be joined. Sentences of one source run on; anything else begins a line.</summary>
    public static IEnumerable<string> Write(IReadOnlyList<(Citation Citation, UnitKind Kind)> citations)
    {
        for (var i = 0; i < citations.Count; i++)
        {
            var (citation, kind) = citations[i];
            yield return $"{Separator(citations, i, kind)}{OnOneLine(citation.Quote)} [{citation.Source.Number}]";
        }
    }

    private static string OnOneLine(string quote) => string.Join(' ', quote.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static string Separator(IReadOnlyList<(Citation Citation, UnitKind Kind)> citations, int i, UnitKind kind)
    {
        if (i == 0)
        {
            return "";
        }

        var (before, kindBefore) = citations[i - 1];
        return kind is UnitKind.Sentence && kindBefore is UnitKind.Sentence && before.Source.Number == citations[i].Citation.Source.Number ? " " : "\n";
    }
}
