namespace RagPlatform.Documents;

/// <summary>
/// Cuts source whose bodies are indented: before a declaration and at blank lines, but never inside a function. Comments and marks
/// such as decorators go with the declaration below them.
/// </summary>
internal sealed class IndentScan(string text, SourceLanguage language)
{
    private static readonly string[] Closings = ["end", "End", "fi", "done", "esac", "rescue", "ensure"];

    private readonly List<(int Indent, string Name, bool IsType)> _scopes = [];
    private readonly List<SourceSegment> _segments = [];
    private int _start;
    private List<string> _path = [];
    private string? _textBlock;

    public IReadOnlyList<SourceSegment> Segments()
    {
        var leadStart = -1;
        var afterBlank = false;
        var isBelowBlank = false;
        foreach (var (start, end) in LineScan.Lines(text))
        {
            var line = text.AsSpan(start, end - start).TrimEnd();
            var code = line.TrimStart();
            var isInside = _textBlock is not null;
            FollowTextBlocks(code);
            if (code.IsEmpty || isInside)
            {
                isBelowBlank = code.IsEmpty && !isInside;
                afterBlank |= isBelowBlank;
                continue;
            }

            if (IsLeading(code))
            {
                leadStart = leadStart < 0 || isBelowBlank ? start : leadStart;
                isBelowBlank = false;
                continue;
            }

            var indent = line.Length - code.Length;
            if (!IsClosing(code))
            {
                var declaration = Declaration(code);
                var ended = _scopes.RemoveAll(scope => scope.Indent >= indent);
                if (_scopes.TrueForAll(scope => scope.IsType) && (afterBlank || declaration is not null || ended > 0))
                {
                    Cut(leadStart >= 0 ? leadStart : start);
                }

                if (declaration is { } opened && _scopes.Count < SourceSegment.MaxPathNames)
                {
                    _scopes.Add((indent, opened.Name, opened.IsType));
                    _path = _scopes.ConvertAll(scope => scope.Name);
                }
            }

            leadStart = -1;
            afterBlank = false;
            isBelowBlank = false;
        }

        Cut(text.Length);
        return _segments;
    }

    private void Cut(int end)
    {
        if (end > _start)
        {
            _segments.Add(new SourceSegment(_start, end, _path));
            _start = end;
        }

        _path = _scopes.ConvertAll(scope => scope.Name);
    }

    private bool IsLeading(ReadOnlySpan<char> code)
    {
        var isLeading = code.StartsWith(language.LineComment);
        foreach (var mark in language.LeadingMarks)
        {
            isLeading |= code.StartsWith(mark);
        }

        return isLeading;
    }

    private static bool IsClosing(ReadOnlySpan<char> code)
    {
        foreach (var word in Closings)
        {
            if (code.StartsWith(word) && (code.Length == word.Length || !char.IsLetterOrDigit(code[word.Length])))
            {
                return true;
            }
        }

        return code[0] is '}' or ')' or ']';
    }

    private (string Name, bool IsType)? Declaration(ReadOnlySpan<char> code)
    {
        if (DeclarationName.After(code, language.TypeWords) is { } type)
        {
            return (type, true);
        }

        if (DeclarationName.After(code, language.FunctionWords) is { } function)
        {
            return (function, false);
        }

        // "name() {" of shells.
        var parentheses = language.Name == "shell" ? code.IndexOf("()") : -1;
        return parentheses > 0 && DeclarationName.IsName(code[..parentheses].TrimEnd()) ? (code[..parentheses].TrimEnd().ToString(), false) : null;
    }

    /// <summary>Follows the marks of strings over several lines, so that what stands in them is no code.</summary>
    private void FollowTextBlocks(ReadOnlySpan<char> code)
    {
        for (var i = 0; language.HasTextBlocks && i < code.Length; i++)
        {
            var rest = code[i..];
            if (_textBlock is not null ? rest.StartsWith(_textBlock) : rest.StartsWith("\"\"\"") || rest.StartsWith("'''"))
            {
                _textBlock = _textBlock is null ? rest[..3].ToString() : null;
                i += 2;
            }
            else if (_textBlock is null && rest.StartsWith(language.LineComment))
            {
                return;
            }
        }
    }
}
