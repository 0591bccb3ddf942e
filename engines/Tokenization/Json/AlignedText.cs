namespace RagPlatform.Tokenization.Json;

/// <summary>
/// A text on its way to tokens: what it has become and, for every UTF-16 unit of that, the span of the original text it
/// came from. What stands for nothing in the original (an added prefix) has an empty span.
/// </summary>
internal readonly struct AlignedText
{
    private readonly char[] _characters;

    // Null as long as the text is as it was but for a prefix and single units in the place of others.
    private readonly int[]? _starts;
    private readonly int[]? _ends;
    private readonly int _offset;

    // Where the unit after the prefix came from.
    private readonly int _from;
    private readonly int _prefix;

    internal AlignedText(char[] characters, int[] starts, int[] ends, int length)
    {
        (_characters, _starts, _ends) = (characters, starts, ends);
        Length = length;
    }

    private AlignedText(char[] characters, int offset, int length, int from, int prefix)
    {
        (_characters, _offset, _from, _prefix) = (characters, offset, from, prefix);
        Length = length;
    }

    private AlignedText(AlignedText other, char[] characters, int offset, int length)
    {
        this = other;
        (_characters, _offset) = (characters, offset);
        Length = length;
    }

    public int Length { get; }

    public ReadOnlySpan<char> Characters => _characters.AsSpan(_offset, Length);

    /// <summary>The text as it is: every character is its own origin.</summary>
    /// <param name="from">Where in the original the text begins.</param>
    public static AlignedText Of(ReadOnlySpan<char> text, int from) => Of(text, from, new char[text.Length]);

    /// <param name="buffer">Keeps the text, so it must stay as it is as long as the result is in use.</param>
    public static AlignedText Of(ReadOnlySpan<char> text, int from, char[] buffer)
    {
        text.CopyTo(buffer);
        if (buffer.Length > text.Length)
        {
            // What was there could make a pair with a half at the text's end.
            buffer[text.Length] = '\0';
        }

        return new AlignedText(buffer, 0, text.Length, from, 0);
    }

    public AlignedText Slice(int start, int length) => new(this, _characters, _offset + start, length);

    public AlignedText Slice(Range range)
    {
        var (start, length) = range.GetOffsetAndLength(Length);
        return Slice(start, length);
    }

    /// <summary>With something before it that stands for nothing.</summary>
    public AlignedText WithPrefix(ReadOnlySpan<char> prefix)
    {
        if (Length > 0 && _starts is null && _offset == 0 && _prefix == 0)
        {
            var characters = new char[prefix.Length + Length];
            prefix.CopyTo(characters);
            Characters.CopyTo(characters.AsSpan(prefix.Length));
            return new AlignedText(characters, 0, characters.Length, _from, prefix.Length);
        }

        var builder = new AlignedBuilder(prefix.Length + Length);
        var at = Length > 0 ? StartOf(0) : 0;
        builder.Append(prefix, at, at);
        builder.Append(this);
        return builder.ToText();
    }

    /// <summary>With one UTF-16 unit, which is no surrogate, in the place of another.</summary>
    public AlignedText Replace(char found, char replacement)
    {
        if (!Characters.Contains(found))
        {
            return this;
        }

        var characters = new char[_offset + Length];
        Characters.Replace(characters.AsSpan(_offset), found, replacement);
        return new AlignedText(this, characters, _offset, Length);
    }

    public int StartOf(int index)
    {
        var at = _offset + index;
        if (_starts is not null)
        {
            return _starts[at];
        }

        // The two halves of a surrogate pair are one character: neither is an origin of its own.
        var isLow = at > _prefix && char.IsLowSurrogate(_characters[at]) && char.IsHighSurrogate(_characters[at - 1]);
        return _from + Math.Max(0, at - _prefix - (isLow ? 1 : 0));
    }

    public int EndOf(int index)
    {
        var at = _offset + index;
        if (_ends is not null)
        {
            return _ends[at];
        }

        var isHigh = char.IsHighSurrogate(_characters[at]) && at + 1 < _characters.Length && char.IsLowSurrogate(_characters[at + 1]);
        return _from + Math.Max(0, at - _prefix + (isHigh ? 2 : 1));
    }

    public override string ToString() => new(Characters);
}

/// <summary>Puts a text together from characters and their origins.</summary>
internal sealed class AlignedBuilder(int capacity)
{
    private char[] _characters = new char[capacity];
    private int[] _starts = new int[capacity];
    private int[] _ends = new int[capacity];

    public int Length { get; private set; }

    /// <summary>Characters that all come from one span of the original.</summary>
    public void Append(ReadOnlySpan<char> characters, int start, int end)
    {
        Reserve(characters.Length);
        characters.CopyTo(_characters.AsSpan(Length));
        _starts.AsSpan(Length, characters.Length).Fill(start);
        _ends.AsSpan(Length, characters.Length).Fill(end);
        Length += characters.Length;
    }

    public void Append(AlignedText text)
    {
        Reserve(text.Length);
        text.Characters.CopyTo(_characters.AsSpan(Length));
        for (var i = 0; i < text.Length; i++, Length++)
        {
            (_starts[Length], _ends[Length]) = (text.StartOf(i), text.EndOf(i));
        }
    }

    /// <summary>The builder is not to be used any more.</summary>
    public AlignedText ToText() => new(_characters, _starts, _ends, Length);

    private void Reserve(int more)
    {
        if (Length + more > _characters.Length)
        {
            var wanted = Math.Max(2 * _characters.Length, Length + more);
            Array.Resize(ref _characters, wanted);
            Array.Resize(ref _starts, wanted);
            Array.Resize(ref _ends, wanted);
        }
    }
}
