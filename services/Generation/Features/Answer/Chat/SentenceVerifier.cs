using System.Text;
using System.Text.RegularExpressions;
using RagPlatform.Generation.Features.Answer.Verification;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>
/// Decides what of a model's sentence may leave. A marker stays, as [n], if the stored text of source n holds its
/// quote; a sentence stays if a marker of it does and every number in it stands in those quotes or in the question.
/// </summary>
internal sealed partial class SentenceVerifier(StoredSources stored, string question)
{
    /// <summary>Stands for a verified marker until the model's own brackets are out of the text.</summary>
    private const char Placeholder = '\uE000';

    private readonly HashSet<string> numbersOfQuestion = NumbersOf(question);

    private readonly List<Citation> citations = [];

    /// <summary>All verified, each once, in the order of the text.</summary>
    public IReadOnlyList<Citation> Citations => citations;

    public int UnsupportedCitations { get; private set; }

    public int UnsupportedSentences { get; private set; }

    public int SupportedSentences { get; private set; }

    /// <returns>The sentence as it may leave, or null.</returns>
    public string? Verify(string sentence)
    {
        var text = new StringBuilder(sentence.Length);
        var verified = new List<Citation>();
        for (var i = 0; i < sentence.Length;)
        {
            if (sentence[i] == '[' && QuoteMarker.Read(sentence, i, out var marker, out var end) is MarkerReading.Complete)
            {
                i = end;
                TakeBlanks(text);
                if (Locate(marker) is { } citation)
                {
                    verified.Add(citation);
                    text.Append(Placeholder);
                }
                else
                {
                    UnsupportedCitations++;
                }
            }
            else
            {
                text.Append(sentence[i] is Placeholder ? ' ' : sentence[i]);
                i++;
            }
        }

        var words = text.ToString();
        if (verified.Count == 0 || !HasWords(words) || !NumbersAreSupported(words, verified))
        {
            UnsupportedSentences++;
            return null;
        }

        SupportedSentences++;
        citations.AddRange(verified.Where(citation => !citations.Contains(citation)));
        return Render(words, verified);
    }

    public void CountUnsupported(int sentences) => UnsupportedSentences += sentences;

    private Citation? Locate(QuoteMarker marker)
    {
        if (stored.TextOf(marker.SourceNumber) is not { } text || QuoteLocator.Find(text, marker.Quote) is not { } range)
        {
            return null;
        }

        return stored.Cite(marker.SourceNumber, text[range], range.Start.Value);
    }

    private bool NumbersAreSupported(string words, List<Citation> verified)
    {
        var known = new HashSet<string>(numbersOfQuestion);
        foreach (var citation in verified)
        {
            known.UnionWith(NumbersOf(citation.Quote));
        }

        return NumbersOf(ListNumber.Replace(words, "")).IsSubsetOf(known);
    }

    private static string Render(string words, List<Citation> verified)
    {
        var plain = OwnBracket.Replace(UnfinishedMarker.Replace(words, ""), "");
        var text = new StringBuilder(plain.Length + (verified.Count * 4));
        var next = 0;
        foreach (var character in plain)
        {
            if (character != Placeholder)
            {
                text.Append(character);
                continue;
            }

            var mark = $"[{verified[next++].Source.Number}]";
            if (!EndsWith(text, mark))
            {
                text.Append(text.Length > 0 && text[^1] != ']' ? " " : "").Append(mark);
            }
        }

        return text.ToString().Trim();
    }

    private static bool EndsWith(StringBuilder text, string end) =>
        text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;

    private static void TakeBlanks(StringBuilder text)
    {
        while (text.Length > 0 && char.IsWhiteSpace(text[^1]))
        {
            text.Length--;
        }
    }

    private static bool HasWords(string words) => words.Any(char.IsLetterOrDigit);

    private static HashSet<string> NumbersOf(string text) => [.. Number.Matches(text).Select(match => match.Value)];

    [GeneratedRegex(@"\d+([.,]\d+)*", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"\A\s*([-*+]\s+)?\d{1,3}[.)]\s", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ListNumber { get; }

    /// <summary>A bracket that would read as a verified marker.</summary>
    [GeneratedRegex(@"\[(?=[\[\s]*(\d|\uE000))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OwnBracket { get; }

    /// <summary>A marker that the model did not finish.</summary>
    [GeneratedRegex(@"\[\s*\d+\s*:[^\uE000]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex UnfinishedMarker { get; }
}
