using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.EmbeddedStore;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.Search.Lexical;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage;

public sealed class EmbeddedVectorStoreTests : VectorStoreConformance
{
    private readonly TestFolder _folder = new();
    private RetrievalOptions _options = new();
    private Action _beforeOpening = () => { };

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reopen_WithOtherDefaults_KeepsWhatTheIndexWasMadeWith()
    {
        await PutAsync(IndexedDocuments.Create("doc"));
        _options = new RetrievalOptions { TitleWeight = 9 };

        await ReopenAsync();

        (await FindAsync("common")).ShouldBe(["doc.1.0", "doc.1.1"]);
    }

    [Fact]
    public async Task Create_InALanguage_FindsItsInflectionsAlsoOnceTheDefaultIsAnother()
    {
        var german = Index with { Generation = 2 };
        _options = new RetrievalOptions { Language = AnalyzerLanguage.German };
        await ReopenAsync();
        await Store.CreateAsync(german, Settings, default);
        var document = IndexedDocuments.Create("doc", 1, 1);
        await PutAsync(german, document with { Chunks = [document.Chunks[0] with { Text = "die Häuser der Stadt" }] });
        _options = new RetrievalOptions();

        await ReopenAsync();

        (await FindAsync("Haus", index: german)).ShouldBe(["doc.1.0"]);
    }

    [Fact]
    public async Task Reopen_OptionsCannotBeRead_BeginsAnewOnlyIfTheFilesAreOfOthers()
    {
        await PutAsync(IndexedDocuments.Create("doc"));
        await File.WriteAllTextAsync(Folders().FolderOf(Index) + ".json", "{");
        await ReopenAsync();
        (await Store.ListAsync(default)).ShouldBeEmpty();

        await Store.CreateAsync(Index, Settings, default);
        (await FindAsync("common")).ShouldBe(["doc.1.0", "doc.1.1"]);

        await File.WriteAllTextAsync(Folders().FolderOf(Index) + ".json", "{");
        _options = new RetrievalOptions { TitleWeight = 9 };
        await ReopenAsync();
        await Store.CreateAsync(Index, Settings, default);
        (await FindAsync("common")).ShouldBeEmpty();
        Directory.EnumerateDirectories(Path.GetDirectoryName(Folders().FolderOf(Index))!, "1.aside-*").ShouldHaveSingleItem();

        await Store.DropAsync(Index, default);
        Directory.Exists(Path.GetDirectoryName(Folders().FolderOf(Index))!).ShouldBeFalse("nothing is left of what was dropped");
    }

    [Fact]
    public async Task Open_OneIndexOfTwoCannotBeOpened_TheOtherIsAndItComesBackAsItWas()
    {
        var other = Index with { Generation = 2 };
        _options = new RetrievalOptions { TitleWeight = 9 };
        await Store.CreateAsync(other, Settings, default);
        await PutAsync(IndexedDocuments.Create("doc"));
        await PutAsync(other, IndexedDocuments.Create("other"));
        var (folder, away) = (Folders().FolderOf(Index), Folders().FolderOf(Index) + ".away");
        _beforeOpening = () =>
        {
            Directory.Move(folder, away);
            File.WriteAllText(folder, "in the way");
        };

        await ReopenAsync();

        (await FindAsync("common", index: other)).ShouldBe(["other.1.0", "other.1.1"]);
        (await Store.ListAsync(default)).ShouldBe([Index, other], ignoreOrder: true);
        var refusal = await Should.ThrowAsync<ServiceException>(() => FindAsync("common"));
        (refusal.Kind, refusal.Code).ShouldBe((FailureKind.Unavailable, RetrievalErrors.IndexNotOpenedCode));
        (await Should.ThrowAsync<ServiceException>(() => Store.CreateAsync(Index, Settings, default))).Code.ShouldBe(RetrievalErrors.IndexNotOpenedCode);

        File.Delete(folder);
        Directory.Move(away, folder);
        await Store.CreateAsync(Index, Settings, default);
        (await FindAsync("common")).ShouldBe(["doc.1.0", "doc.1.1"]);
    }

    private protected override IVectorStore NewStore()
    {
        _beforeOpening();
        return new EmbeddedVectorStore(Folders(), Options.Create(_options), TimeProvider.System, NullLogger<EmbeddedVectorStore>.Instance);
    }

    private IndexFolders Folders() => new(_folder.File("indexes"), NullLogger<IndexFolders>.Instance);
}
