using System.Globalization;
using System.Text;
using System.Text.Json;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// What filters and facets see, as fields of the payload: s_KEY is the field's text, n_KEY what it reads as as a number,
/// d_KEY as a date. The built-in fields' texts go by their own names.
/// </summary>
internal static class PayloadFields
{
    private const string TextPrefix = "s_";
    private const string NumberPrefix = "n_";
    private const string DatePrefix = "d_";

    /// <summary>What Qdrant keeps of a date-time; a document's date is cut here.</summary>
    private const long TicksPerStep = TimeSpan.TicksPerMicrosecond;

    /// <summary>The last date that a payload can have.</summary>
    public static readonly long LastDateTicks = DateTime.MaxValue.Ticks - (DateTime.MaxValue.Ticks % TicksPerStep);

    public static string Text(string field) => IsBuiltIn(field) ? field : TextPrefix + Escape(field);

    public static string Number(string field) => NumberPrefix + Escape(field);

    public static string Date(string field) => DatePrefix + Escape(field);

    public static bool IsBuiltIn(string field) => field is BuiltInFields.DocumentId or BuiltInFields.Title or BuiltInFields.Uri;

    /// <summary>All but the built-in fields' texts, which every payload has.</summary>
    public static Dictionary<string, JsonElement> Of(IndexedDocument document)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (field, text) in DocumentFields.Of(document))
        {
            if (!IsBuiltIn(field))
            {
                fields.Add(Text(field), JsonSerializer.SerializeToElement(text, QdrantJson.Default.String));
            }

            var reading = FieldReading.Of(text);
            if (!double.IsNaN(reading.Number))
            {
                fields.Add(Number(field), JsonSerializer.SerializeToElement(reading.Number, QdrantJson.Default.Double));
            }

            if (reading.DateTicks != FieldReading.NoDate)
            {
                fields.Add(Date(field), JsonSerializer.SerializeToElement(FormatDown(reading.DateTicks), QdrantJson.Default.String));
            }
        }

        return fields;
    }

    /// <summary>The index that a field needs before it is filtered by; its name tells.</summary>
    public static FieldSchema Schema(string payloadField) => payloadField switch
    {
        PayloadKeys.Tenant => new FieldSchema("keyword", IsTenant: true),
        _ when payloadField.StartsWith(NumberPrefix, StringComparison.Ordinal) => new FieldSchema("float"),
        _ when payloadField.StartsWith(DatePrefix, StringComparison.Ordinal) => new FieldSchema("datetime"),
        _ => new FieldSchema("keyword"),
    };

    /// <summary>RFC 3339, UTC, the next whole microsecond at or before.</summary>
    public static string FormatDown(long utcTicks) =>
        new DateTime(utcTicks - (utcTicks % TicksPerStep), DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>The next whole microsecond at or after; there is one up to <see cref="LastDateTicks"/>.</summary>
    public static string FormatUp(long utcTicks) => FormatDown(utcTicks % TicksPerStep == 0 ? utcTicks : utcTicks + TicksPerStep);

    /// <summary>Qdrant reads names as paths; only letters, digits and _ mean themselves. Any other character becomes - and its UTF-16 code unit.</summary>
    private static string Escape(string field)
    {
        var escaped = new StringBuilder(field.Length);
        foreach (var character in field)
        {
            if (char.IsAsciiLetterOrDigit(character) || character == '_')
            {
                escaped.Append(character);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"-{(int)character:x4}");
            }
        }

        return escaped.ToString();
    }
}
