namespace RagPlatform.Tokenization.Json;

/// <summary>
/// A text on its way to tokens: what it has become and, for every UTF-16 unit of that, the span of the original text it
/// came from. What stands for nothing in the original (an added prefix) has an empty span.
/// </summary>
internal readonly struct AlignedText
{
    private readonly char[] _characters;
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly int _offset;

    internal AlignedText(char[] characters, int[] starts, int[] ends, int offset, int length)
    {
        (_characters, _starts, _ends, _offset) = (characters, starts, ends, offset);
        Length = length;
    }

    public int Length { get; }

    public ReadOnlySpan<char> Characters => _characters.AsSpan(_offset, Length);

    /// <summary>The text as it is: every UTF-16 unit is its own origin.</summary>
    /// <param name="from">Where in the original the text begins.</param>
    public static AlignedText Of(ReadOnlySpan<char> text, int from)
    {
        var starts = new int[text.Length];
        var ends = new int[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            // The two halves of a surrogate pair are one character: neither is an origin of its own.
            var isLow = i > 0 && char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]);
            var isHigh = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            starts[i] = from + (isLow ? i - 1 : i);
            ends[i] = from + (isHigh ? i + 2 : i + 1);
        }

        return new AlignedText(text.ToArray(), starts, ends, 0, text.Length);
    }

    public AlignedText Slice(int start, int length) => new(_characters, _starts, _ends, _offset + start, length);

    public AlignedText Slice(Range range)
    {
        var (start, length) = range.GetOffsetAndLength(Length);
        return Slice(start, length);
    }

    public int StartOf(int index) => _starts[_offset + index];

    public int EndOf(int index) => _ends[_offset + index];

    public override string ToString() => new(Characters);
}

/// <summary>Puts a text together from characters and their origins.</summary>
internal sealed class AlignedBuilder(int capacity)
{
    private readonly List<char> _characters = new(capacity);
    private readonly List<int> _starts = new(capacity);
    private readonly List<int> _ends = new(capacity);

    public int Length => _characters.Count;

    /// <summary>Characters that all come from one span of the original.</summary>
    public void Append(ReadOnlySpan<char> characters, int start, int end)
    {
        foreach (var character in characters)
        {
            _characters.Add(character);
            _starts.Add(start);
            _ends.Add(end);
        }
    }

    public void Append(AlignedText text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            _characters.Add(text.Characters[i]);
            _starts.Add(text.StartOf(i));
            _ends.Add(text.EndOf(i));
        }
    }

    public AlignedText ToText() => new([.. _characters], [.. _starts], [.. _ends], 0, _characters.Count);
}
