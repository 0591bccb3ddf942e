using System.Text;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>A sentence of the model's with the markers behind it.</summary>
/// <param name="Text">As the model wrote it.</param>
/// <param name="BeginsLine">A line break stood before it.</param>
internal readonly record struct AnswerSentence(string Text, bool BeginsLine);

/// <summary>
/// Cuts a stream of text into sentences, each with its markers, as soon as the next one begins. Stops inside markers
/// are no ends. What does not end within <see cref="MaxSentenceCharacters"/> is given up, to its end: half a sentence
/// may say the opposite of the whole.
/// </summary>
internal sealed class AnswerSentences
{
    public const int MaxSentenceCharacters = 8192;

    private static readonly string[] Abbreviations = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "no.", "fig.", "dr.", "mr.", "mrs.", "ms.", "st."];

    private readonly StringBuilder buffer = new();
    private bool beginsLine;
    private bool isGivingUp;

    /// <summary>Sentences that were given up because they did not end.</summary>
    public int GivenUp { get; private set; }

    public IEnumerable<AnswerSentence> Append(string text)
    {
        buffer.Append(text);
        while (TryTake(isLast: false, out var sentence))
        {
            yield return sentence;
        }

        if (buffer.Length > MaxSentenceCharacters)
        {
            buffer.Clear();
            GivenUp += isGivingUp ? 0 : 1;
            isGivingUp = true;
        }
    }

    /// <summary>What is left when the stream has ended.</summary>
    public IEnumerable<AnswerSentence> Complete()
    {
        while (TryTake(isLast: true, out var sentence))
        {
            yield return sentence;
        }
    }

    private bool TryTake(bool isLast, out AnswerSentence sentence)
    {
        sentence = default;
        SkipBlanks();
        if (buffer.Length == 0)
        {
            return false;
        }

        var text = buffer.ToString();
        var end = FindEnd(text);
        if (end < 0)
        {
            if (!isLast)
            {
                return false;
            }

            end = text.Length;
        }

        sentence = new AnswerSentence(text[..end].TrimEnd(), beginsLine);
        beginsLine = false;
        buffer.Remove(0, end);
        if (isGivingUp)
        {
            isGivingUp = false;
            return TryTake(isLast, out sentence);
        }

        return true;
    }

    private void SkipBlanks()
    {
        var blanks = 0;
        while (blanks < buffer.Length && char.IsWhiteSpace(buffer[blanks]))
        {
            beginsLine |= buffer[blanks] == '\n';
            blanks++;
        }

        buffer.Remove(0, blanks);
    }

    /// <summary>Where the first sentence ends; -1 while that cannot be told.</summary>
    private static int FindEnd(string text)
    {
        var afterStop = false;
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '[')
            {
                var reading = QuoteMarker.Read(text, i, out _, out var behind);
                if (reading is MarkerReading.Incomplete)
                {
                    return -1;
                }

                if (reading is MarkerReading.Complete)
                {
                    i = behind;
                    if (afterStop && EndsHere(text, i) is var here && here != 0)
                    {
                        return here;
                    }

                    continue;
                }
            }

            if (text[i] is '.' or '!' or '?' or '。' or '！' or '？' or '\n')
            {
                var isLine = text[i] == '\n';
                var stop = isLine ? i : SkipClosers(text, i + 1);
                if (!isLine && (IsAbbreviation(text, i) || (stop < text.Length && text[i] is '.' or '!' or '?' && !char.IsWhiteSpace(text[stop]) && text[stop] != '[')))
                {
                    i++;
                    continue;
                }

                afterStop = true;
                if (EndsHere(text, stop) is var here && here != 0)
                {
                    return here;
                }

                i = Math.Max(stop, i + 1);
                continue;
            }

            afterStop &= char.IsWhiteSpace(text[i]);
            i++;
        }

        return -1;
    }

    /// <summary>The end, if something other than a marker follows; -1 while nothing follows yet; 0 if a marker does.</summary>
    private static int EndsHere(string text, int i)
    {
        var next = i;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
        {
            next++;
        }

        if (next == text.Length)
        {
            return -1;
        }

        var marker = text[next] == '[' ? QuoteMarker.Read(text, next, out _, out _) : MarkerReading.None;
        return marker switch
        {
            MarkerReading.Incomplete => -1,
            MarkerReading.Complete => 0,
            _ => Math.Max(i, 1),
        };
    }

    private static int SkipClosers(string text, int i)
    {
        while (i < text.Length && text[i] is '.' or '!' or '?' or '"' or '\'' or ')' or '”' or '’' or '*' or '_' or '`')
        {
            i++;
        }

        return i;
    }

    private static bool IsAbbreviation(string text, int stop)
    {
        var start = stop;
        while (start > 0 && !char.IsWhiteSpace(text[start - 1]) && text[start - 1] is not ('(' or '['))
        {
            start--;
        }

        var word = text.AsSpan(start, stop + 1 - start);
        var isListNumber = start == 0 && !word[..^1].IsEmpty && !word[..^1].ContainsAnyExceptInRange('0', '9');
        foreach (var abbreviation in Abbreviations)
        {
            if (word.Equals(abbreviation, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return isListNumber || IsInitials(word);
    }

    /// <summary>"J." and "U.S.": single letters, each with its stop.</summary>
    private static bool IsInitials(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (i % 2 == 0 ? !char.IsUpper(word[i]) : word[i] != '.')
            {
                return false;
            }
        }

        return word.Length % 2 == 0;
    }
}
