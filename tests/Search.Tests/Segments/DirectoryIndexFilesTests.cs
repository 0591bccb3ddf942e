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
        var files = new DirectoryIndexFiles(Path.Combine(_folder, "index"));
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
