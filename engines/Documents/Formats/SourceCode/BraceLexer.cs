using System.Text;

namespace RagPlatform.Documents;

/// <summary>Finds the braces that are code, line by line, with what stands before each since the last statement's end.</summary>
internal sealed class BraceLexer(string text, SourceLanguage language)
{
    private readonly StringBuilder _header = new();
    private State _state;

    private enum State
    {
        Code,
        Comment,
        TextBlock,
        Backtick,
        Verbatim,
    }

    /// <summary>Between lines: inside a comment or string that goes on.</summary>
    public bool IsInside => _state != State.Code;

    /// <summary>What was read so far stands before no brace to come.</summary>
    public void EndStatement() => _header.Clear();

    /// <summary>To be called for every line in order, and read to the end.</summary>
    public IEnumerable<(int Position, string Header)> Braces(int start, int end)
    {
        var i = start;
        while (i < end)
        {
            if (_state != State.Code)
            {
                i = SkipToEnd(i, end);
                continue;
            }

            var skipped = Skip(i, end);
            if (skipped > i)
            {
                i = skipped;
                continue;
            }

            var character = text[i];
            if (character is '{' or '}')
            {
                var header = _header.ToString();
                yield return (i, header);
                if (!BraceHeader.IsInParentheses(header))
                {
                    _header.Clear();
                }
            }
            else if (character == ';')
            {
                _header.Clear();
            }
            else if (_header.Length < BraceHeader.MaxCharacters)
            {
                _header.Append(char.IsWhiteSpace(character) ? ' ' : character);
            }

            i++;
        }
    }

    /// <summary>Behind what begins here and is no code; else the same position.</summary>
    private int Skip(int i, int end)
    {
        var rest = text.AsSpan(i, end - i);
        if (language.LineComment.Length > 0 && rest.StartsWith(language.LineComment))
        {
            return end;
        }

        if (rest.StartsWith("/*"))
        {
            return Enter(State.Comment, i + 2);
        }

        return rest[0] switch
        {
            '"' when language.HasTextBlocks && rest.StartsWith("\"\"\"") => Enter(State.TextBlock, i + 3),
            '"' when language.HasVerbatimStrings && i > 0 && (text[i - 1] == '@' || (text[i - 1] == '$' && i > 1 && text[i - 2] == '@')) => Enter(State.Verbatim, i + 1),
            '"' => StringEnd(i, end),
            '`' when language.HasBacktickStrings => Enter(State.Backtick, i + 1),
            '\'' when language.HasCharacters => CharacterEnd(i, end),
            '\'' => StringEnd(i, end),
            _ => i,
        };
    }

    private int Enter(State state, int position)
    {
        _state = state;
        return position;
    }

    private int SkipToEnd(int i, int end)
    {
        var rest = text.AsSpan(i, end - i);
        var mark = _state switch { State.Comment => "*/", State.TextBlock => "\"\"\"", State.Backtick => "`", _ => "\"" };
        var found = rest.IndexOf(mark);
        if (_state == State.Verbatim && found >= 0 && rest[found..].StartsWith("\"\""))
        {
            return i + found + 2;
        }

        if (_state == State.Backtick && found > 0 && rest[found - 1] == '\\')
        {
            return i + found + 1;
        }

        if (found < 0)
        {
            return end;
        }

        _state = State.Code;
        return i + found + mark.Length;
    }

    /// <summary>A string ends with its line at the latest, so that a quote in a comment or pattern misleads for one line only.</summary>
    private int StringEnd(int i, int end)
    {
        var quote = text[i];
        for (i++; i < end && text[i] != quote && text[i] != '\n'; i++)
        {
            i += text[i] == '\\' ? 1 : 0;
        }

        return Math.Min(end, i + 1);
    }

    /// <summary>'x' and '\u0041' are characters; the quote of a lifetime or a digit separator is nothing.</summary>
    private int CharacterEnd(int i, int end)
    {
        const int longestEscape = 10;
        var isEscape = i + 1 < end && text[i + 1] == '\\';
        var closing = text.IndexOf('\'', Math.Min(end, i + (isEscape ? 3 : 2)), Math.Min(longestEscape, Math.Max(0, end - i - (isEscape ? 3 : 2))));
        return closing >= 0 && (isEscape || closing - i <= 3) ? closing + 1 : i + 1;
    }
}
