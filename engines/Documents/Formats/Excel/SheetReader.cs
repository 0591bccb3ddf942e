using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>
/// A sheet's cells that hold something, row by row (ECMA-376 part 1, 18.3). Only those are kept: a cell in the last corner of a
/// sheet costs as much as one in the first.
/// </summary>
internal sealed class SheetReader(IReadOnlyList<string> sharedStrings, ExcelStyles styles, bool is1904)
{
    /// <summary>Merged ranges that are followed; a sheet with more of them is a picture made of cells.</summary>
    private const int MaxMergedRanges = 10_000;

    /// <summary>"| " before a cell and " " after it.</summary>
    private const int SeparatorCharacters = 3;

    private long _characters;

    /// <summary>In the order of the file, each with at least one cell.</summary>
    public List<SheetRow> Rows { get; } = [];

    /// <summary>The address or place behind a cell, by the id of its relationship.</summary>
    public Dictionary<CellReference, string> LinkIds { get; } = [];

    public List<(CellReference From, CellReference To)> Merged { get; } = [];

    /// <summary>Formulas that the program has stored no result of.</summary>
    public int FormulasWithoutResult { get; private set; }

    public void Read(XmlPart part)
    {
        var row = 0;
        SheetRow? current = null;
        var column = 0;
        while (part.Read())
        {
            if (!part.IsStart)
            {
                continue;
            }

            switch (part.Name)
            {
                case "row":
                    row = int.TryParse(part.Attribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is > 0 and <= CellReference.MaxRow
                        ? given
                        : row + 1;
                    column = 0;
                    current = null;
                    break;
                case "c":
                    column = CellReference.Parse(part.Attribute("r")) is { } reference ? reference.Column : column + 1;
                    var text = ReadCell(part);
                    if (!string.IsNullOrWhiteSpace(text) && column <= CellReference.MaxColumn)
                    {
                        current ??= AddRow(row);
                        current.Add(column, text);
                        Count(text);
                    }

                    break;
                case "mergeCell" when Merged.Count < MaxMergedRanges:
                    var ends = (part.Attribute("ref") ?? "").Split(':');
                    if (ends.Length == 2 && CellReference.Parse(ends[0]) is { } from && CellReference.Parse(ends[1]) is { } to)
                    {
                        Merged.Add((from, to));
                    }

                    break;
                case "hyperlink" when LinkIds.Count < DocumentExtractor.MaxLinks:
                    if (CellReference.Parse((part.Attribute("ref") ?? "").Split(':')[0]) is { } cell && part.Attribute("id") is { } id)
                    {
                        LinkIds[cell] = id;
                    }

                    break;
            }
        }
    }

    /// <summary>Reads a c element, and moves to its end.</summary>
    private string ReadCell(XmlPart part)
    {
        var type = part.Attribute("t");
        var style = part.Attribute("s");
        if (part.IsEmpty)
        {
            return "";
        }

        string? value = null;
        var hasFormula = false;
        while (part.Read() && !(part.IsEnd && part.Name == "c"))
        {
            if (!part.IsStart)
            {
                continue;
            }

            switch (part.Name)
            {
                case "v":
                    value = part.ReadText();
                    break;
                case "is":
                    value = SharedStrings.Text(part);
                    break;
                case "f":
                    hasFormula = true;
                    break;
            }
        }

        if (value is null)
        {
            FormulasWithoutResult += hasFormula ? 1 : 0;
            return "";
        }

        return type switch
        {
            "s" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < sharedStrings.Count ? sharedStrings[index] : "",
            "b" => value == "1" ? "TRUE" : "FALSE",
            null or "n" => CellNumber.Show(value, styles.Format(style), is1904),
            _ => value,
        };
    }

    private SheetRow AddRow(int number)
    {
        if (Rows.Count == DocumentExtractor.MaxBlocks)
        {
            throw ExtractionException.TooManyBlocks();
        }

        var row = new SheetRow(number);
        Rows.Add(row);
        return row;
    }

    private void Count(string text)
    {
        _characters += text.Length + SeparatorCharacters;
        if (_characters > DocumentExtractor.MaxTextCharacters)
        {
            throw ExtractionException.TextTooLong();
        }
    }
}

/// <param name="Number">As Excel numbers it, from 1.</param>
internal sealed record SheetRow(int Number)
{
    /// <summary>Cells with text, in the order of the file, which is that of the columns.</summary>
    public List<(int Column, string Text)> Cells { get; } = new(capacity: 4);

    public void Add(int column, string text) => Cells.Add((column, text));
}
