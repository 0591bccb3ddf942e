using System.Text.RegularExpressions;

namespace RagPlatform.Answers;

/// <summary>What a question asks for, as far as its words tell, and whether a text offers it.</summary>
internal static partial class QuestionType
{
    private static readonly (Regex Question, Func<string, string, bool> Offers)[] Types =
    [
        (NumberQuestion, (text, _) => Number.IsMatch(text)),
        (DateQuestion, (text, _) => Date.IsMatch(text)),
        (PersonQuestion, HasNewName),
    ];

    /// <summary>1: the text holds what the question asks for; -1: it does not; 0: the question asks for nothing that can be told by its looks.</summary>
    public static int Match(string question, string text)
    {
        foreach (var (asks, offers) in Types)
        {
            if (asks.IsMatch(question))
            {
                return offers(text, question) ? 1 : -1;
            }
        }

        return 0;
    }

    /// <summary>The question asks how something is done: a command answers it best.</summary>
    public static bool AsksForCommand(string question) => CommandQuestion.IsMatch(question);

    /// <summary>A capitalised word, not the first, that the question does not name.</summary>
    private static bool HasNewName(string text, string question)
    {
        foreach (var match in Name.EnumerateMatches(text))
        {
            if (!question.AsSpan().Contains(text.AsSpan(match.Index, match.Length), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"\bhow (many|much|long|old|far|large|big|fast|tall|high|deep|often)\b|\bwhat (percentage|number|amount|port|size|limit)\b", Options, TimeoutMilliseconds)]
    private static partial Regex NumberQuestion { get; }

    [GeneratedRegex(@"\bwhen\b|\b(what|which) (year|date|month|day|century|decade)\b", Options, TimeoutMilliseconds)]
    private static partial Regex DateQuestion { get; }

    [GeneratedRegex(@"\bwho(m|se)?\b", Options, TimeoutMilliseconds)]
    private static partial Regex PersonQuestion { get; }

    [GeneratedRegex(@"\bhow (do|does|can|could|should|would|to|is|are)\b|\b(what|which) (command|option|flag|setting|script)\b", Options, TimeoutMilliseconds)]
    private static partial Regex CommandQuestion { get; }

    [GeneratedRegex(@"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|hundred|thousand|million|billion|half|third|quarter|dozen|once|twice|none|no|several)\b", Options, TimeoutMilliseconds)]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"\d|\b(january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|century|year|day|after|before|during|while|until|once|today|daily|weekly)\b", Options, TimeoutMilliseconds)]
    private static partial Regex Date { get; }

    [GeneratedRegex(@"(?<=[^.!?]\s)\p{Lu}\p{L}+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex Name { get; }

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const int TimeoutMilliseconds = 1000;
}
