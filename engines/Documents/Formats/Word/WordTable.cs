using System.Globalization;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// The rows of a table as they come. A cell that is merged downwards is told again in every row when it is short, because a row
/// is read alone; one that is merged sideways leaves the others of its columns empty.
/// </summary>
/// <param name="addBlocks">Adds the content of a cell that is no table's cell: a title over all columns, or a frame around text.</param>
internal sealed class WordTable(DocumentTextBuilder builder, WordInlineReader reader, Action<IEnumerable<XElement>> addBlocks)
{
    /// <summary>That cells can be merged over: as many as Word allows (63), and one.</summary>
    private const int MaxColumns = 64;

    /// <summary>A longer cell is not told again.</summary>
    private const int MaxRepeatedCharacters = 100;

    /// <summary>By column, what a cell that goes on from above repeats; null where nothing goes on.</summary>
    private readonly InlineText?[] _merged = new InlineText?[MaxColumns];
    private bool _hasHeader;

    /// <param name="row">A w:tr.</param>
    public void AddRow(XElement row)
    {
        if (IsDeleted(row.Child("trPr")))
        {
            return;
        }

        if (!_hasHeader && Cells(row).Take(2).Count() == 1)
        {
            addBlocks(Cells(row).First().Elements());
        }
        else
        {
            Tell(row);
        }
    }

    private void Tell(XElement row)
    {
        // A row that runs over pages has the break in each of its cells.
        var pageBreaks = reader.PageBreaks;
        var pageBreaksAfter = pageBreaks;
        var cells = new List<InlineText>();
        Skip(cells, row.Child("trPr").Child("gridBefore").Value("val"), 0);
        foreach (var cell in Cells(row))
        {
            var column = Math.Min(cells.Count, MaxColumns - 1);
            var properties = cell.Child("tcPr");
            var merge = properties.Child("vMerge");
            if (merge is not null && merge.Value("val") != "restart" && _merged[column] is { } above)
            {
                cells.Add(above);
            }
            else
            {
                reader.PageBreaks = pageBreaks;
                var text = properties.Child("cellDel") is null ? WordFlatText.Of(cell.Elements(), reader, " ").OneLine() : InlineText.Empty;
                pageBreaksAfter = Math.Max(pageBreaksAfter, reader.PageBreaks);
                _merged[column] = merge is null ? null : text.Text.Length <= MaxRepeatedCharacters ? text : InlineText.Empty;
                cells.Add(text);
            }

            Skip(cells, properties.Child("gridSpan").Value("val"), 1);
        }

        reader.PageBreaks = pageBreaksAfter;
        builder.AddTableRow(cells, isHeader: !_hasHeader);
        _hasHeader |= cells.Exists(cell => !cell.IsBlank);
    }

    private static void Skip(List<InlineText> cells, string? columns, int taken)
    {
        if (int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            for (var i = taken; i < count && cells.Count < MaxColumns; i++)
            {
                cells.Add(InlineText.Empty);
            }
        }
    }

    private static bool IsDeleted(XElement? rowProperties) => rowProperties.Child("del") is not null;

    /// <summary>Cells may be wrapped, each or several, in content controls.</summary>
    private static IEnumerable<XElement> Cells(XElement row) => row.Elements().SelectMany(child => child.Name.LocalName switch
    {
        "tc" => [child],
        "sdt" => Cells(child.Child("sdtContent") ?? child),
        "customXml" or "ins" => Cells(child),
        _ => Enumerable.Empty<XElement>(),
    });
}
