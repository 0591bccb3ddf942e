namespace RagPlatform.Documents;

/// <summary>Reads a book (EPUB 3.3 and 2.0.1) chapter by chapter in its reading order, without the cover and the table of contents.</summary>
internal static class EpubExtractor
{
    private static readonly string[] TextTypes = ["application/xhtml+xml", "text/html", "text/x-oeb1-document", ""];

    public static ExtractedDocument Extract(DocumentSource source, ExtractionContext context)
    {
        CompoundFile.ThrowIfCompound(source.Content.Span);
        var reader = new EpubReader(ZipReader.Open(source.Content, EpubFormat.Name, context), context);
        var package = EpubPackage.Read(reader);
        EpubEncryption.ThrowIfLocked(reader, package);
        var titles = EpubContents.Read(reader, package.Contents, context);
        var builder = new DocumentTextBuilder();
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in package.Spine)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (package.Skipped.Contains(item.Path) || !read.Add(item.Path))
            {
                continue;
            }

            if (!TextTypes.Contains(item.MediaType))
            {
                builder.AddWarning($"{item.Path} is {item.MediaType}, which is no text, and was left out.");
            }
            else if (reader.TryReadBytes(item.Path) is { } content)
            {
                AddChapter(builder, HtmlExtractor.Extract(Xhtml.ToHtml(content, item.Path), keepsAll: true, context.CancellationToken), item.Path, titles.GetValueOrDefault(item.Path));
            }
            else
            {
                builder.AddWarning($"{item.Path} is named in the reading order and missing from the book.");
            }
        }

        return builder.Build(package.Title, package.Properties);
    }

    private static void AddChapter(DocumentTextBuilder builder, ExtractedDocument chapter, string path, string? title)
    {
        if (chapter.Blocks.Count == 0)
        {
            return;
        }

        var first = chapter.Blocks.FirstOrDefault(block => block.Kind == BlockKind.Heading);
        builder.Location = new SourceLocation(LocationKind.Part, 0, title ?? (first is null ? path : first.HeadingPath[^1]));
        if (title is not null && first is null)
        {
            // Without a heading of its own it would stand under the chapter before.
            builder.AddHeading(1, title);
        }

        builder.AddDocument(chapter, headingLevel: 0);
    }
}
