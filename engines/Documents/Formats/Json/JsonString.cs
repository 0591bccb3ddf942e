using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RagPlatform.Documents;

/// <summary>
/// The characters of a JSON string. Halves of surrogate pairs, which the grammar allows as escapes (RFC 8259, 8.2) and some programs
/// write, become U+FFFD; .NET's reader throws at them. U+0000 is left out: no stored text holds it.
/// </summary>
internal static class JsonString
{
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!.Replace("\0", "", StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static string Unescape(string written)
    {
        var text = new StringBuilder(written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i] != '\\')
            {
                text.Append(written[i]);
                continue;
            }

            i++;
            switch (written[i])
            {
                case 'u':
                    text.Append((char)ushort.Parse(written.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                case var escaped:
                    text.Append(escaped switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => escaped });
                    break;
            }
        }

        // Encoding replaces what is half of a pair.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace("\0", "").ToString()));
    }
}
