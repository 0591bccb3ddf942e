using System.Text;
using RagPlatform.Transformers.Constraints;

namespace RagPlatform.Transformers.Tests.Constraints;

/// <summary>Every byte, then pieces that cut through JSON in awkward places, then a token without text.</summary>
internal static class Vocabularies
{
    private static readonly string[] Pieces =
    [
        "{\"", "\":", "\": ", "\",", "\", \"", "}", "\"}", "[]", "{}", "],", " [", "true", "false", "null", "tr", "ue", "123", "0.", "-1", "e+",
        "\\n", "\\u", "00", "name", "value", " the", "the", "  ", "é", "日本", "🚀", "\"name\"", "a\"b", "]}", "}}", ",{", "\n",
    ];

    public static TokenTexts Mixed { get; } = new(
        [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), .. Pieces.Select(Encoding.UTF8.GetBytes), [0xE6, 0x97], null]);

    public static JsonConstraints Json { get; } = new(Mixed);
}
