using System.Globalization;
using System.Text;
using System.Xml;

namespace RagPlatform.Documents;

/// <summary>Texts that cells refer to by number (ECMA-376 part 1, 18.4).</summary>
internal static class SharedStrings
{
    /// <summary>Different texts of a workbook.</summary>
    private const int MaxStrings = 4_000_000;

    public static IReadOnlyList<string> Read(OfficePackage package, string? path)
    {
        var strings = new List<string>();
        using var part = path is null ? null : package.TryOpen(path);
        while (part is not null && part.Read())
        {
            if (part.IsStart && part.Name == "si")
            {
                if (strings.Count == MaxStrings)
                {
                    throw new ExtractionException(
                        ExtractionErrorCode.TooLarge,
                        string.Create(CultureInfo.InvariantCulture, $"content: {part.Path} in the XLSX holds more than {MaxStrings} texts, which is the limit."),
                        "Split the workbook into smaller ones.");
                }

                strings.Add(Text(part));
            }
        }

        return strings;
    }

    /// <summary>
    /// The text of an item, of a cell's own or of a comment, with all its runs and without the readings of its characters; moves
    /// to its end.
    /// </summary>
    public static string Text(XmlPart part)
    {
        if (part.IsEmpty)
        {
            return "";
        }

        var item = part.Name;
        string? first = null;
        StringBuilder? more = null;
        while (part.Read() && !(part.IsEnd && part.Name == item))
        {
            if (part.IsStart && part.Name == "rPh")
            {
                part.Skip();
            }
            else if (part.IsStart && part.Name == "t")
            {
                var text = part.ReadText();
                if (first is null)
                {
                    first = text;
                }
                else
                {
                    (more ??= new StringBuilder(first)).Append(text);
                }
            }
        }

        var whole = more?.ToString() ?? first ?? "";

        // Characters that XML has not are written as _x000D_ (ST_Xstring, 22.9.2.19), which .NET reads as it reads names.
        return whole.Contains("_x", StringComparison.Ordinal) ? XmlConvert.DecodeName(whole) : whole;
    }
}
