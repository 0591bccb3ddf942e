using RagPlatform.Documents.Tests.Formats.OpenPackage;

namespace RagPlatform.Documents.Tests.Formats.Epub;

/// <summary>Books, from their chapters.</summary>
internal static class EpubFile
{
    public const string Metadata = "<dc:title>The Book</dc:title><dc:creator>Ann Author</dc:creator><dc:creator>Bob</dc:creator><dc:language>en-GB</dc:language><dc:date>2020</dc:date><meta property=\"dcterms:modified\">2021-02-03T04:05:06Z</meta>";

    /// <param name="chapters">Bodies; in the book they are c1.xhtml and so on, in the order of the spine.</param>
    public static ZipFile With(params string[] chapters) => WithPackage(Metadata, "", chapters);

    /// <param name="guide">Further elements of the package document.</param>
    public static ZipFile WithPackage(string metadata, string guide, params string[] chapters)
    {
        var items = string.Concat(chapters.Select((_, i) => $"<item id=\"i{i + 1}\" href=\"text/c{i + 1}.xhtml\" media-type=\"application/xhtml+xml\"/>"));
        var spine = string.Concat(chapters.Select((_, i) => $"<itemref idref=\"i{i + 1}\"/>"));
        var zip = new ZipFile()
            .Add("mimetype", "application/epub+zip")
            .Add("META-INF/container.xml", "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile full-path=\"OEBPS/book.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>")
            .Add("OEBPS/book.opf", "<package xmlns=\"http://www.idpf.org/2007/opf\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><metadata>" + metadata + "</metadata><manifest>"
                + "<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>" + items + "</manifest><spine><itemref idref=\"nav\"/>" + spine + "</spine>" + guide + "</package>")
            .Add("OEBPS/nav.xhtml", "<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns:epub=\"http://www.idpf.org/2007/ops\"><body><nav epub:type=\"toc\"><ol><li><a href=\"text/c1.xhtml\">Beginning</a></li><li><a href=\"text/c2.xhtml#x\">The  Middle</a></li></ol></nav></body></html>");
        for (var i = 1; i <= chapters.Length; i++)
        {
            zip.Add($"OEBPS/text/c{i}.xhtml", Chapter(chapters[i - 1]));
        }

        return zip;
    }

    public static string Chapter(string body) => $"<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title/></head><body>{body}</body></html>";

    public static ExtractedDocument Read(ZipFile file) => Documents.Extract(file.Build(), ContentTypes.Epub);
}
