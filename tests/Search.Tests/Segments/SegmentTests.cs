using RagPlatform.Search.Files;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Tests.Segments;

public class SegmentTests
{
    private static readonly SegmentBuilder Builder = new(TestDocuments.Options);

    [Fact]
    public void Documents_OfAnyShape_ComeOutAsTheyWentIn()
    {
        var random = new Random(1);
        IndexedDocument[] documents = [.. Enumerable.Range(0, 200).Select(i => TestDocuments.Random(random, $"d{i}", i + 1))];

        var segment = new Segment(Builder.Build(documents, default));

        segment.DocumentCount.ShouldBe(documents.Length);
        segment.RowCount.ShouldBe(documents.Sum(document => document.Chunks.Count));
        for (var i = 0; i < documents.Length; i++)
        {
            segment.Documents.Find($"d{i}", RowSet.All(documents.Length)).ShouldBe(i);
            TestDocuments.ShouldBeSame(DocumentReading.Read(segment, i), documents[i]);
        }

        segment.Documents.Find("d200", RowSet.All(documents.Length)).ShouldBe(-1);
        segment.Release();
    }

    [Fact]
    public void Merge_OfWhatIsLive_EqualsASegmentOfTheRest()
    {
        var random = new Random(2);
        var views = new List<SegmentView>();
        var kept = new List<IndexedDocument>();
        for (var i = 0; i < 6; i++)
        {
            IndexedDocument[] documents = [.. Enumerable.Range(0, i * 5).Select(j => TestDocuments.Random(random, $"{i}/{j}", 1))];
            var view = SegmentView.All(new Segment(Builder.Build(documents, default)));
            for (var j = 0; j < documents.Length; j++)
            {
                if (random.Next(3) == 0)
                {
                    view = view.Without(j);
                }
                else
                {
                    kept.Add(documents[j]);
                }
            }

            view.LiveCount.ShouldBe(view.Live.Count());
            views.Add(view);
        }

        var merged = new MemoryBytes();
        Builder.Merge(views, merged, default);

        var segment = new Segment(merged);
        segment.DocumentCount.ShouldBe(kept.Count);
        for (var i = 0; i < kept.Count; i++)
        {
            TestDocuments.ShouldBeSame(DocumentReading.Read(segment, i), kept[i]);
        }

        var rebuilt = Builder.Build(kept, default);
        merged.Bytes.Values<byte>().SequenceEqual(rebuilt.Bytes.Values<byte>()).ShouldBeTrue();
    }

    [Fact]
    public void Open_WithAnyByteChangedOrCutOff_IsRefused()
    {
        var random = new Random(3);
        var bytes = Builder.Build([TestDocuments.Random(random, "a", 1), TestDocuments.Random(random, "b", 2)], default).Bytes.Values<byte>().ToArray();
        Open(bytes).Dispose();

        for (var at = 0; at < bytes.Length; at++)
        {
            byte[] changed = [.. bytes];
            changed[at] ^= (byte)(1 << random.Next(8));
            Should.Throw<InvalidDataException>(() => Open(changed), $"byte {at} of {bytes.Length}");
        }

        for (var length = 0; length < bytes.Length; length += 7)
        {
            Should.Throw<InvalidDataException>(() => Open(bytes[..length]), $"the first {length} bytes");
        }
    }

    [Fact]
    public void Open_WithASectionMissing_IsRefusedAndLetsGoOfItsFile()
    {
        var files = new MemoryIndexFiles();
        using (var file = files.Create("segment"))
        using (var writer = new SegmentWriter(file))
        {
            writer.Write<int>(SectionId.DocumentRows, [0]);
            writer.Finish();
        }

        Should.Throw<InvalidDataException>(() => new Segment(new StoredSections(files.Map("segment"), isVerified: false), "segment", null)).Message.ShouldContain("no section");

        files.OpenMaps.ShouldBe(0);
    }

    private static StoredSections Open(byte[] content)
    {
        var bytes = new MemoryBytes();
        bytes.Append(content);
        return new StoredSections(bytes, isVerified: false);
    }
}
