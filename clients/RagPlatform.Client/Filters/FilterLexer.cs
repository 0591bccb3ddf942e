using System.Text;

namespace RagPlatform.Client;

internal enum FilterTokenKind
{
    /// <summary>Letters, digits and . _ - + : / @ without quotes: a keyword, a field, a number, a date or a text.</summary>
    Word,
    Quoted,
    /// <summary>= != &lt; &lt;= &gt; &gt;= ( ) ,</summary>
    Symbol,
    End,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">The word, the quoted text without its quotes, the symbol, or nothing.</param>
/// <param name="Position">Of its first character, from 1.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Position);

/// <summary>Cuts a filter's text into tokens.</summary>
internal static class FilterLexer
{
    public static readonly string[] Keywords = ["and", "or", "not", "in", "exists"];

    public static bool IsKeyword(FilterToken token, string keyword) =>
        token.Kind is FilterTokenKind.Word && token.Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a field can stand without quotes.</summary>
    public static bool IsPlainField(string field) =>
        field.Length > 0 && field.All(IsWordCharacter) && !Keywords.Contains(field, StringComparer.OrdinalIgnoreCase);

    public static List<FilterToken> Read(string text)
    {
        var tokens = new List<FilterToken>();
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else
            {
                tokens.Add(text[at] is '"' or '\'' ? ReadQuoted(text, ref at) : IsWordCharacter(text[at]) ? ReadWord(text, ref at) : ReadSymbol(text, ref at));
            }
        }

        tokens.Add(new FilterToken(FilterTokenKind.End, "", text.Length + 1));
        return tokens;
    }

    private static FilterToken ReadWord(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && IsWordCharacter(text[at]))
        {
            at++;
        }

        return new FilterToken(FilterTokenKind.Word, text[start..at], start + 1);
    }

    private static FilterToken ReadQuoted(string text, ref int at)
    {
        var start = at;
        var quote = text[at++];
        var content = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            content.Append(text[at++]);
        }

        return at++ < text.Length
            ? new FilterToken(FilterTokenKind.Quoted, content.ToString(), start + 1)
            : throw new FilterSyntaxException(start + 1, $"the quoted text has no end; close it with {quote}.");
    }

    private static FilterToken ReadSymbol(string text, ref int at)
    {
        var start = at;
        at += text.AsSpan(at) is ['!' or '<' or '>', '=', ..] ? 2 : 1;
        var symbol = text[start..at];
        return symbol is "=" or "!=" or "<" or "<=" or ">" or ">=" or "(" or ")" or ","
            ? new FilterToken(FilterTokenKind.Symbol, symbol, start + 1)
            : throw new FilterSyntaxException(start + 1, $"'{symbol}' has no meaning here; put a text that holds it in quotes.");
    }

    private static bool IsWordCharacter(char character) => char.IsLetterOrDigit(character) || character is '.' or '_' or '-' or '+' or ':' or '/' or '@';
}
