using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace RagPlatform.Bench.Load.Hostile;

/// <summary>Good files of the formats that are quickly written.</summary>
internal static class SmallFiles
{
    private const string Table = "name,amount,day\npump,12.50,2026-11-20\nvalve,\"3,5\",2026-11-21\n";

    private const string Mail = """
        From: Ada <ada@example.org>
        To: Grace <grace@example.org>
        Subject: =?utf-8?q?Pr=C3=BCfung?=
        Date: Fri, 20 Nov 2026 10:00:00 +0100
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="outer"

        --outer
        Content-Type: multipart/alternative; boundary="inner"

        --inner
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        The pump was checked, see the table. Gr=FC=DFe
        --inner
        Content-Type: text/html; charset=utf-8

        <p>The <b>pump</b> was checked.</p>
        --inner--
        --outer
        Content-Type: text/csv; name="table.csv"
        Content-Disposition: attachment; filename="table.csv"
        Content-Transfer-Encoding: base64

        bmFtZSxhbW91bnQKcHVtcCwxMi41MAo=
        --outer--
        """;

    public static IEnumerable<HostileFile> All()
    {
        yield return Text("notes.txt", "A paragraph of notes.\n\nAnother one, with figures: 1, 2 and 3.\n");
        yield return Text("table.tsv", Table.Replace(',', '\t'));
        yield return Text("records.jsonl", "{\"id\":1,\"text\":\"first\",\"tags\":[\"a\",\"b\"]}\n{\"id\":2,\"text\":\"second\",\"nested\":{\"deep\":[1,{\"x\":null}]}}\n");
        yield return Text("Order.cs", "namespace Shop;\n\n/// <summary>An order.</summary>\npublic sealed class Order\n{\n    public decimal Total(int count) => count * 2.5m;\n}\n");
        yield return Text("settings.yaml", "server:\n  port: 80\n  names: [a, b]\n---\nclient:\n  retries: 3\n");
        yield return Text("message.eml", Mail.ReplaceLineEndings("\r\n"));
        yield return new("bundle.zip", Zip());
        yield return new("bundle.tar.gz", Tar());
    }

    private static HostileFile Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static byte[] Zip()
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in new[] { ("docs/readme.md", "# Readme\n\nText.\n"), ("docs/table.csv", Table), ("mail.eml", Mail) })
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return file.ToArray();
    }

    private static byte[] Tar()
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        using (var archive = new TarWriter(gzip))
        {
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "docs/readme.md") { DataStream = new MemoryStream("# Readme\n\nText.\n"u8.ToArray()) });
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "docs/table.csv") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(Table)) });
        }

        return file.ToArray();
    }
}
