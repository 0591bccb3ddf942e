using System.Text.RegularExpressions;

namespace RagPlatform.Answers;

/// <summary>
/// The question itself, found in a document: an example in a manual, an entry in a list of questions. It matches the
/// question better than any answer could, and answers nothing. What goes on after it may be the answer: "Default port:
/// 8080", "How do I start it? pump --start".
/// </summary>
internal sealed class Echo
{
    private const int MinQuestionWords = 3;
    private const int MaxWordsBefore = 3;
    private const int TimeoutMilliseconds = 1000;
    private const string Closers = "?？\"”’»'";

    private static readonly string[] Interrogatives = ["who", "whom", "whose", "what", "which", "when", "where", "why", "how"];

    private readonly Regex? expression;
    private readonly bool isInterrogative;

    public Echo(string question)
    {
        var words = question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        words = words[..(Array.FindLastIndex(words, IsWord) + 1)];
        if (words.Length >= MinQuestionWords)
        {
            words[^1] = words[^1].TrimEnd('?', '？', '!', '.');
            isInterrogative = Interrogatives.Contains(words[0], StringComparer.OrdinalIgnoreCase);
            expression = new Regex(
                string.Join(@"\s+", words.Select(Regex.Escape)),
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
                TimeSpan.FromMilliseconds(TimeoutMilliseconds));
        }
    }

    /// <summary>The text less every repetition of the question, white space folded.</summary>
    public string Without(string text) => expression?.Replace(text, " ") ?? text;

    /// <summary>
    /// It ends with the question. Nothing stands before that or, where its first word or the mark behind it shows that
    /// it is asked or quoted, no more than three words: "Paris is the capital of France" answers "capital of France".
    /// </summary>
    public bool Is(string text)
    {
        if (expression?.Match(text) is not { Success: true } match || CountWords(Without(text[match.Index..])) > 0)
        {
            return false;
        }

        var isAsked = isInterrogative
            || (text.AsSpan(match.Index + match.Length).TrimStart() is [var next, ..] && Closers.Contains(next, StringComparison.Ordinal));
        return CountWords(text[..match.Index]) <= (isAsked ? MaxWordsBefore : 0);
    }

    private static int CountWords(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(IsWord);

    private static bool IsWord(string text) => text.Any(char.IsLetterOrDigit);
}
