using System.Buffers;

namespace RagPlatform.Documents;

/// <summary>
/// Cuts source whose bodies stand in braces: at blank lines and after bodies, but never inside a function. Braces in strings and
/// comments do not count. A line at the margin after a blank one ends what a stray brace left open.
/// </summary>
internal sealed class BraceScan(string text, SourceLanguage language)
{
    private static readonly SearchValues<char> Brackets = SearchValues.Create("{}()[];, \t\r\n");

    private readonly List<Scope> _scopes = [];
    private readonly List<SourceSegment> _segments = [];
    private readonly BraceLexer _lexer = new(text, language);
    private int _functions;
    private int _deeper;
    private int _start;
    private IReadOnlyList<string> _outer = [];
    private string? _name;
    private int _names;

    public IReadOnlyList<SourceSegment> Segments()
    {
        var afterBlank = false;
        foreach (var (start, end) in LineScan.Lines(text))
        {
            var line = text.AsSpan(start, end - start);
            var isBlank = line.IsWhiteSpace() && !_lexer.IsInside;
            if (isBlank && _functions == 0)
            {
                Cut(start);
            }

            if (afterBlank && _functions > 0 && !_lexer.IsInside && (char.IsLetter(line[0]) || line[0] is '@' or '['))
            {
                EndStray(start);
            }

            var ends = Follow(start, end);
            // A body's end ends its part, unless more of it follows on the line.
            if (ends && _functions == 0)
            {
                Cut(end);
            }

            afterBlank = isBlank;
        }

        Cut(text.Length);
        return _segments;
    }

    /// <summary>True when a function's body ended on this line, or a type's began.</summary>
    private bool Follow(int start, int end)
    {
        var ends = false;
        foreach (var (brace, header) in _lexer.Braces(start, end))
        {
            if (text[brace] == '{')
            {
                var declaration = _functions == 0 ? BraceHeader.Read(header, language) : (Name: "", IsType: false);
                ends |= declaration.IsType;
                Open(new Scope(declaration.Name, declaration.IsType, IsAtMargin: !char.IsWhiteSpace(text[start]), IsBody: !BraceHeader.IsImport(header) && !BraceHeader.IsInParentheses(header)));
            }
            else if (_scopes.Count > 0)
            {
                ends |= Close();
            }
        }

        return ends;
    }

    private void Open(Scope scope)
    {
        if (_scopes.Count == SourceSegment.MaxPathNames)
        {
            // Counted and no more.
            _deeper++;
            return;
        }

        if (_functions == 0 && scope.Name.Length > 0)
        {
            _names++;
            _name = scope.Name;
        }

        _functions += scope.IsType ? 0 : 1;
        _scopes.Add(scope);
    }

    private bool Close()
    {
        if (_deeper > 0)
        {
            _deeper--;
            return false;
        }

        var scope = _scopes[^1];
        _scopes.RemoveAt(_scopes.Count - 1);
        _functions -= scope.IsType ? 0 : 1;
        return _functions == 0 && scope.IsBody;
    }

    private void EndStray(int start)
    {
        var stray = _scopes.FindIndex(scope => !scope.IsType);
        if (_scopes[stray].IsAtMargin)
        {
            _scopes.RemoveRange(stray, _scopes.Count - stray);
            _functions = 0;
            _deeper = 0;
            Cut(start);
        }
    }

    private void Cut(int end)
    {
        var lines = text.AsSpan(_start, end - _start);
        if (_segments.Count > 0 && !lines.IsWhiteSpace() && lines.IndexOfAnyExcept(Brackets) < 0)
        {
            // Nothing but closing brackets: the part before it ends here.
            _segments[^1] = _segments[^1] with { End = end };
        }
        else if (!lines.IsWhiteSpace())
        {
            _segments.Add(new SourceSegment(_start, end, _names == 1 ? [.. _outer, _name!] : _outer));
        }

        if (_functions == 0)
        {
            _lexer.EndStatement();
        }

        _start = end;
        _names = 0;
        _outer = [.. _scopes.Where(scope => scope.Name.Length > 0).Select(scope => scope.Name)];
    }

    private readonly record struct Scope(string Name, bool IsType, bool IsAtMargin, bool IsBody);
}
