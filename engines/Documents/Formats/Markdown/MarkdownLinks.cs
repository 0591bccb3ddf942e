using System.Buffers;

namespace RagPlatform.Documents;

/// <summary>
/// Finds links in Markdown text: [text](target "title"), [text][label] with "[label]: target" elsewhere, and &lt;https://…&gt;. One pass
/// with bounded looks ahead, for a whole inline parse takes quadratic time on hostile input. Code has no links.
/// </summary>
internal sealed class MarkdownLinks(string text)
{
    private const int MaxTargetCharacters = 2048;
    private const int MaxLabelCharacters = 200;
    private const int MaxOpenBrackets = 16;
    private const int MaxParentheses = 32;

    private static readonly SearchValues<char> Interesting = SearchValues.Create("[]<`\\");

    private readonly Dictionary<string, string> _definitions = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<DocumentLink> _links = [];
    private readonly List<(int Start, int End, string Label)> _references = [];

    /// <summary>A paragraph of nothing but "[label]: target".</summary>
    public void AddDefinitions(int start, int end)
    {
        foreach (var range in text.AsSpan(start, end - start).Split('\n'))
        {
            var line = text.AsSpan(start, end - start)[range].Trim();
            var close = line.IndexOf("]:");
            if (close > 1 && _definitions.Count < DocumentExtractor.MaxLinks && Target(line[(close + 2)..].TrimStart(), " \t") is { Length: > 0 } target)
            {
                _definitions.TryAdd(line[1..close].ToString(), target);
            }
        }
    }

    /// <summary>A block that is not code.</summary>
    public void AddBlock(int start, int end)
    {
        Span<int> open = stackalloc int[MaxOpenBrackets];
        var depth = 0;
        for (var i = start; i < end && _links.Count + _references.Count < DocumentExtractor.MaxLinks; i++)
        {
            var next = text.AsSpan(i, end - i).IndexOfAny(Interesting);
            if (next < 0)
            {
                return;
            }

            i += next;
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '`':
                    i = AfterCode(i, end);
                    break;
                case '<':
                    i = AddAutolink(i, end);
                    break;
                case '[':
                    open[depth % MaxOpenBrackets] = i;
                    depth++;
                    break;
                case ']' when depth > 0:
                    depth--;
                    i = AddLink(open[depth % MaxOpenBrackets], i, end);
                    break;
            }
        }
    }

    /// <returns>In the order of the text.</returns>
    public IReadOnlyList<DocumentLink> Build()
    {
        foreach (var (start, end, label) in _references)
        {
            if (_definitions.TryGetValue(label, out var target))
            {
                _links.Add(new DocumentLink(start, end, target));
            }
        }

        return [.. _links.OrderBy(link => link.Start).Take(DocumentExtractor.MaxLinks)];
    }

    /// <returns>The last character of the code; the first backtick where none closes it on the same or the next lines.</returns>
    private int AfterCode(int start, int end)
    {
        var ticks = text.AsSpan(start, end - start).IndexOfAnyExcept('`') is >= 0 and var count ? count : end - start;
        var after = start + ticks;
        var close = text.AsSpan(after, Math.Min(MaxTargetCharacters, end - after)).IndexOf(text.AsSpan(start, ticks));
        return close < 0 ? after - 1 : after + close + ticks - 1;
    }

    private int AddAutolink(int start, int end)
    {
        var rest = text.AsSpan(start + 1, Math.Min(MaxTargetCharacters, end - start - 1));
        var close = rest.IndexOfAny('>', ' ', '\n');
        if (close <= 0 || rest[close] != '>' || (rest[..close].IndexOf("://") < 1 && !rest.StartsWith("mailto:")))
        {
            return start;
        }

        _links.Add(new DocumentLink(start + 1, start + 1 + close, rest[..close].ToString()));
        return start + 1 + close;
    }

    /// <returns>The link's last character; the bracket when it is none.</returns>
    private int AddLink(int open, int close, int end)
    {
        var isPicture = open > 0 && text[open - 1] == '!';
        var after = text.AsSpan(close + 1, Math.Min(MaxTargetCharacters, end - close - 1));
        if (after is ['(', .. var inside] && Target(inside, ")") is { } target)
        {
            if (!isPicture && target.Length > 0)
            {
                _links.Add(new DocumentLink(open + 1, close, target));
            }

            // Not past the closing bracket: titles may follow, and hold no links.
            return close + 1;
        }

        if (!isPicture && after is ['[', .. var label] && label[..Math.Min(label.Length, MaxLabelCharacters)].IndexOf(']') is >= 0 and var labelEnd)
        {
            var name = labelEnd == 0 ? text.AsSpan(open + 1, Math.Min(MaxLabelCharacters, close - open - 1)) : label[..labelEnd];
            _references.Add((open + 1, close, name.ToString()));
            return close + 2 + labelEnd;
        }

        return close;
    }

    /// <summary>Up to white space or an end that is not inside parentheses of its own; null where it does not end, or is longer than targets are.</summary>
    private static string? Target(ReadOnlySpan<char> rest, ReadOnlySpan<char> ends)
    {
        rest = rest.TrimStart();
        if (rest is ['<', .. var angled])
        {
            var close = angled.IndexOfAny('>', '\n');
            return close >= 0 && angled[close] == '>' ? angled[..close].ToString() : null;
        }

        var depth = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            if (depth == 0 && ends.Contains(rest[i]))
            {
                return rest[..i].ToString();
            }

            if (char.IsWhiteSpace(rest[i]))
            {
                // A title may follow.
                return ends.Contains(')') && !rest[i..].Contains(')') ? null : rest[..i].ToString();
            }

            depth += rest[i] == '(' ? 1 : rest[i] == ')' ? -1 : 0;
            if (depth > MaxParentheses)
            {
                return null;
            }
        }

        return ends.Contains(')') ? null : rest.ToString();
    }
}
