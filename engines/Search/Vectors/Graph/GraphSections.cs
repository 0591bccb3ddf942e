using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Vectors.Graph;

/// <summary>The section of that name; written to disk as it lies in memory.</summary>
internal readonly record struct GraphStatistics(int Links, int Entry);

/// <summary>A graph in the sections of a segment.</summary>
internal static unsafe class GraphSections
{
    /// <exception cref="InvalidDataException">The sections do not fit together.</exception>
    public static NearGraph Open(SegmentSections sections, int rowCount)
    {
        if (sections[SectionId.GraphStatistics].Values<GraphStatistics>() is not [{ Links: > 0 } statistics]
            || statistics.Entry < 0 || statistics.Entry >= rowCount)
        {
            throw new InvalidDataException("The statistics of a segment's graph do not hold one entry with links and a row to begin at.");
        }

        var levels = sections.Checked(SectionId.GraphLevels, rowCount);
        long lists = 0;
        for (var row = 0; row < rowCount; row++)
        {
            lists += levels[row];
        }

        return new NearGraph(rowCount, statistics.Links, new GraphPointers(
            levels,
            (int*)sections.Checked(SectionId.GraphLinks, (long)rowCount * 2 * statistics.Links * sizeof(int)),
            (int*)sections.Checked(SectionId.GraphUpperOffsets, (long)rowCount * sizeof(int)),
            (int*)sections.Checked(SectionId.GraphUpperLinks, lists * statistics.Links * sizeof(int)),
            (int*)sections.Checked(SectionId.GraphTwins, (long)rowCount * sizeof(int))))
        {
            Entry = statistics.Entry,
        };
    }
}
