using RagPlatform.Retrieval.Storage.QdrantStore;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

public sealed class RevisionTests
{
    private static readonly IndexedDocument Document = IndexedDocuments.Create("doc", 3, 2, ("a", "b"), ("c", "d"));

    [Fact]
    public void Of_SameContent_IsTheSame()
    {
        var again = IndexedDocuments.Create("doc", 3, 2, ("c", "d"), ("a", "b"));

        Revision.Of(again).ShouldBe(Revision.Of(Document));
    }

    [Fact]
    public void Of_AnyChange_IsAnother()
    {
        var first = Document.Chunks[0];
        IndexedDocument[] changed =
        [
            Document with { DocumentId = "other" },
            Document with { Version = 4 },
            Document with { Title = "Other" },
            Document with { Uri = "other" },
            Document with { Metadata = new Dictionary<string, string> { ["a"] = "bc", [""] = "d" } },
            Document with { Chunks = [first] },
            Document with { Chunks = [Document.Chunks[1], first] },
            With(first with { ChunkId = "other" }),
            With(first with { Ordinal = 9 }),
            With(first with { HeadingPath = ["GuideSection 0"] }),
            With(first with { Text = first.Text + "." }),
            With(first with { StartOffset = 1 }),
            With(first with { EndOffset = 51 }),
            With(first with { Vector = IndexedDocuments.Vector(999) }),
        ];

        changed.Append(Document).Select(Revision.Of).ShouldBeUnique();
    }

    private static IndexedDocument With(IndexedChunk chunk) => Document with { Chunks = [chunk, Document.Chunks[1]] };
}
