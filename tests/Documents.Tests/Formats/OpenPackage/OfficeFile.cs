using System.Globalization;
using System.Text;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

/// <summary>An Office Open XML package, made part by part.</summary>
internal sealed class OfficeFile
{
    public const string Namespaces =
        "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" "
        + "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" "
        + "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" "
        + "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" "
        + "xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" xmlns:v=\"urn:schemas-microsoft-com:vml\" "
        + "xmlns:dgm=\"http://schemas.openxmlformats.org/drawingml/2006/diagram\" xmlns:a14=\"http://schemas.microsoft.com/office/drawing/2010/main\"";

    private const string Types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

    private readonly ZipFile _zip = new();
    private readonly Dictionary<string, StringBuilder> _relations = [];

    public OfficeFile(string mainPath)
    {
        _zip.Add("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
        Relate("", "rId1", "officeDocument", mainPath);
    }

    public OfficeFile Part(string path, string xml)
    {
        _zip.Add(path, xml);
        return this;
    }

    /// <summary>A part, related from another one: "word/styles.xml" from "word/document.xml" as "styles".</summary>
    public OfficeFile Part(string from, string id, string type, string path, string xml) =>
        Relate(from, id, type, "/" + path).Part(path, xml);

    public OfficeFile Relate(string from, string id, string type, string target, bool isExternal = false)
    {
        if (!_relations.TryGetValue(from, out var relations))
        {
            _relations[from] = relations = new StringBuilder();
        }

        relations.Append(CultureInfo.InvariantCulture, $"<Relationship Id=\"{id}\" Type=\"{Types}{type}\" Target=\"{target}\"{(isExternal ? " TargetMode=\"External\"" : "")}/>");
        return this;
    }

    public OfficeFile Properties(string elements) => Part(
        "docProps/core.xml",
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        + $"xmlns:dcterms=\"http://purl.org/dc/terms/\">{elements}</cp:coreProperties>");

    public ZipFile Zip()
    {
        foreach (var (from, relations) in _relations)
        {
            var slash = from.LastIndexOf('/') + 1;
            _zip.Add($"{from[..slash]}_rels/{from[slash..]}.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>");
        }

        return _zip;
    }

    public byte[] Build() => Zip().Build();
}
