using System.Text;

namespace RagPlatform.Documents;

/// <summary>The text of a paragraph, a cell or a heading, with the links on it in its order.</summary>
internal sealed record InlineText(string Text, IReadOnlyList<InlineLink> Links)
{
    public static readonly InlineText Empty = new("", []);

    public bool IsBlank => string.IsNullOrWhiteSpace(Text);

    public static InlineText Plain(string text) => new(text, []);

    /// <summary>Without surrounding white space.</summary>
    public InlineText Trim()
    {
        var start = Text.Length - Text.AsSpan().TrimStart().Length;
        var text = Text.Trim();
        return text.Length == Text.Length ? this : new InlineText(text, [.. Links.Select(link => link.Within(link.Start - start, link.Length, text.Length))]);
    }

    /// <summary>On one line, with single spaces.</summary>
    public InlineText OneLine()
    {
        if (IsOneLine(Text))
        {
            return this;
        }

        var text = new StringBuilder(Text.Length);
        var moved = new int[Text.Length + 1];
        for (var i = 0; i < Text.Length; i++)
        {
            moved[i] = text.Length;
            if (!char.IsWhiteSpace(Text[i]))
            {
                text.Append(Text[i]);
            }
            else if (text.Length > 0 && text[^1] != ' ')
            {
                text.Append(' ');
            }
        }

        moved[Text.Length] = text.Length;
        return new InlineText(text.ToString(), [.. Links.Select(link => new InlineLink(moved[link.Start], moved[link.Start + link.Length] - moved[link.Start], link.Target))]).Trim();
    }

    private static bool IsOneLine(string text)
    {
        var previous = ' ';
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character) && (character != ' ' || previous == ' '))
            {
                return false;
            }

            previous = character;
        }

        return previous != ' ' || text.Length == 0;
    }
}

/// <param name="Start">UTF-16 offset into the text.</param>
/// <param name="Length">In UTF-16 code units.</param>
/// <param name="Target">As the document writes it.</param>
internal readonly record struct InlineLink(int Start, int Length, string Target)
{
    /// <summary>Moved, and cut to a text of that length.</summary>
    public InlineLink Within(int start, int length, int textLength)
    {
        var from = Math.Clamp(start, 0, textLength);
        return new InlineLink(from, Math.Clamp(start + length, from, textLength) - from, Target);
    }
}

internal sealed class InlineTextBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<InlineLink> _links = [];

    public int Length => _text.Length;

    /// <summary>Nothing but white space so far.</summary>
    public bool IsBlank { get; private set; } = true;

    public void Append(string text)
    {
        IsBlank &= string.IsNullOrWhiteSpace(text);
        if ((long)_text.Length + text.Length > DocumentExtractor.MaxTextCharacters)
        {
            throw ExtractionException.TextTooLong();
        }

        _text.Append(text);
    }

    public void Append(InlineText text)
    {
        var offset = _text.Length;
        Append(text.Text);
        _links.AddRange(text.Links.Select(link => link with { Start = link.Start + offset }));
    }

    /// <summary>Appends on a new line, or where a separator has been put, when there is text before.</summary>
    public void AppendAfter(string separator, InlineText text)
    {
        if (!text.IsBlank)
        {
            Append(IsBlank ? "" : separator);
            Append(text.Trim());
        }
    }

    /// <summary>A link on all that was appended since the text had that length.</summary>
    public void AddLink(int start, string target)
    {
        if (_links.Count < DocumentExtractor.MaxLinks && _text.Length > start && target.Length > 0)
        {
            _links.Add(new InlineLink(start, _text.Length - start, target));
        }
    }

    public InlineText Build() => new(_text.ToString(), [.. _links.OrderBy(link => link.Start)]);
}
