using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace RagPlatform.Bench.Load.Hostile;

/// <param name="Name">With the ending that says what it claims to be.</param>
internal sealed record HostileFile(string Name, byte[] Content);

/// <summary>Files that were made to hurt: bombs, depth without end, false claims, names that lead elsewhere.</summary>
internal static class HostileFiles
{
    private const int Gibibyte = 1024 * 1024 * 1024;
    private const int Depth = 200_000;

    public static IEnumerable<HostileFile> All()
    {
        yield return new("bomb-1-gib-of-text.zip", Zip(("bomb.txt", Gibibyte)));
        yield return new("bomb-in-word.docx", Zip(("[Content_Types].xml", 0), ("_rels/.rels", 0), ("word/document.xml", Gibibyte / 2)));
        yield return new("bomb-in-excel.xlsx", Zip(("[Content_Types].xml", 0), ("xl/workbook.xml", 0), ("xl/sharedStrings.xml", Gibibyte / 2)));
        yield return new("bomb.gz", Gzip(Gibibyte));
        yield return new("bombs-in-a-bomb.zip", Nest(Zip(("bomb.txt", Gibibyte / 8)), 8, copies: 10));
        yield return new("archives-10-deep.zip", Nest(Encoding.ASCII.GetBytes("deep"), 10, copies: 1));
        yield return new("a-million-entries.zip", ManyEntries(60_000));
        yield return new("names-that-lead-out.zip", Names("../../../../etc/passwd", "/etc/shadow", "C:\\windows\\system.ini", "a/../../b.txt", "con.txt", new string('n', 30_000)));
        yield return new("deep.html", Repeat("<div><b><table><tr><td><ul><li>", Depth / 4, "x"));
        yield return new("deep.json", Repeat("[", Depth * 5, "1"));
        yield return new("deep-objects.json", Repeat("{\"a\":", Depth * 2, "1"));
        yield return new("deep.md", Repeat("> - ", Depth, "x"));
        yield return new("deep.xml", Repeat("<a>", Depth * 3, "x"));
        yield return new("deep.eml", Mime(2_000));
        yield return new("one-long-line.txt", Repeat("word ", 6_000_000, ""));
        yield return new("one-long-line-without-spaces.txt", Repeat("word", 7_000_000, ""));
        yield return new("one-cell.csv", Repeat("\"a,\n\"", 4_000_000, "\""));
        yield return new("a-million-columns.csv", Repeat("a,", 5_000_000, "b"));
        yield return new("billion-laughs.xhtml", Encoding.UTF8.GetBytes(Laughs("html")));
        yield return new("billion-laughs.docx", Laughing());
        yield return new("a-million-pages.pdf", Encoding.ASCII.GetBytes(Pages(1_000_000)));
        yield return new("pages-in-a-circle.pdf", Encoding.ASCII.GetBytes(Circle()));
        yield return new("half-a-surrogate.json", Encoding.UTF8.GetBytes("{\"a\":\"\\ud800 \\udc00 \\ud83d\\ude00\"}"));
        yield return new("nothing-but-nul.txt", new byte[1_000_000]);
        yield return new("../../outside.txt", Encoding.UTF8.GetBytes("A name is a name and no path."));
    }

    private static byte[] Zip(params (string Name, long Bytes)[] entries)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                Fill(entry, bytes);
            }
        }

        return file.ToArray();
    }

    private static void Fill(Stream stream, long bytes)
    {
        var block = new byte[1024 * 1024];
        Array.Fill(block, (byte)'a');
        for (var left = bytes; left > 0; left -= block.Length)
        {
            stream.Write(block, 0, (int)Math.Min(left, block.Length));
        }
    }

    private static byte[] Gzip(long bytes)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            Fill(gzip, bytes);
        }

        return file.ToArray();
    }

    private static byte[] Nest(byte[] content, int depth, int copies)
    {
        for (var i = 0; i < depth; i++)
        {
            using var file = new MemoryStream();
            using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            {
                for (var copy = 0; copy < copies; copy++)
                {
                    using var entry = archive.CreateEntry(string.Create(CultureInfo.InvariantCulture, $"{copy}{(i == 0 && copies == 1 ? ".txt" : ".zip")}")).Open();
                    entry.Write(content);
                }
            }

            content = file.ToArray();
        }

        return content;
    }

    private static byte[] ManyEntries(int count) => Zip([.. Enumerable.Range(0, count).Select(i => (string.Create(CultureInfo.InvariantCulture, $"{i}.txt"), 1L))]);

    private static byte[] Names(params string[] names) => Zip([.. names.Select(name => (name, 5L))]);

    private static byte[] Repeat(string text, int times, string end) => Encoding.UTF8.GetBytes(new StringBuilder().Insert(0, text, times).Append(end).ToString());

    private static byte[] Mime(int depth)
    {
        var mail = new StringBuilder("Subject: deep\r\n");
        for (var i = 0; i < depth; i++)
        {
            mail.Append(CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n");
        }

        return Encoding.ASCII.GetBytes(mail.Append("Content-Type: text/plain\r\n\r\nend").ToString());
    }

    private static string Laughs(string root)
    {
        var entities = new StringBuilder("<!ENTITY a0 \"ha\">");
        for (var i = 1; i < 12; i++)
        {
            entities.Append(CultureInfo.InvariantCulture, $"<!ENTITY a{i} \"{string.Concat(Enumerable.Repeat($"&a{i - 1};", 10))}\">");
        }

        return $"<?xml version=\"1.0\"?><!DOCTYPE {root} [{entities}]><{root}><body><p>&a11;</p></body></{root}>";
    }

    private static byte[] Laughing()
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(archive, "[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>");
            Write(archive, "_rels/.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>");
            Write(archive, "word/document.xml", Laughs("w:document"));
        }

        return file.ToArray();
    }

    private static void Write(ZipArchive archive, string name, string text)
    {
        using var entry = archive.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string Pages(int count) =>
        $"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count {count}/Kids[{string.Concat(Enumerable.Repeat("3 0 R ", 100_000))}]>>endobj\n"
        + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n";

    private static string Circle() =>
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 3 0 R]>>endobj\n"
        + "3 0 obj<</Type/Pages/Count 9/Kids[2 0 R]>>endobj\ntrailer<</Root 1 0 R>>\n";
}
