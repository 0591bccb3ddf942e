using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>The number formats of cells, by the index that cells name (ECMA-376 part 1, 18.8).</summary>
internal sealed class ExcelStyles
{
    /// <summary>Excel's own limit is 65,490; further ones count as General.</summary>
    private const int MaxStyles = 65_536;

    /// <summary>Those that files name by number only (18.8.30); dates of eastern Asia, 27 to 36 and 50 to 58, count as dates.</summary>
    private static readonly Dictionary<int, string> BuiltIn = new()
    {
        [1] = "0", [2] = "0.00", [3] = "#,##0", [4] = "#,##0.00", [5] = "$#,##0;-$#,##0", [6] = "$#,##0;-$#,##0", [7] = "$#,##0.00;-$#,##0.00", [8] = "$#,##0.00;-$#,##0.00",
        [9] = "0%", [10] = "0.00%", [11] = "0.00E+00", [14] = "yyyy-mm-dd", [15] = "d-mmm-yy", [16] = "d-mmm", [17] = "mmm-yy",
        [18] = "h:mm", [19] = "h:mm:ss", [20] = "h:mm", [21] = "h:mm:ss", [22] = "yyyy-mm-dd h:mm",
        [37] = "#,##0;(#,##0)", [38] = "#,##0;(#,##0)", [39] = "#,##0.00;(#,##0.00)", [40] = "#,##0.00;(#,##0.00)",
        [41] = "#,##0;-#,##0", [42] = "$#,##0;-$#,##0", [43] = "#,##0.00;-#,##0.00", [44] = "$#,##0.00;-$#,##0.00",
        [45] = "mm:ss", [46] = "[h]:mm:ss", [47] = "mm:ss", [48] = "##0.0E+0",
    };

    private readonly Dictionary<int, string> _custom = [];
    private readonly List<int> _cells = [];

    public static ExcelStyles Read(OfficePackage package, string? path)
    {
        var styles = new ExcelStyles();
        using var part = path is null ? null : package.TryOpen(path);
        var inCells = false;
        while (part is not null && part.Read())
        {
            switch (part.Name)
            {
                case "cellXfs":
                    inCells = part.IsStart && !part.IsEmpty;
                    break;
                case "xf" when inCells && part.IsStart && styles._cells.Count < MaxStyles:
                    styles._cells.Add(Number(part.Attribute("numFmtId")));
                    break;
                case "numFmt" when part.IsStart && styles._custom.Count < MaxStyles && part.Attribute("formatCode") is { } code:
                    styles._custom[Number(part.Attribute("numFmtId"))] = code;
                    break;
            }
        }

        return styles;
    }

    /// <param name="style">Of a cell; null for the first.</param>
    public string Format(string? style)
    {
        var index = Number(style);
        if (index >= _cells.Count)
        {
            return CellNumber.GeneralFormat;
        }

        var format = _cells[index];
        return _custom.GetValueOrDefault(format)
            ?? BuiltIn.GetValueOrDefault(format)
            ?? (format is (>= 27 and <= 36) or (>= 50 and <= 58) ? BuiltIn[14] : CellNumber.GeneralFormat);
    }

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
