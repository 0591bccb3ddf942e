namespace RagPlatform.Tokenization.Json.Normalizers;

/// <summary>Changes a text before it is split (Hugging Face tokenizers, "normalizer").</summary>
internal interface INormalizer
{
    AlignedText Normalize(AlignedText text);
}

internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    /// <summary>Compatibility decomposition makes at most 18 characters of one.</summary>
    private const int MaxGrowth = 32;

    private const int MaxAdded = 1024;

    /// <exception cref="InvalidDataException">The steps, each of which may repeat what the one before made, make too much of a text.</exception>
    public AlignedText Normalize(AlignedText text)
    {
        var current = text;
        foreach (var normalizer in normalizers)
        {
            current = normalizer.Normalize(current);
            if (current.Length > ((long)MaxGrowth * text.Length) + MaxAdded)
            {
                throw new InvalidDataException(
                    $"tokenizer.json.normalizer makes {current.Length} characters of {text.Length}; the limit is {MaxGrowth} for each and {MaxAdded} more.");
            }
        }

        return current;
    }
}

/// <summary>Puts something before a text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public AlignedText Normalize(AlignedText text) => text.Length == 0 ? text : text.WithPrefix(prefix);
}

/// <summary>Takes white space away at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var (start, end) = (0, text.Length);
        while (left && start < end && char.IsWhiteSpace(text.Characters[start]))
        {
            start++;
        }

        while (right && end > start && char.IsWhiteSpace(text.Characters[end - 1]))
        {
            end--;
        }

        return text.Slice(start, end - start);
    }
}

/// <summary>Replaces every occurrence of a text or of what a pattern finds.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string replacement) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        if (pattern.Unit is { } unit && replacement is [var other] && !char.IsSurrogate(other))
        {
            return text.Replace(unit, other);
        }

        var builder = new AlignedBuilder(text.Length);
        foreach (var (range, isMatch) in pattern.Split(text.Characters))
        {
            var part = text.Slice(range);
            if (isMatch)
            {
                var at = part.Length > 0 ? part.StartOf(0) : builder.Length == 0 ? 0 : text.EndOf(Math.Min(range.Start.Value, text.Length) - 1);
                builder.Append(replacement, at, part.Length > 0 ? part.EndOf(part.Length - 1) : at);
            }
            else
            {
                builder.Append(part);
            }
        }

        return builder.ToText();
    }
}
