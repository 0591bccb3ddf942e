namespace RagPlatform.Documents;

/// <summary>Reads what stands before an opening brace: the declaration of a type, of a function, or neither.</summary>
internal static class BraceHeader
{
    /// <summary>A longer one is no header.</summary>
    public const int MaxCharacters = 1000;

    /// <summary>They stand where a function's name would, and are none.</summary>
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "if", "else", "elseif", "for", "foreach", "while", "do", "switch", "match", "when", "catch", "try", "finally", "using", "lock", "fixed", "with", "return", "new", "await", "async",
        "function", "func", "fn", "fun", "def", "sub", "export", "default", "public", "private", "protected", "internal", "static", "const", "let", "var", "val", "unless", "until", "loop",
        "unsafe", "where", "get", "set", "init", "typeof", "sizeof", "throw", "in", "is", "as", "describe", "delegate",
    };

    /// <summary>"[Table(Keys = new[] {": values, whose end ends no part.</summary>
    public static bool IsInParentheses(ReadOnlySpan<char> header)
    {
        var depth = 0;
        foreach (var character in header)
        {
            depth += character switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
        }

        return depth > 0;
    }

    /// <summary>"use std::{fmt, fs}": a list of names.</summary>
    public static bool IsImport(ReadOnlySpan<char> header)
    {
        header = header.TrimStart();
        header = header.StartsWith("pub ") ? header[4..] : header.StartsWith("export ") ? header[7..] : header;
        return header.IsWhiteSpace() || header.StartsWith("use ") || header.StartsWith("import ");
    }

    public static (string Name, bool IsType) Read(ReadOnlySpan<char> header, SourceLanguage language)
    {
        if (IsImport(header) || IsInParentheses(header))
        {
            return ("", false);
        }

        if (DeclarationName.After(WithoutMarks(header), language.TypeWords) is { } type && IsTypeHeader(header, type))
        {
            return (type, true);
        }

        if (IsBareType(header, language))
        {
            return ("", true);
        }

        return (language.LineComment.Length > 0 ? FunctionName(WithoutMarks(header), language) : "", false);
    }

    /// <summary>"struct point *find(int x)" is a function: a type's name is followed by nothing more than its bases, bounds or parameters.</summary>
    private static bool IsTypeHeader(ReadOnlySpan<char> header, string type)
    {
        var after = header[(header.IndexOf(type) + type.Length)..].TrimStart();
        var parenthesis = after.IndexOf('(');
        return parenthesis <= 0 || after[0] is ':' or '<' || !DeclarationName.IsName(DeclarationName.Ending(after[..parenthesis])) || after.IndexOfAny(',', ':') >= 0 || StartsWithBase(after);
    }

    private static bool StartsWithBase(ReadOnlySpan<char> after) =>
        after.StartsWith("extends") || after.StartsWith("implements") || after.StartsWith("where") || after.StartsWith("for") || after.StartsWith("with");

    /// <summary>"namespace {", "typedef struct {".</summary>
    private static bool IsBareType(ReadOnlySpan<char> header, SourceLanguage language)
    {
        var last = DeclarationName.Ending(header);
        foreach (var word in language.TypeWords)
        {
            if (last.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    private static string FunctionName(ReadOnlySpan<char> header, SourceLanguage language)
    {
        if (DeclarationName.After(header, language.FunctionWords) is { } named)
        {
            return named;
        }

        var depth = 0;
        for (var i = 0; i < header.Length; i++)
        {
            if (header[i] == '(' && depth == 0 && NameBefore(header[..i]) is { Length: > 0 } name)
            {
                return name;
            }

            depth += header[i] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
        }

        var assignment = header.IndexOfAny('=', ':');
        return assignment > 0 ? NameBefore(header[..assignment].TrimEnd('<')) : header.Contains(' ') ? NameBefore(header) : "";
    }

    private static string NameBefore(ReadOnlySpan<char> code)
    {
        code = code.TrimEnd();
        if (code is [.., '>'] && code.LastIndexOf('<') is > 0 and var generics)
        {
            code = code[..generics];
        }

        var name = DeclarationName.Ending(code);
        var first = code.TrimStart();
        first = first[..Math.Max(0, first.IndexOfAnyExceptInRange('a', 'z'))];
        return DeclarationName.IsName(name) && !char.IsDigit(name[0]) && name[0] != '@' && !Keywords.Contains(name.ToString()) && !IsControl(first) ? name.ToString() : "";
    }

    private static bool IsControl(ReadOnlySpan<char> word) => word is "if" or "for" or "foreach" or "while" or "switch" or "match" or "return" or "else" or "catch" or "using";

    /// <summary>Without attributes and annotations, "[Fact(1)]", "#[derive(Debug)]" and "@Test(x)", at the beginning.</summary>
    private static ReadOnlySpan<char> WithoutMarks(ReadOnlySpan<char> header)
    {
        header = header.TrimStart();
        while (header is ['[', ..] or ['#', '[', ..] or ['@', ..])
        {
            var isAnnotation = header[0] == '@';
            var depth = 0;
            var end = 0;
            for (; end < header.Length; end++)
            {
                depth += header[end] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
                if (depth <= 0 && (header[end] is ')' or ']' || (isAnnotation && char.IsWhiteSpace(header[end]))))
                {
                    end++;
                    break;
                }
            }

            header = header[end..].TrimStart();
        }

        return header;
    }
}
