namespace RagPlatform.CommandLine.Terminal;

/// <summary>Text from documents and services as a terminal may show it.</summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Line ends and tabs stay; any other control character (ECMA-48), which could recolour, retitle or overwrite the screen, is shown as U+FFFD.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAnyInRange('\0', '\u001F') || text.AsSpan().ContainsAnyInRange('\u007F', '\u009F')
        ? string.Create(text.Length, text, static (shown, source) =>
        {
            for (var index = 0; index < source.Length; index++)
            {
                var character = source[index];
                shown[index] = char.IsControl(character) && character is not ('\n' or '\t') && !IsLineEnd(source, index) ? Replacement : character;
            }
        })
        : text;

    private static bool IsLineEnd(string text, int index) => text[index] == '\r' && index + 1 < text.Length && text[index + 1] == '\n';
}
