using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using RagPlatform.Documents.Tests.Formats.Excel;
using RagPlatform.Documents.Tests.Formats.Word;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

/// <summary>Archives that were cut off, tampered with, or made to do harm, seen through a Word document.</summary>
public sealed class HostileZipTests
{
    private static byte[] Good => WordFile.With(WordFile.P("Text.")).Build();

    [Fact]
    public void Extract_EveryCutOffDocument_IsDamaged()
    {
        var good = Good;
        for (var bytes = 4; bytes < good.Length; bytes += 7)
        {
            Fail(good[..bytes]).Code.ShouldBe(ExtractionErrorCode.Damaged);
        }
    }

    [Fact]
    public void Extract_MissingEnd_SaysSo() => Fail(Good[..^30]).Message.ShouldContain("the directory that ends a ZIP is missing");

    [Fact]
    public void Extract_ZipOfSomethingElse_NamesWhatIsMissing() => Fail(new ZipFile().Add("readme.txt", "text").Build()).Message.ShouldContain("_rels/.rels");

    [Fact]
    public void Extract_MainPartThatIsMissing_IsNamed() => Fail(new OfficeFile(WordFile.Main).Build()).Message.ShouldContain("word/document.xml is missing");

    [Fact]
    public void Extract_WorkbookDeclaredAsDocument_IsToldApart() =>
        Fail(ExcelFile.With(("Data", "", ExcelFile.Rows(["a"]))).Build()).Message.ShouldContain("holds <workbook>");

    [Theory]
    [InlineData(ZipPatch.Checksum, 1, ExtractionErrorCode.Damaged, "checksum")]
    [InlineData(ZipPatch.DeclaredBytes, 10, ExtractionErrorCode.Damaged, "declares 10 bytes and has more")]
    [InlineData(ZipPatch.DeclaredBytes, 100_000_000, ExtractionErrorCode.Damaged, "declares 100000000 bytes and ends after")]
    [InlineData(ZipPatch.PackedBytes, 100_000_000, ExtractionErrorCode.Damaged, "is said to take 100000000 bytes")]
    [InlineData(ZipPatch.PackedBytes, uint.MaxValue, ExtractionErrorCode.Damaged, "is said to take 4294967295 bytes")]
    [InlineData(ZipPatch.HeaderOffset, 1, ExtractionErrorCode.Damaged, "is not at byte 1")]
    [InlineData(ZipPatch.Method, 14, ExtractionErrorCode.Damaged, "method 14")]
    [InlineData(ZipPatch.Flags, 1, ExtractionErrorCode.Encrypted, "is encrypted")]
    public void Extract_EntryThatLies_IsToldWhere(int field, uint value, ExtractionErrorCode code, string problem)
    {
        var failure = Fail(Good.Set(WordFile.Main, field, value));

        failure.Code.ShouldBe(code);
        failure.Message.ShouldContain(WordFile.Main);
        failure.Message.ShouldContain(problem);
    }

    [Theory]
    [InlineData("../../../etc/pwd!")]
    [InlineData("/etc/passwd/abcde")]
    [InlineData("C:/windows/system")]
    [InlineData("..\\..\\word\\abcde")]
    public void Extract_PathThatLeadsOut_IsUnsafe(string path)
    {
        var failure = Fail(Good.Rename(WordFile.Main, path));

        failure.Code.ShouldBe(ExtractionErrorCode.UnsafeArchive);
        failure.Message.ShouldContain("leads out of the archive");
    }

    [Fact]
    public void Extract_NameWithoutEnd_IsUnsafe() => Fail(new ZipFile().Add(new string('n', 5000), "").Build()).Message.ShouldContain("path is 5000 characters long; the limit is 4096");

    [Fact]
    public void Extract_SamePathTwice_IsUnsafe() =>
        Fail(WordFile.With(WordFile.P("Text.")).Part("word/documenu.xml", "<x/>").Build().Rename("word/documenu.xml", WordFile.Main)).Code.ShouldBe(ExtractionErrorCode.UnsafeArchive);

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(0, long.MaxValue)]
    [InlineData(-1, -1)]
    public void Extract_Zip64DirectoryThatLies_IsDamaged(long size, long start)
    {
        var good = Good;
        var end = ZipPatch.End(good);
        var record = new byte[56 + 20];
        "PK\x06\x06"u8.CopyTo(record);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(40), size);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(48), start);
        "PK\x06\x07"u8.CopyTo(record.AsSpan(56));
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(56 + 8), end);

        Fail([.. good[..end], .. record, .. good[end..]]).Message.ShouldContain("the ZIP directory is broken");
    }

    [Fact]
    public void Extract_MoreEntriesThanAZipCanCount_IsTooLarge()
    {
        var header = new byte[46 + 5];
        "PK\x01\x02"u8.CopyTo(header);
        header[28] = 5;
        using var zip = new MemoryStream();
        zip.Write("PK\x03\x04"u8);
        for (var i = 0; i < 70_000; i++)
        {
            Encoding.ASCII.GetBytes(i.ToString("00000", CultureInfo.InvariantCulture)).CopyTo(header, 46);
            zip.Write(header);
        }

        var end = new byte[22];
        "PK\x05\x06"u8.CopyTo(end);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(12), (int)zip.Length - 4);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(16), 4);
        zip.Write(end);

        var failure = Fail(zip.ToArray());
        failure.Code.ShouldBe(ExtractionErrorCode.TooLarge);
        failure.Message.ShouldContain("65535 entries");
    }

    [Fact]
    public void Extract_PartThatExplodes_IsUnsafe()
    {
        var bomb = WordFile.With(WordFile.P(new string('x', 8 * 1024 * 1024))).Zip().Build(CompressionLevel.SmallestSize);
        bomb.Length.ShouldBeLessThan(64 * 1024);

        var failure = Fail(bomb);
        failure.Code.ShouldBe(ExtractionErrorCode.UnsafeArchive);
        failure.Message.ShouldContain("300 to 1");
    }

    [Fact]
    public void Extract_PartThatIsReadAgainAndAgain_CountsEachTime()
    {
        // Too small for its ratio to count.
        var file = WordFile.With(string.Concat(Enumerable.Repeat("<w:altChunk r:id=\"rIdA\"/>", 80))).Relate(WordFile.Main, "rIdA", "aFChunk", "part.bin");
        var failure = Fail(file.Zip().Add("word/part.bin", new byte[4_000_000]).Build());

        failure.Code.ShouldBe(ExtractionErrorCode.TooLarge);
        failure.Message.ShouldContain("unpacks to more than 268435456 bytes");
    }

    [Fact]
    public void Extract_CancelledWhileReading_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Should.Throw<OperationCanceledException>(() => new DocumentExtractor().Extract(new DocumentSource(Good, ContentTypes.Word), cancellation.Token));
    }

    internal static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(5).NextBytes(bytes);
        return bytes;
    }

    private static ExtractionException Fail(byte[] content) => Should.Throw<ExtractionException>(() => Documents.Extract(content, ContentTypes.Word));
}
