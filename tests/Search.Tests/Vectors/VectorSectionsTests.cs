using RagPlatform.Search.Files;
using RagPlatform.Search.Segments;
using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Tests.Vectors;

/// <summary>Sections that do not fit together are refused when they are opened, not read beyond their ends.</summary>
public class VectorSectionsTests
{
    private const int Dimension = 16;

    [Theory]
    [InlineData(SectionId.Vectors)]
    [InlineData(SectionId.VectorStatistics)]
    [InlineData(SectionId.VectorCodes)]
    [InlineData(SectionId.VectorCodeScales)]
    [InlineData(SectionId.GraphStatistics)]
    [InlineData(SectionId.GraphLevels)]
    [InlineData(SectionId.GraphLinks)]
    [InlineData(SectionId.GraphUpperOffsets)]
    [InlineData(SectionId.GraphUpperLinks)]
    [InlineData(SectionId.GraphTwins)]
    public void Open_SectionOneByteShort_IsRefused(SectionId shortened)
    {
        var bytes = new MemoryBytes();
        using var writer = new SegmentWriter(bytes);
        var rows = TestVectors.RandomRows(new Random(51), 50, Dimension);
        VectorSectionWriter.Write(
            new ShorteningWriter(writer, shortened), Array.ConvertAll(rows, row => new ReadOnlyMemory<float>(row)),
            TestOptions.Of(Dimension, graphFromChunks: 1), CancellationToken.None);
        writer.Finish();
        using var sections = new StoredSections(bytes, isVerified: false);

        Should.Throw<InvalidDataException>(() => new VectorSegment(sections));
    }

    private sealed class ShorteningWriter(ISectionWriter inner, SectionId shortened) : ISectionWriter
    {
        public Stream Begin(SectionId id) => id == shortened ? new ShorteningStream(inner.Begin(id)) : inner.Begin(id);
    }

    /// <summary>Swallows the first byte.</summary>
    private sealed class ShorteningStream(Stream inner) : MemoryStream
    {
        private int _swallowed;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var skipped = Math.Min(buffer.Length, 1 - _swallowed);
            _swallowed += skipped;
            inner.Write(buffer[skipped..]);
        }
    }
}
