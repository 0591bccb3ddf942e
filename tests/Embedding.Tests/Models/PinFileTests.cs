using System.Text.Json.Nodes;
using RagPlatform.Embedding.Models;
using RagPlatform.TestKit;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Tests.Models;

public sealed class PinFileTests : IDisposable
{
    private const string Hash = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";
    private readonly TestFolder folder = new();

    private string FilePath => folder.File("models.json");

    private PinFile File => new(folder.Path, ModelCatalog.BuiltIn);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_ThenRead_IsTheSameAndNothingElseIsLeft()
    {
        var model = Model("a");

        File.Write(model);
        File.Write(Model("b"));
        File.Write(model with { License = "MIT" });

        var read = File.Read();
        read.Problems.ShouldBeEmpty();
        read.Models.Select(entry => (entry.Id, entry.License, entry.Sources.Single().ToString())).ShouldBe([("b", "", "hub:x/b@" + new string('1', 40)), ("a", "MIT", "hub:x/a@" + new string('1', 40))]);
        Directory.GetFiles(folder.Path).ShouldBe([FilePath]);
    }

    [Fact]
    public void Find_PinWithPrefixes_GivesThemToItsFolder()
    {
        var prefixes = new TextPrefixes("query: ", "passage: ");
        File.Write(Model("a") with { Prefixes = prefixes });
        TinyBert.Write(folder.File("a"));

        new ModelStore(folder.Path, ModelCatalog.BuiltIn, [], TimeProvider.System).Find("a").ShouldNotBeNull().Prefixes.ShouldBe(prefixes);
    }

    [Fact]
    public void Remove_OneEntry_LeavesTheOthersAsTheyAreWritten()
    {
        System.IO.File.WriteAllText(FilePath, """{"models": [{"id": "mine", "note": "not of the form"}]}""");
        File.Write(Model("a"));

        File.Remove("a");

        System.IO.File.ReadAllText(FilePath).ShouldContain("not of the form");
        File.Read().Problems.ShouldHaveSingleItem().ShouldContain("models[0] ('mine') is left out");
    }

    [Theory]
    [InlineData("not json", "is damaged")]
    [InlineData("[]", "is not an object with a list \"models\"")]
    [InlineData("""{"models": {}}""", "is not an object with a list \"models\"")]
    [InlineData("""{"models": [], "models": []}""", "is damaged")]
    [InlineData("", "is damaged")]
    public void Read_WholeFileDamaged_SaysSoAndIsNeverOverwritten(string content, string named)
    {
        System.IO.File.WriteAllText(FilePath, content);

        File.Read().Problems.ShouldHaveSingleItem().ShouldContain(named);
        Should.Throw<ModelPullException>(() => File.Write(Model("a"))).Message.ShouldContain("Mend it");
        System.IO.File.ReadAllText(FilePath).ShouldBe(content);
        new ModelStore(folder.Path, ModelCatalog.BuiltIn, [], TimeProvider.System).KnownIds.ShouldBe(["all-MiniLM-L6-v2"]);
    }

