using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RagPlatform.Embedding.Cache;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Cache;

public sealed class VectorCacheTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ManualTime time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Find_AddedJustNow_IsThere()
    {
        using var cache = await StartAsync();

        cache.Add(VectorDatabaseTests.Key(1), VectorDatabaseTests.Entry(1).Value);

        cache.Find([VectorDatabaseTests.Key(1)])[0]!.Vector.ShouldBe(VectorDatabaseTests.Entry(1).Value.Vector);
    }

    [Fact]
    public async Task Find_AfterARestart_IsThere()
    {
        using (var before = await StartAsync())
        {
            Enumerable.Range(0, 1000).ToList().ForEach(i => before.Add(VectorDatabaseTests.Key(i), VectorDatabaseTests.Entry(i).Value));
            await before.StopAsync(CancellationToken.None).WithTimeout("the stop");
        }

        using var cache = await StartAsync();

        cache.Find([.. Enumerable.Range(0, 1000).Select(VectorDatabaseTests.Key)]).ShouldAllBe(vector => vector != null);
    }

    [Fact]
    public async Task Find_SizeZero_RemembersNothingAndMakesNoFile()
    {
        using var cache = await StartAsync(megabytes: 0);

        cache.Add(VectorDatabaseTests.Key(1), VectorDatabaseTests.Entry(1).Value);

        cache.Find([VectorDatabaseTests.Key(1)])[0].ShouldBeNull();
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_FolderCannotBeMade_GoesOnWithout()
    {
        await File.WriteAllTextAsync(folder.File("embedding"), "in the way");
        using var cache = await StartAsync();

        cache.Add(VectorDatabaseTests.Key(1), VectorDatabaseTests.Entry(1).Value);

        cache.Find([VectorDatabaseTests.Key(1)])[0].ShouldBeNull();
    }

    [Theory]
    [InlineData("model", "text", "other", "text")]
    [InlineData("model", "text", "model", "other")]
    [InlineData("model", "text", "mode", "ltext")]
    public void Key_OtherModelOrText_IsAnotherKey(string model, string text, string otherModel, string otherText) =>
        VectorKey.OfPassage(model, text).ShouldNotBe(VectorKey.OfPassage(otherModel, otherText));

    private async Task<VectorCache> StartAsync(int megabytes = 16)
    {
        var options = new EmbeddingOptions { CacheDirectory = folder.File("embedding"), CacheMegabytes = megabytes };
        var cache = new VectorCache(Options.Create(options), time, NullLogger<VectorCache>.Instance);
        await cache.StartAsync(CancellationToken.None).WithTimeout("the cache's start");
        return cache;
    }
}
