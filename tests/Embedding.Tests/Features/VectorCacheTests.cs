using RagPlatform.Embedding.Features.EmbedChunks;

namespace RagPlatform.Embedding.Tests.Features;

public sealed class VectorCacheTests
{
    private static readonly CachedVector Vector = new([1, 2], 0);

    [Fact]
    public void Add_PastCapacity_ForgetsTheLeastRecentlyUsed()
    {
        var cache = new VectorCache(2);
        cache.Add("a", Vector);
        cache.Add("b", Vector);
        cache.Find("a").ShouldNotBeNull();
        cache.Add("c", Vector);

        cache.Find("b").ShouldBeNull();
        cache.Find("a").ShouldNotBeNull();
        cache.Find("c").ShouldNotBeNull();
    }

    [Fact]
    public void Add_CapacityZero_RemembersNothing()
    {
        var cache = new VectorCache(0);
        cache.Add("a", Vector);

        cache.Find("a").ShouldBeNull();
    }

    [Fact]
    public void Key_OtherModelOrText_IsAnotherKey()
    {
        string[] keys = [VectorCache.Key("m", "text"), VectorCache.Key("n", "text"), VectorCache.Key("m", "texts")];

        keys.Distinct().Count().ShouldBe(3);
    }
}
