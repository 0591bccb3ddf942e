namespace RagPlatform.Documents;

/// <summary>Reads the name that a declaration gives.</summary>
internal static class DeclarationName
{
    private const int MaxWords = 8;

    private const int MaxNameCharacters = 120;

    /// <summary>"Name" of "public sealed class Name&lt;T&gt; : Base" for the word "class"; only words may stand before it. Null when none of them is there.</summary>
    public static string? After(ReadOnlySpan<char> code, IReadOnlyList<string> words)
    {
        for (var i = 0; i < MaxWords; i++)
        {
            code = code.TrimStart();
            var length = Length(code);
            if (length == 0)
            {
                return null;
            }

            var word = code[..length];
            code = code[length..];
            if (Contains(words, word))
            {
                var rest = SkipGenerics(code).TrimStart();
                var name = rest[..Length(rest)].TrimEnd(':');
                return name.IsEmpty || name.Length > MaxNameCharacters || Contains(words, name) ? null : name.ToString();
            }
        }

        return null;
    }

    public static bool IsName(ReadOnlySpan<char> text) => !text.IsEmpty && text.Length <= MaxNameCharacters && Length(text) == text.Length;

    /// <summary>Of the name that ends here: letters, digits and what languages join them with.</summary>
    public static ReadOnlySpan<char> Ending(ReadOnlySpan<char> code)
    {
        code = code.TrimEnd();
        var start = code.Length;
        while (start > 0 && IsPart(code[start - 1]))
        {
            start--;
        }

        return code[start..].Trim(':').TrimStart('.');
    }

    private static int Length(ReadOnlySpan<char> code)
    {
        var length = 0;
        while (length < code.Length && IsPart(code[length]))
        {
            length++;
        }

        return length;
    }

    private static ReadOnlySpan<char> SkipGenerics(ReadOnlySpan<char> code)
    {
        if (code.TrimStart() is not ['<', ..] generics)
        {
            return code;
        }

        var depth = 0;
        for (var i = 0; i < generics.Length; i++)
        {
            depth += generics[i] switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth == 0)
            {
                return generics[(i + 1)..];
            }
        }

        return [];
    }

    private static bool IsPart(char character) => char.IsLetterOrDigit(character) || character is '_' or '.' or ':' or '$' or '~' or '?' or '!' or '-' or '@';

    private static bool Contains(IReadOnlyList<string> words, ReadOnlySpan<char> word)
    {
        foreach (var candidate in words)
        {
            if (word.SequenceEqual(candidate))
            {
                return true;
            }
        }

        return false;
    }
}
