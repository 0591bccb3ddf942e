using System.Globalization;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// Reads a PowerPoint presentation (PresentationML, ECMA-376 part 1, 19): slide by slide in the order in which they are shown,
/// with notes and comments. Hidden slides are read too, and told.
/// </summary>
internal sealed class PowerPointExtractor
{
    private readonly DocumentTextBuilder _builder = new();
    private readonly ExtractionContext _context;
    private readonly OfficePackage _package;
    private readonly IReadOnlyDictionary<string, Relationship> _relations;
    private readonly Dictionary<string, BulletStyles?> _bullets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _authors = new(StringComparer.Ordinal);

    private PowerPointExtractor(OfficePackage package, ExtractionContext context)
    {
        _context = context;
        _package = package;
        _relations = package.Relationships(package.MainPath);
    }

    public static ExtractedDocument Extract(DocumentSource source, ExtractionContext context) =>
        new PowerPointExtractor(OfficePackage.Open(source, PowerPointFormat.Name, context), context).Extract();

    private ExtractedDocument Extract()
    {
        var presentation = _package.TryRead(_package.MainPath) ?? throw ExtractionException.Damaged(PowerPointFormat.Name, $"{_package.MainPath} is missing");
        if (!presentation.Is("presentation"))
        {
            throw ExtractionException.Damaged(PowerPointFormat.Name, $"{_package.MainPath} holds <{presentation.Name.LocalName}>, which is no PowerPoint presentation");
        }

        ReadAuthors();
        var number = 0;
        foreach (var slide in presentation.Child("sldIdLst").Children("sldId"))
        {
            if (slide.RelationshipId() is { } id && _relations.TryGetValue(id, out var relation))
            {
                AddSlide(relation.Target, ++number);
            }
        }

        var (title, properties) = OfficeProperties.Read(_package);
        return _builder.Build(title, properties with { PageCount = number });
    }

    private void AddSlide(string path, int number)
    {
        var slide = _package.TryRead(path) ?? throw ExtractionException.Damaged(PowerPointFormat.Name, $"{path} is missing");
        _builder.Location = new SourceLocation(LocationKind.Slide, number);
        if (slide.Value("show") is "0" or "false")
        {
            _builder.AddWarning(string.Create(CultureInfo.InvariantCulture, $"Slide {number} is hidden in the presentation; its text was read."));
        }

        var relations = _package.Relationships(path);
        new SlideReader(_builder, _package, relations, Bullets(Target(relations, "slideLayout"), "slideMaster"), _context).Add(slide, number);
        if (Target(relations, "notesSlide") is { } notesPath && _package.TryRead(notesPath) is { } notes)
        {
            new SlideReader(_builder, _package, _package.Relationships(notesPath), Bullets(null, null), _context).AddNotes(notes);
        }

        foreach (var comments in relations.Values.Where(relation => relation.Type == "comments"))
        {
            AddComments(comments.Target);
        }
    }

    private BulletStyles? Bullets(string? path, string? masterType)
    {
        if (path is null || _bullets.TryGetValue(path, out var bullets))
        {
            return path is null ? null : _bullets[path];
        }

        var master = masterType is null ? null : Bullets(Target(_package.Relationships(path), masterType), null);
        bullets = _package.TryRead(path) is { } root ? new BulletStyles(root, master) : null;
        _bullets[path] = bullets;
        return bullets;
    }

    /// <summary>Comments know their authors by number, and since 2021 by a GUID.</summary>
    private void ReadAuthors()
    {
        foreach (var relation in _relations.Values.Where(relation => relation.Type is "commentAuthors" or "authors"))
        {
            foreach (var author in _package.TryRead(relation.Target)?.Elements() ?? [])
            {
                _authors[author.Value("id") ?? ""] = author.Value("name") ?? "";
            }
        }
    }

    private void AddComments(string path)
    {
        foreach (var comment in _package.TryRead(path)?.Descendants().Where(node => node.Is("cm") || node.Is("reply")) ?? [])
        {
            var author = _authors.GetValueOrDefault(comment.Value("authorId") ?? "", "");
            var text = comment.Child("text")?.Value ?? SlideText.OfBody(comment.Child("txBody"), _relations, "\n").Text;
            if (!string.IsNullOrWhiteSpace(text))
            {
                _builder.AddQuote($"Comment{(author.Length > 0 ? " by " + author : "")}: {text.Trim()}");
            }
        }
    }

    private static string? Target(IReadOnlyDictionary<string, Relationship> relations, string type) =>
        relations.Values.FirstOrDefault(relation => relation.Type == type && !relation.IsExternal)?.Target;
}
