using System.Text;
using RagPlatform.Search.Files;

namespace RagPlatform.Search.Tests.Segments;

public sealed class DirectoryIndexFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ragplatform-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_WrittenRenamedAndDeleted_AreListedAndReadAsTheyAre()
    {
        var files = new DirectoryIndexFiles(Path.Combine(_folder, "tenant", "collection", "index"));
        Write(files, "a", "first");
        Write(files, "b", "second");

        files.Rename("a", "b");

        files.List().ShouldBe(["b"]);
        using (var mapped = files.Map("b"))
        {
            Encoding.UTF8.GetString(mapped.Bytes.Values<byte>()).ShouldBe("first");
        }

        files.Delete("b");
        files.Delete("b");
        files.List().ShouldBeEmpty();
    }

    [Fact]
    public void Create_OfAFileThatExists_IsRefused()
    {
        var files = new DirectoryIndexFiles(_folder);
        Write(files, "a", "first");

        Should.Throw<IOException>(() => files.Create("a"));
    }

    [Fact]
    public void Append_OfPiecesSmallerAndLargerThanTheBuffer_WritesThemInOrder()
    {
        var files = new DirectoryIndexFiles(_folder);
        var random = new Random(1);
        var expected = new List<byte>();
        using (var file = files.Create("a"))
        {
            foreach (var length in new[] { 1, 65_535, 65_536, 65_537, 0, 200_000, 3 })
            {
                var piece = new byte[length];
                random.NextBytes(piece);
                file.Append(piece);
                expected.AddRange(piece);
                file.Length.ShouldBe(expected.Count);
            }

            file.Flush();
        }

        using var mapped = files.Map("a");
        mapped.Bytes.Values<byte>().SequenceEqual(expected.ToArray()).ShouldBeTrue();
    }

    [Fact]
    public void Map_OfAnEmptyFile_IsEmpty()
    {
        var files = new DirectoryIndexFiles(_folder);
        Write(files, "a", "");

        using var mapped = files.Map("a");

        mapped.Bytes.Bytes.ShouldBe(0);
        mapped.Bytes.Values<byte>().Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    public void Create_OutsideOfTheFolder_IsRefused(string name) =>
        Should.Throw<ArgumentException>(() => new DirectoryIndexFiles(_folder).Create(name));

    private static void Write(DirectoryIndexFiles files, string name, string text)
    {
        using var file = files.Create(name);
        file.Append(Encoding.UTF8.GetBytes(text));
        file.Flush();
        file.Length.ShouldBe(text.Length);
    }
}
