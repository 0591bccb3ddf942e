using System.Globalization;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// Reads an Excel workbook (SpreadsheetML, ECMA-376 part 1, 18): its visible sheets in their order, each under a heading with
/// its name, with the values that cells showed when it was saved.
/// </summary>
internal sealed class ExcelExtractor
{
    /// <summary>A longer merged cell is not told again in the rows below its first.</summary>
    private const int MaxRepeatedCharacters = 100;

    /// <summary>Cells that are looked at for merged ones, over a sheet.</summary>
    private const int MaxMergeWork = 1_000_000;

    private readonly DocumentTextBuilder _builder = new();
    private readonly ExtractionContext _context;
    private readonly OfficePackage _package;
    private readonly IReadOnlyDictionary<string, Relationship> _relations;

    private ExcelExtractor(OfficePackage package, ExtractionContext context)
    {
        _context = context;
        _package = package;
        _relations = package.Relationships(package.MainPath);
    }

    public static ExtractedDocument Extract(DocumentSource source, ExtractionContext context) =>
        new ExcelExtractor(OfficePackage.Open(source, ExcelFormat.Name, context), context).Extract();

    private ExtractedDocument Extract()
    {
        if (_package.MainPath.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
        {
            throw new ExtractionException(ExtractionErrorCode.UnsupportedContentType, "content is a binary Excel workbook (.xlsb), which is not read.", "Open it in Excel and save it as XLSX.");
        }

        var workbook = _package.TryRead(_package.MainPath) ?? throw ExtractionException.Damaged(ExcelFormat.Name, $"{_package.MainPath} is missing");
        if (!workbook.Is("workbook"))
        {
            throw ExtractionException.Damaged(ExcelFormat.Name, $"{_package.MainPath} holds <{workbook.Name.LocalName}>, which is no Excel workbook");
        }

        var sharedStrings = SharedStrings.Read(_package, Target("sharedStrings"));
        var styles = ExcelStyles.Read(_package, Target("styles"));
        var is1904 = workbook.Child("workbookPr").Value("date1904") is "1" or "true";
        foreach (var sheet in workbook.Child("sheets").Children("sheet"))
        {
            var name = sheet.Value("name") ?? "";
            if (sheet.Value("state") is "hidden" or "veryHidden")
            {
                _builder.AddWarning($"Sheet \"{name}\" is hidden and was left out.");
            }
            else if (sheet.RelationshipId() is { } id && _relations.TryGetValue(id, out var relation) && relation.Type is "worksheet" or "chartsheet")
            {
                AddSheet(name, relation.Target, new SheetReader(sharedStrings, styles, is1904));
            }
        }

        var (title, properties) = OfficeProperties.Read(_package);
        return _builder.Build(title, properties);
    }

    private void AddSheet(string name, string path, SheetReader reader)
    {
        using (var part = _package.Open(path))
        {
            reader.Read(part);
        }

        var relations = _package.Relationships(path);
        if (reader.FormulasWithoutResult > 0)
        {
            _builder.AddWarning(string.Create(
                CultureInfo.InvariantCulture,
                $"Formulas of sheet \"{name}\" without a stored result: {reader.FormulasWithoutResult}. Open and save the workbook in Excel to have them."));
        }

        RepeatMerged(reader);
        var links = reader.LinkIds
            .Where(link => relations.ContainsKey(link.Value))
            .ToDictionary(link => link.Key, link => relations[link.Value].Target);
        _builder.Location = new SourceLocation(LocationKind.Part, 0, name);
        if (reader.Rows.Count > 0 || relations.Values.Any(relation => relation.Type is "comments" or "drawing"))
        {
            _builder.AddHeading(1, name);
        }

        new SheetTables(_builder, name, links, _context.CancellationToken).Add(reader.Rows);
        _builder.Location = new SourceLocation(LocationKind.Part, 0, name);
        foreach (var relation in relations.Values)
        {
            switch (relation.Type)
            {
                case "comments":
                    AddComments(relation.Target);
                    break;
                case "drawing":
                    AddDrawing(relation.Target);
                    break;
            }
        }
    }

    /// <summary>A short cell merged downwards belongs to each of its rows, and a row is read alone.</summary>
    private static void RepeatMerged(SheetReader reader)
    {
        if (reader.Merged.Count == 0)
        {
            return;
        }

        var work = 0;
        var rows = reader.Rows;
        var byNumber = new Dictionary<int, SheetRow>(rows.Count);
        foreach (var row in rows)
        {
            byNumber.TryAdd(row.Number, row);
        }

        foreach (var (from, to) in reader.Merged.OrderBy(range => range.From.Column))
        {
            var text = byNumber.GetValueOrDefault(from.Row)?.Cells.Find(cell => cell.Column == from.Column).Text;
            for (var row = from.Row + 1; row <= to.Row && text is { Length: <= MaxRepeatedCharacters } && work < MaxMergeWork; row++)
            {
                work += 1 + (byNumber.GetValueOrDefault(row)?.Cells.Count ?? 0);
                if (byNumber.TryGetValue(row, out var below) && below.Cells.TrueForAll(cell => cell.Column != from.Column))
                {
                    below.Cells.Add((from.Column, text));
                }
            }
        }
    }

    private void AddComments(string path)
    {
        using var part = _package.TryOpen(path);
        var authors = new List<string>();
        while (part is not null && part.Read())
        {
            if (part.IsStart && part.Name == "author")
            {
                authors.Add(part.ReadText());
            }
            else if (part.IsStart && part.Name == "comment")
            {
                var cell = part.Attribute("ref") ?? "";
                var author = int.TryParse(part.Attribute("authorId"), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < authors.Count ? authors[index] : "";
                var text = SharedStrings.Text(part).Trim();
                if (text.StartsWith("[Threaded comment]", StringComparison.Ordinal) && text.IndexOf("Comment:", StringComparison.Ordinal) is > 0 and var start)
                {
                    // A thread's copy for older programs starts with advice to their users.
                    text = text[(start + "Comment:".Length)..].Trim();
                }

                if (text.Length > 0)
                {
                    _builder.AddQuote($"Comment{(author.Length > 0 ? " by " + author : "")} on {cell}: {text}");
                }
            }
        }
    }

    /// <summary>Charts and text boxes that lie over the cells.</summary>
    private void AddDrawing(string path)
    {
        if (_package.TryRead(path) is not { } drawing)
        {
            return;
        }

        var relations = _package.Relationships(path);
        foreach (var element in drawing.Descendants())
        {
            if (element.Is("chart") && element.RelationshipId() is { } id && relations.TryGetValue(id, out var relation))
            {
                DrawingText.Add(_builder, _package, relation);
            }
            else if (element.Is("txBody"))
            {
                foreach (var paragraph in element.Children("p"))
                {
                    _builder.AddParagraph(string.Concat(paragraph.Descendants().Where(node => node.Is("t")).Select(node => node.Value)));
                }
            }
        }
    }

    private string? Target(string type) => _relations.Values.FirstOrDefault(relation => relation.Type == type)?.Target;
}