    [Theory]
    [InlineData("\"id\": \"a\"", "\"id\": \"../a\"", "id is '../a'")]
    [InlineData("\"id\": \"a\"", "\"id\": \"all-MiniLM-L6-v2\"", "its id is that of a built-in model")]
    [InlineData("\"id\": \"a\"", "\"id\": 7", "models[0] is left out")]
    [InlineData("\"id\": \"a\"", "\"id\": null", "models[0] is left out")]
    [InlineData("\"kind\": \"hub\"", "\"kind\": \"ftp\"", "models[0] ('a') is left out")]
    [InlineData("\"kind\": \"hub\"", "\"kind\": \"npm\"", "sources[0].name is 'x/a'; it must be the name of an npm package")]
    [InlineData("\"name\": \"x/a\"", "\"name\": \"-x\"", "sources[0].name is '-x'; it must be OWNER/REPOSITORY")]
    [InlineData("\"name\": \"x/a\"", "\"name\": \"../x\"", "sources[0].name is '../x'")]
    [InlineData("11111111", "main", "sources[0].version is 'main")]
    [InlineData("config.json", "../config.json", "sources[0].files[0].name is '../config.json'")]
    [InlineData("config.json", "/etc/passwd", "sources[0].files[0].name is '/etc/passwd'")]
    [InlineData("config.json", ".hidden", "sources[0].files[0].name is '.hidden'")]
    [InlineData("config.json", "a\\\\b", "sources[0].files[0].name is 'a\\b'")]
    [InlineData("\"bytes\": 612", "\"bytes\": -1", "sources[0].files[0].bytes is '-1'")]
    [InlineData("\"bytes\": 612", "\"bytes\": 1e99", "models[0] ('a') is left out")]
    [InlineData(Hash, "ABC", "sources[0].files[0].sha256 is 'ABC'; it must be 64 lower-case hex digits")]
    [InlineData("\"license\": \"\"", "\"licence\": \"\"", "models[0] ('a') is left out")]
    [InlineData("\"sources\": [", "\"sources\": null, \"x\": [", "models[0] ('a') is left out")]
    [InlineData("\"sources\": [", "\"sources\": [null, ", "sources[0] is null")]
    [InlineData("\"files\": [", "\"files\": [null, ", "sources[0].files[0] is null")]
    [InlineData("\"bytes\": 612", "\"bytes\": 9223372036854775807", "sources[0].files[0].bytes is '9223372036854775807'")]
    [InlineData("\"id\": \"a\"", "\"id\": \"models.json\"", "id is 'models.json'")]
    public void Read_OneEntryWrong_IsNamedAndTheOthersWork(string old, string changed, string named)
    {
        File.Write(Model("a"));
        var text = System.IO.File.ReadAllText(FilePath);
        text.ShouldContain(old);
        System.IO.File.WriteAllText(FilePath, text.Replace(old, changed, StringComparison.Ordinal));
        File.Write(Model("b"));

        var read = File.Read();

        read.Problems.ShouldHaveSingleItem().ShouldContain(named);
        read.Models.Select(model => model.Id).ShouldBe(["b"]);
    }

    [Fact]
    public void Read_ANameTwice_TheFirstCounts()
    {
        File.Write(Model("a"));
        var one = JsonNode.Parse(System.IO.File.ReadAllText(FilePath))!["models"]![0]!.ToJsonString();
        System.IO.File.WriteAllText(FilePath, $$"""{"models": [{{one}}, {{one}}]}""");

        var read = File.Read();

        read.Models.Count.ShouldBe(1);
        read.Problems.ShouldHaveSingleItem().ShouldContain("models[1] ('a') is left out: its id is there before");
    }

    [Fact]
    public void Write_EntryThatReadingWouldLeaveOut_IsRefusedNamingWhatIsWrong()
    {
        var model = Model("a");
        var files = Enumerable.Range(0, ModelNames.MaxFiles + 1).Select(i => new ModelFile($"f{i}", 1, Hash)).ToList();

        Should.Throw<ModelPullException>(() => File.Write(model with { Sources = [model.Sources[0] with { Files = files }] })).Message.ShouldContain("2049 files");
        File.Read().ShouldSatisfyAllConditions(read => read.Models.ShouldBeEmpty(), read => read.Problems.ShouldBeEmpty());
    }

    [Fact]
    public void Write_BeyondTheLimitOfTheFile_IsRefusedAndTheFileStaysAsItWas()
    {
        var name = new string('f', 190);
        var files = Enumerable.Range(0, ModelNames.MaxFiles).Select(i => new ModelFile($"{name}{i}", 1, Hash)).ToList();
        var written = 0;

        var refusal = Should.Throw<ModelPullException>(() =>
        {
            for (; written < 100; written++)
            {
                var model = Model($"m{written}");
                File.Write(model with { Sources = [model.Sources[0] with { Files = files }] });
            }
        });

        refusal.Message.ShouldContain("16777216");
        File.Read().Models.Count.ShouldBe(written);
    }

    private static CatalogModel Model(string id) =>
        new(id, "", [new ModelSource(ModelSourceKind.Hub, $"x/{id}", new string('1', 40), [new ModelFile("config.json", 612, Hash)])]);
}
