namespace RagPlatform.Contracts.Tests;

public sealed class ChunkIdTests
{
    private static readonly DocumentKey Document = new("default", "docs", "guide.md");

    /// <summary>Ids are stored in indexes: a change of the function would orphan them all.</summary>
    [Fact]
    public void Create_OfKnownChunk_IsWhatItAlwaysWas() =>
        ChunkId.Create(Document, "00ff", 3).ShouldBe("81b20c496fd54cf93c1bc4fe7acfd773");

    [Fact]
    public void Create_OfTheSameChunk_IsTheSame() =>
        ChunkId.Create(Document with { }, "00ff", 3).ShouldBe(ChunkId.Create(Document, "00ff", 3));

    [Fact]
    public void Create_WhenAnyPartDiffers_Differs()
    {
        string[] ids =
        [
            ChunkId.Create(Document, "00ff", 3),
            ChunkId.Create(Document with { Tenant = "other" }, "00ff", 3),
            ChunkId.Create(Document with { Collection = "other" }, "00ff", 3),
            ChunkId.Create(Document with { DocumentId = "other" }, "00ff", 3),
            ChunkId.Create(Document, "00fe", 3),
            ChunkId.Create(Document, "00ff", 4),
        ];

        ids.Distinct().Count().ShouldBe(ids.Length);
    }
}
