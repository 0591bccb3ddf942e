using System.Text.RegularExpressions;

namespace RagPlatform.Answers;

/// <summary>
/// The question itself, found in a document: an example in a manual, a heading of a list of questions. It matches the
/// question better than any answer could, and answers nothing.
/// </summary>
internal sealed class Echo
{
    private const int MinQuestionWords = 3;
    private const int MinOtherWords = 4;
    private const int TimeoutMilliseconds = 1000;

    private readonly Regex? expression;

    public Echo(string question)
    {
        var words = question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length >= MinQuestionWords)
        {
            words[^1] = words[^1].TrimEnd('?', '!', '.');
            expression = new Regex(
                string.Join(@"\s+", words.Select(Regex.Escape)),
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
                TimeSpan.FromMilliseconds(TimeoutMilliseconds));
        }
    }

    /// <summary>The text less every repetition of the question, white space folded.</summary>
    public string Without(string text) => expression?.Replace(text, " ") ?? text;

    /// <summary>Little but the question: fewer than four words besides it.</summary>
    public bool Is(string text) => expression is not null && expression.IsMatch(text) && CountWords(Without(text)) < MinOtherWords;

    private static int CountWords(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(word => word.Any(char.IsLetterOrDigit));
}
