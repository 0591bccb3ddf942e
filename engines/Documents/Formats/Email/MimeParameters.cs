using System.Globalization;
using System.Text;

namespace RagPlatform.Documents;

/// <summary>"text/plain; charset=utf-8" and "attachment; filename*0*=utf-8''a%20; filename*1=b.pdf" (RFC 2045, 5.1; RFC 2183; RFC 2231).</summary>
internal sealed class MimeParameters
{
    private const int MaxParameters = 200;

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private MimeParameters(string value) => Value = value;

    /// <summary>Lower case, such as "text/plain"; empty where the field is missing.</summary>
    public string Value { get; }

    /// <summary>Empty when there is none.</summary>
    public string this[string name] => _values.GetValueOrDefault(name, "");

    public static MimeParameters Parse(string field)
    {
        var pieces = Pieces(field);
        var parsed = new MimeParameters(pieces[0].Trim().ToLowerInvariant());
        var continued = new SortedDictionary<string, SortedList<int, (string Value, bool IsEncoded)>>(StringComparer.OrdinalIgnoreCase);
        foreach (var piece in pieces.Skip(1))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                continue;
            }

            var name = piece[..equals].Trim();
            var value = Unquote(piece[(equals + 1)..].Trim());
            var star = name.IndexOf('*', StringComparison.Ordinal);
            if (star < 0)
            {
                parsed._values.TryAdd(name, EncodedWords.Decode(value));
                continue;
            }

            // name* is encoded; name*2 continues; name*2* does both.
            var isEncoded = name.EndsWith('*');
            var number = name[(star + 1)..].TrimEnd('*');
            var segments = continued.TryGetValue(name[..star], out var known) ? known : continued[name[..star]] = [];
            segments[int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0] = (value, isEncoded);
        }

        foreach (var (name, segments) in continued)
        {
            parsed._values[name] = Join(segments.Values);
        }

        return parsed;
    }

    /// <summary>Between semicolons, those in quotes and in comments not counted; comments left out.</summary>
    private static List<string> Pieces(string field)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        var isQuoted = false;
        var comments = 0;
        for (var i = 0; i < field.Length && pieces.Count < MaxParameters; i++)
        {
            var character = field[i];
            if (character == '\\' && i + 1 < field.Length && (isQuoted || comments > 0))
            {
                piece.Append(comments > 0 ? "" : field.AsSpan(i, 2));
                i++;
                continue;
            }

            isQuoted ^= character == '"' && comments == 0;
            comments += isQuoted ? 0 : character switch { '(' => 1, ')' when comments > 0 => -1, _ => 0 };
            if (character == ';' && !isQuoted && comments == 0)
            {
                pieces.Add(piece.ToString());
                piece.Clear();
            }
            else if (comments == 0 && (character != ')' || isQuoted))
            {
                piece.Append(character);
            }
        }

        pieces.Add(piece.ToString());
        return pieces;
    }

    private static string Unquote(string value)
    {
        if (value is not ['"', .., '"'] || value.Length < 2)
        {
            return value;
        }

        var text = new StringBuilder();
        for (var i = 1; i < value.Length - 1; i++)
        {
            i += value[i] == '\\' && i + 1 < value.Length - 1 ? 1 : 0;
            text.Append(value[i]);
        }

        return text.ToString();
    }

    private static string Join(IEnumerable<(string Value, bool IsEncoded)> segments)
    {
        var bytes = new List<byte>();
        var charset = "";
        var isFirst = true;
        foreach (var (segment, isEncoded) in segments)
        {
            var value = segment;
            if (isFirst && isEncoded && value.Split('\'', 3) is [var named, _, var rest])
            {
                charset = named;
                value = rest;
            }

            bytes.AddRange(isEncoded ? TransferEncoding.QuotedPrintable(Encoding.UTF8.GetBytes(value.Replace('%', '='))) : Encoding.UTF8.GetBytes(value));
            isFirst = false;
        }

        return MailCharset.Decode(bytes.ToArray(), charset, out _);
    }
}
