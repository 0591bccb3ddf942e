using System.Formats.Tar;
using System.Text;

namespace RagPlatform.Documents.Tests.Formats.Archives;

public sealed class ArchiveFormatTests
{
    private const string Zip = "application/zip";
    private const string Tar = "application/x-tar";
    private const string Gzip = "application/gzip";

    private static readonly (string Path, byte[] Content)[] Project =
    [
        ("docs/guide.md", "# Guide\n\nHow to.\n\n## Use\n\nLike this.\n"u8.ToArray()),
        ("src/app.py", "class App:\n    def run(self):\n        return 1\n"u8.ToArray()),
        ("data/prices.csv", "model,price\nP-1,5\nP-2,7\n"u8.ToArray()),
        ("inner.zip", Archive.Zip(("deep/notes.txt", "Deep words."), ("deep/rows.jsonl", "{\"a\":1}\n{\"a\":2}\n"))),
        ("picture.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        ("broken.json", "{"u8.ToArray()),
        ("empty.txt", []),
        ("__MACOSX/._guide.md", "litter"u8.ToArray()),
        (".git/config", "litter"u8.ToArray()),
    ];

    [Fact]
    public void Extract_Project_EachFileStandsUnderItsPath() =>
        new DocumentExtractor().Extract(new DocumentSource(Archive.Zip(Project), Zip, "in/project.zip"), CancellationToken.None).ShouldBeAsApproved("project.zip");

    [Fact]
    public void Extract_TarAndItsGzip_AreTheSame()
    {
        var tar = Archive.Tar(("a/one.txt", "One."), ("./two.md", "# Two\n\nWords."));

        var document = Documents.Extract(tar, Tar);
        document.Show().ShouldBe(["Heading: a/one.txt", "Paragraph: One.", "Heading: two.md", "Heading: # Two", "Paragraph: Words."]);
        document.Blocks[^1].HeadingPath.ShouldBe(["two.md", "Two"]);
        Documents.Extract(Archive.Gzip(tar), Gzip).Show().ShouldBe(document.Show());
        DocumentFormats.OfContent(tar)!.ContentType.ShouldBe(Tar);
    }

    [Fact]
    public void Extract_GzipOfOneDocument_IsThatDocument()
    {
        var source = new DocumentSource(Archive.Gzip("a,b\nx,1\n"u8.ToArray()), Gzip, "https://example.org/rows.csv.gz?v=1");

        new DocumentExtractor().Extract(source, CancellationToken.None).Show().ShouldBe(["TableHeader: | a | b |⏎| --- | --- |", "TableRow: | x | 1 |"]);
    }

    [Theory]
    [InlineData("../../etc/cron.d/x")]
    [InlineData("/etc/passwd")]
    [InlineData("C:/windows/x.txt")]
    [InlineData("a\\..\\..\\x.txt")]
    public void Extract_PathThatLeadsOut_FailsTheArchive(string path)
    {
        foreach (var (archive, type) in new[] { (Archive.Zip((path, "x"), ("ok.txt", "x")), Zip), (Archive.Tar((path, "x"), ("ok.txt", "x")), Tar) })
        {
            var failure = Should.Throw<ExtractionException>(() => Documents.Extract(archive, type));

            failure.Code.ShouldBe(ExtractionErrorCode.UnsafeArchive);
            failure.Message.ShouldContain("leads out");
        }
    }

    [Fact]
    public void Extract_EndlessPath_FailsTheArchive()
    {
        var path = string.Concat(Enumerable.Repeat("deep/", 900)) + "x.txt";

        Should.Throw<ExtractionException>(() => Documents.Extract(Archive.Tar((path, "x")), Tar)).Message.ShouldContain("4505");
        Should.Throw<ExtractionException>(() => Documents.Extract(Archive.Zip((path, "x")), Zip)).Message.ShouldContain("4096");
    }

    [Fact]
    public void Extract_LinksInATar_AreLeftOutAndTold()
    {
        var tar = Archive.Tar(tar =>
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "secrets") { LinkName = "/etc/passwd" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "again") { LinkName = "ok.txt" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Fifo, "pipe"));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "folder"));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "ok.txt") { DataStream = new MemoryStream("Words."u8.ToArray()) });
        });

        var document = Documents.Extract(tar, Tar);

        document.Show().ShouldBe(["Heading: ok.txt", "Paragraph: Words."]);
        document.Warnings.Count.ShouldBe(3);
        document.Warnings[0].ShouldContain("SymbolicLink");
    }

    [Fact]
    public void Extract_EncryptedEntries_AreToldAndAloneAreTheReason()
    {
        var locked = Archive.Encrypted(Archive.Zip(("secret.txt", "Words.")));
        var mixed = Archive.Zip(("open.txt", Encoding.UTF8.GetBytes("Open words.")), ("locked.zip", locked));

        Should.Throw<ExtractionException>(() => Documents.Extract(locked, Zip)).Code.ShouldBe(ExtractionErrorCode.Encrypted);
        var document = Documents.Extract(mixed, Zip);
        document.Text.ShouldContain("Open words.");
        document.Warnings.ShouldHaveSingleItem().ShouldContain("secret.txt");
    }

    [Fact]
    public void Extract_ManyUnreadableFiles_AreCountedNotLost()
    {
        var files = Enumerable.Range(0, 40).Select(number => ($"{number}.bin", new byte[] { 0, 1 })).Append(("a.txt", "Words."u8.ToArray()));

        var document = Documents.Extract(Archive.Zip([.. files]), Zip);

        document.Warnings.Count.ShouldBe(11);
        document.Warnings[^1].ShouldContain("30 further");
    }

    [Fact]
    public void Extract_ArchivesInsideArchives_AreReadUpToTheLimit()
    {
        var archive = Archive.Zip(("leaf.txt", "Leaf."));
        for (var depth = 0; depth < 3; depth++)
        {
            archive = Archive.Zip(($"level{depth}.zip", archive));
        }

        Documents.Extract(archive, Zip).Blocks[^1].Location!.ToString().ShouldBe("level2.zip!/level1.zip!/level0.zip!/leaf.txt");
        Should.Throw<ExtractionException>(() => Documents.Extract(Archive.Zip(("more.zip", archive)), Zip)).Code.ShouldBe(ExtractionErrorCode.TooDeep);
    }

    [Fact]
    public void Extract_BombInAZip_FailsAtTheRatio()
    {
        var bomb = Archive.Zip(("zeros.txt", new byte[40 * 1024 * 1024]));

        Should.Throw<ExtractionException>(() => Documents.Extract(bomb, Zip)).Code.ShouldBe(ExtractionErrorCode.UnsafeArchive);
        Should.Throw<ExtractionException>(() => Documents.Extract(Archive.Zip(("a.txt", "x"u8.ToArray()), ("bomb.zip", bomb)), Zip)).Code.ShouldBe(ExtractionErrorCode.UnsafeArchive);
    }

    [Fact]
    public void Extract_BombInAGzip_FailsWithinTheLimit()
    {
        var bomb = Archive.Gzip(new byte[80 * 1024 * 1024]);

        Should.Throw<ExtractionException>(() => Documents.Extract(bomb, Gzip)).Code.ShouldBeOneOf(ExtractionErrorCode.TooLarge, ExtractionErrorCode.UnsafeArchive);
        Should.Throw<ExtractionException>(() => Documents.Extract(Archive.Gzip(Archive.Gzip(new byte[60 * 1024 * 1024])), Gzip)).Code.ShouldBe(ExtractionErrorCode.UnsafeArchive);
    }

    [Fact]
    public void Extract_MoreFilesThanTheLimit_IsTooLarge()
    {
        var files = Enumerable.Range(0, DocumentExtractor.MaxParts + 1).Select(number => ($"{number}.txt", "x")).ToArray();

        Should.Throw<ExtractionException>(() => Documents.Extract(Archive.Tar(files), Tar)).Message.ShouldContain("10000");
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(0.99)]
    public void Extract_CutOffArchives_AreDamagedNotShorter(double share)
    {
        var random = new Random(7);
        var words = string.Concat(Enumerable.Range(0, 3000).Select(_ => $"word{random.Next(100_000)} "));
        var tar = Archive.Tar(("a.txt", words), ("b.txt", words));
        var gzip = Archive.Gzip(tar);
        var zip = Archive.Zip(("a.txt", words));

        Should.Throw<ExtractionException>(() => Documents.Extract(gzip[..(int)(gzip.Length * share)], Gzip)).Code.ShouldBe(ExtractionErrorCode.Damaged);
        Should.Throw<ExtractionException>(() => Documents.Extract(zip[..(int)(zip.Length * share)], Zip)).Code.ShouldBe(ExtractionErrorCode.Damaged);
        if (share < 0.9)
        {
            Should.Throw<ExtractionException>(() => Documents.Extract(tar[..(int)(tar.Length * share)], Tar)).Code.ShouldBe(ExtractionErrorCode.Damaged);
        }
    }

    [Theory]
    [InlineData(Zip)]
    [InlineData(Tar)]
    public void Extract_NothingInside_IsNoText(string type)
    {
        var archive = type == Zip ? Archive.Zip(Array.Empty<(string, byte[])>()) : Archive.Tar(_ => { });

        Should.Throw<ExtractionException>(() => Documents.Extract(archive, type)).Code.ShouldBe(ExtractionErrorCode.NoText);
    }

    [Fact]
    public void Extract_DamagedArchives_AreReadOrRefused()
    {
        Mutations.ShouldBeReadOrRefused(Archive.Zip(Project), Zip, times: 400);
        Mutations.ShouldBeReadOrRefused(Archive.Tar(("a.txt", "One."), ("b.csv", "a,b\nx,1\n")), Tar, times: 400);
        Mutations.ShouldBeReadOrRefused(Archive.Gzip(Archive.Tar(("a.txt", "One."))), Gzip, times: 400);
    }
}
