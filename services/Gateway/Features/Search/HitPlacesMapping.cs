using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Gateway.Features.Search;

/// <summary>Hits as ranges to be read from the registry, and with what it holds there.</summary>
internal static class HitPlacesMapping
{
    /// <summary>Of one range, as the registry reads it.</summary>
    private const int MaxRangeCharacters = 16_384;

    /// <summary>One for each hit; none when there is nothing that can be read.</summary>
    public static IReadOnlyList<PassageRange> ToRanges(this IReadOnlyList<SearchHit> hits)
    {
        var ranges = hits.Select(hit => new PassageRange { DocumentId = hit.DocumentId, Version = hit.Version, StartOffset = hit.StartOffset, EndOffset = hit.EndOffset }).ToArray();
        return ranges.All(range => range.StartOffset >= 0 && range.EndOffset >= range.StartOffset && range.EndOffset - range.StartOffset <= MaxRangeCharacters) ? ranges : [];
    }

    /// <summary>Hits of one parent become that parent, in the place of the best of them.</summary>
    /// <param name="hits">As the index found them, best first.</param>
    /// <param name="passages">Of their ranges.</param>
    public static IReadOnlyList<SearchHit> Place(this IReadOnlyList<SearchHit> hits, IReadOnlyList<Passage> passages)
    {
        var placed = new List<SearchHit>();
        var seen = new HashSet<(string DocumentId, long Version, int Start, int End)>();
        foreach (var (hit, passage) in hits.Zip(passages))
        {
            if (passage.Found)
            {
                hit.Location = passage.Location;
                if (passage.StartOffset < hit.StartOffset || passage.EndOffset > hit.EndOffset)
                {
                    (hit.Text, hit.StartOffset, hit.EndOffset) = (passage.Text, passage.StartOffset, passage.EndOffset);
                }
            }

            if (seen.Add((hit.DocumentId, hit.Version, hit.StartOffset, hit.EndOffset)))
            {
                placed.Add(hit);
            }
        }

        return placed;
    }
}
