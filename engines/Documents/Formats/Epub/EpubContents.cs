using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>What the table of contents calls each file of the book.</summary>
internal static class EpubContents
{
    private const int MaxTitleCharacters = 256;

    /// <returns>By path; the first entry that leads into a file names it. Empty where the contents cannot be read: the chapters can.</returns>
    public static IReadOnlyDictionary<string, string> Read(EpubReader reader, EpubItem? contents, ExtractionContext context)
    {
        var titles = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            if (contents is not null && reader.TryRead(contents.Path) is { } root)
            {
                Add(titles, root, contents.Path[..(contents.Path.LastIndexOf('/') + 1)]);
            }
        }
        catch (ExtractionException exception) when (exception.Code is ExtractionErrorCode.Damaged or ExtractionErrorCode.TooDeep && !context.IsSpent)
        {
            titles.Clear();
        }

        return titles;
    }

    private static void Add(Dictionary<string, string> titles, XElement root, string folder)
    {
        var navigation = root.Descendants().FirstOrDefault(element => element.Is("nav") && element.Value("type") is "toc") ?? root;
        foreach (var element in navigation.Descendants())
        {
            var (target, title) = element.Name.LocalName switch
            {
                "a" => (element.Value("href"), element.Value),
                "navPoint" => (element.Child("content").Value("src"), element.Child("navLabel")?.Value ?? ""),
                _ => (null, ""),
            };
            title = string.Join(' ', title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (target is not null && title.Length is > 0 and <= MaxTitleCharacters)
            {
                titles.TryAdd(EpubPackage.Resolve(folder, target), title);
            }
        }
    }
}
