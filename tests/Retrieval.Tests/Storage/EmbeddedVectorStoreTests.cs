using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
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
    }

    private protected override IVectorStore NewStore() =>
        new EmbeddedVectorStore(Folders(), Options.Create(_options), TimeProvider.System, NullLogger<EmbeddedVectorStore>.Instance);

    private IndexFolders Folders() => new(_folder.File("indexes"), NullLogger<IndexFolders>.Instance);
}
