using System.Globalization;

namespace RagPlatform.Client;

/// <summary>
/// Reads a filter's text. "not" binds closer than "and", "and" closer than "or".
/// <code>
/// filter    = and ("or" and)*
/// and       = one ("and" one)*
/// one       = "not" one | "(" filter ")" | condition
/// condition = field ("=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=") value | field "in" "(" value ("," value)* ")" | field "exists"
/// </code>
/// </summary>
internal sealed class FilterParser
{
    public const int MaxCharacters = 16_384;

    /// <summary>Of brackets and "not" within each other; the platform takes fewer.</summary>
    private const int MaxDepth = 64;

    private const string Operators = "=, !=, <, <=, >, >=, in or exists";

    private readonly List<FilterToken> tokens;
    private int next;
    private int depth;

    private FilterParser(List<FilterToken> tokens) => this.tokens = tokens;

    private FilterToken Token => tokens[next];

    public static Filter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxCharacters)
        {
            throw new FilterSyntaxException(MaxCharacters + 1, string.Create(CultureInfo.InvariantCulture, $"the filter has {text.Length} characters; the limit is {MaxCharacters}."));
        }

        var parser = new FilterParser(FilterLexer.Read(text));
        var filter = parser.ReadAny();
        return parser.Token.Kind is FilterTokenKind.End ? filter : throw parser.Unexpected("the end, and, or or");
    }

    private Filter ReadAny() => ReadJoined("or", ReadAll, filters => new Filter.Any(filters));

    private Filter ReadAll() => ReadJoined("and", ReadOne, filters => new Filter.All(filters));

    private Filter ReadJoined(string keyword, Func<Filter> read, Func<IReadOnlyList<Filter>, Filter> join)
    {
        List<Filter> filters = [read()];
        while (TakeKeyword(keyword))
        {
            filters.Add(read());
        }

        return filters.Count == 1 ? filters[0] : join(filters);
    }

    private Filter ReadOne()
    {
        if (++depth > MaxDepth)
        {
            throw new FilterSyntaxException(Token.Position, $"the filter is nested more than {MaxDepth} deep.");
        }

        Filter filter;
        if (TakeKeyword("not"))
        {
            filter = new Filter.Not(ReadOne());
        }
        else if (TakeSymbol("("))
        {
            filter = ReadAny();
            Require(")");
        }
        else
        {
            filter = ReadCondition();
        }

        depth--;
        return filter;
    }

    private Filter ReadCondition()
    {
        var field = Token;
        if (field.Kind is not (FilterTokenKind.Word or FilterTokenKind.Quoted) || field.Text.Length == 0 || IsUnquotedKeyword(field))
        {
            throw Unexpected("a field, for example year, not or (");
        }

        next++;
        if (TakeKeyword("exists"))
        {
            return new Filter.Exists(field.Text);
        }

        if (TakeKeyword("in"))
        {
            return new Filter.In(field.Text, ReadValues());
        }

        var comparison = Token;
        if (comparison is not { Kind: FilterTokenKind.Symbol, Text: "=" or "!=" or "<" or "<=" or ">" or ">=" })
        {
            throw Unexpected($"{Operators} after '{Shorten(field.Text)}'");
        }

        next++;
        var position = Token.Position;
        var value = ReadValue();
        return comparison.Text switch
        {
            "=" => new Filter.EqualTo(field.Text, value),
            "!=" => new Filter.Not(new Filter.EqualTo(field.Text, value)),
            _ when value is FilterValue.Text text => throw new FilterSyntaxException(
                position, $"{comparison.Text} compares numbers and dates, and '{Shorten(text.Value)}' is a text; write 2020, -1.5, 2020-01-31 or 2020-01-31T12:00:00Z."),
            ">=" => new Filter.Range(field.Text, AtLeast: value),
            ">" => new Filter.Range(field.Text, MoreThan: value),
            "<=" => new Filter.Range(field.Text, AtMost: value),
            _ => new Filter.Range(field.Text, LessThan: value),
        };
    }

    private List<FilterValue> ReadValues()
    {
        Require("(");
        List<FilterValue> values = [ReadValue()];
        while (TakeSymbol(","))
        {
            values.Add(ReadValue());
        }

        Require(")");
        return values;
    }

    /// <summary>What stands in quotes is a text; a word is a number or a date where it reads as one, else a text.</summary>
    private FilterValue ReadValue()
    {
        var token = Token;
        if (token.Kind is not (FilterTokenKind.Word or FilterTokenKind.Quoted) || IsUnquotedKeyword(token))
        {
            throw Unexpected("a value: a number, a date or a text");
        }

        next++;
        return token.Kind is FilterTokenKind.Quoted ? token.Text
            : double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
            : FilterDate.TryRead(token.Text, out var date) ? date
            : token.Text;
    }

    private bool TakeKeyword(string keyword) => Take(FilterLexer.IsKeyword(Token, keyword));

    private bool TakeSymbol(string symbol) => Take(IsSymbol(symbol));

    private bool Take(bool isThere)
    {
        next += isThere ? 1 : 0;
        return isThere;
    }

    private void Require(string symbol)
    {
        if (!TakeSymbol(symbol))
        {
            throw Unexpected(symbol is ")" ? ") or something to go on with" : symbol);
        }
    }

    private bool IsSymbol(string symbol) => Token is { Kind: FilterTokenKind.Symbol } && Token.Text == symbol;

    private static bool IsUnquotedKeyword(FilterToken token) =>
        token.Kind is FilterTokenKind.Word && FilterLexer.Keywords.Contains(token.Text, StringComparer.OrdinalIgnoreCase);

    private FilterSyntaxException Unexpected(string wanted) => new(
        Token.Position,
        Token.Kind is FilterTokenKind.End ? $"the filter ends where it needs {wanted}." : $"'{Shorten(Token.Text)}' stands where it needs {wanted}.");

    private static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");
}
