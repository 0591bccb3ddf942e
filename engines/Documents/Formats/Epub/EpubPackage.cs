using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>The package document of a book (EPUB 3.3, section 5): what it is called, what it holds, and in what order that is read.</summary>
internal sealed class EpubPackage
{
    private readonly XElement _root;
    private readonly string _folder;

    private EpubPackage(XElement root, string folder)
    {
        _root = root;
        _folder = folder;
        var items = new Dictionary<string, EpubItem>(StringComparer.Ordinal);
        foreach (var item in root.Child("manifest").Children("item"))
        {
            if (item.Value("id") is { } id && item.Value("href") is { } href)
            {
                items[id] = new EpubItem(Path(href), item.Value("media-type") ?? "", (item.Value("properties") ?? "").Split(' '));
            }
        }

        Contents = items.Values.FirstOrDefault(item => item.Properties.Contains("nav"))
            ?? items.GetValueOrDefault(root.Child("spine").Value("toc") ?? "")
            ?? items.Values.FirstOrDefault(item => item.MediaType == "application/x-dtbncx+xml");
        Spine = [.. root.Child("spine").Children("itemref").Select(reference => items.GetValueOrDefault(reference.Value("idref") ?? "")).OfType<EpubItem>()];
        foreach (var reference in root.Child("guide").Children("reference"))
        {
            if (reference.Value("type") is "cover" or "toc" && reference.Value("href") is { } href)
            {
                Skipped.Add(Path(href));
            }
        }

        foreach (var item in items.Values.Where(item => item.Properties.Contains("nav")))
        {
            Skipped.Add(item.Path);
        }
    }

    /// <summary>The navigation document of EPUB 3, or the NCX of EPUB 2; null without one.</summary>
    public EpubItem? Contents { get; }

    /// <summary>In reading order.</summary>
    public IReadOnlyList<EpubItem> Spine { get; }

    /// <summary>The cover and the table of contents, which repeat what the chapters say.</summary>
    public HashSet<string> Skipped { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string Title => Texts("title").FirstOrDefault() ?? "";

    public DocumentProperties Properties
    {
        get
        {
            var metadata = new Dictionary<string, string>();
            foreach (var name in (ReadOnlySpan<string>)["publisher", "identifier", "description", "subject"])
            {
                if (string.Join("; ", Texts(name)) is { Length: > 0 } value)
                {
                    metadata[name] = value;
                }
            }

            return new DocumentProperties
            {
                Author = string.Join("; ", Texts("creator")),
                Language = OfficeProperties.PrimaryLanguage(Texts("language").FirstOrDefault() ?? ""),
                CreatedAt = OfficeProperties.Date(Texts("date").FirstOrDefault()),
                ModifiedAt = OfficeProperties.Date(_root.Child("metadata").Children("meta").FirstOrDefault(meta => meta.Value("property") == "dcterms:modified")?.Value),
                Metadata = metadata,
            };
        }
    }

    /// <exception cref="ExtractionException">Damaged: it is no book.</exception>
    public static EpubPackage Read(EpubReader reader)
    {
        var container = reader.TryRead("META-INF/container.xml") ?? throw ExtractionException.Damaged(EpubFormat.Name, "META-INF/container.xml is missing, so it is a ZIP of something else");
        var path = container.Child("rootfiles").Child("rootfile").Value("full-path")
            ?? throw ExtractionException.Damaged(EpubFormat.Name, "META-INF/container.xml names no package document");
        var root = reader.TryRead(path) ?? throw ExtractionException.Damaged(EpubFormat.Name, $"{path} is missing");
        return new EpubPackage(root, path[..(path.LastIndexOf('/') + 1)]);
    }

    /// <summary>Of an address inside the book, without its fragment.</summary>
    public static string Resolve(string folder, string href) => OfficePackage.Resolve(folder, Uri.UnescapeDataString(href.Split('#')[0]));

    private string Path(string href) => Resolve(_folder, href);

    private IEnumerable<string> Texts(string name) => _root.Child("metadata")?.Descendants().Where(element => element.Is(name)).Select(element => element.Value.Trim()).Where(text => text.Length > 0) ?? [];
}

/// <param name="Path">Inside the book's ZIP.</param>
/// <param name="MediaType">As declared.</param>
/// <param name="Properties">Such as "nav" or "cover-image".</param>
internal sealed record EpubItem(string Path, string MediaType, IReadOnlyList<string> Properties);
