using System.Text;

namespace RagPlatform.Documents;

/// <summary>The header fields of a message or a part (RFC 5322, 2.2), unfolded; names without regard to case.</summary>
internal sealed class MimeHeaders
{
    /// <summary>Of all fields of one part.</summary>
    public const int MaxBytes = 1024 * 1024;

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _fields.Count;

    /// <summary>Fields end at a blank line, or before a line that is none.</summary>
    /// <param name="content">A message or a part.</param>
    /// <param name="bodyStart">Where its body starts.</param>
    /// <exception cref="ExtractionException">TooLarge.</exception>
    public static MimeHeaders Parse(ReadOnlyMemory<byte> content, out int bodyStart)
    {
        var headers = new MimeHeaders();
        var bytes = content.Span;
        var position = 0;
        var name = "";
        var value = new List<byte>();
        while (position < bytes.Length)
        {
            var newLine = bytes[position..].IndexOf((byte)'\n');
            var next = newLine < 0 ? bytes.Length : position + newLine + 1;
            var line = bytes[position..next].TrimEnd("\r\n"u8);
            if (line.IsEmpty)
            {
                position = next;
                break;
            }

            if (line[0] is (byte)' ' or (byte)'\t' && name.Length > 0)
            {
                value.AddRange(line);
            }
            else if (FieldName(line) is { } field)
            {
                headers.Add(name, value);
                name = field;
                value.Clear();
                value.AddRange(line[(field.Length + 1)..]);
            }
            else if (position > 0 || !line.StartsWith("From "u8))
            {
                // Not the "From " line that mailboxes put before a message.
                break;
            }

            if (next > MaxBytes)
            {
                throw new ExtractionException(
                    ExtractionErrorCode.TooLarge, $"content: the header of the e-mail, or of a part of it, is longer than {MaxBytes} bytes, which is the limit.", "Check that it is an e-mail.");
            }

            position = next;
        }

        headers.Add(name, value);
        bodyStart = position;
        return headers;
    }

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>As written, for structured fields; empty when there is none.</summary>
    public string Raw(string name) => _fields.GetValueOrDefault(name, "");

    /// <summary>For people: encoded words (RFC 2047) decoded, on one line.</summary>
    public string Text(string name) => string.Join(' ', EncodedWords.Decode(Raw(name)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private void Add(string name, List<byte> value)
    {
        if (name.Length > 0)
        {
            // Of fields that may be there once, the first counts.
            _fields.TryAdd(name, MailCharset.Decode([.. value], "", out _).Trim());
        }
    }

    private static string? FieldName(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return null;
        }

        foreach (var character in line[..colon])
        {
            if (character is <= (byte)' ' or >= 127)
            {
                return null;
            }
        }

        return Encoding.ASCII.GetString(line[..colon]);
    }
}
