using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Gateway.Features.Search;

/// <summary>Hits with what the registry holds where they stand.</summary>
internal sealed class HitPlaces
{
    /// <summary>Of one range, as the registry reads it.</summary>
    private const int MaxRangeCharacters = 16_384;

    private HitPlaces(IReadOnlyList<SearchHit> hits, IReadOnlyList<PassageRange> ranges) => (Hits, Ranges) = (hits, ranges);

    /// <summary>As the index found them, best first.</summary>
    public IReadOnlyList<SearchHit> Hits { get; }

    /// <summary>To be read, one for each hit; none when there is nothing that can be.</summary>
    public IReadOnlyList<PassageRange> Ranges { get; }

    public static HitPlaces Of(IReadOnlyList<SearchHit> hits)
    {
        var ranges = hits.Select(hit => new PassageRange { DocumentId = hit.DocumentId, Version = hit.Version, StartOffset = hit.StartOffset, EndOffset = hit.EndOffset }).ToArray();
        return new HitPlaces(hits, ranges.All(range => range.StartOffset >= 0 && range.EndOffset >= range.StartOffset && range.EndOffset - range.StartOffset <= MaxRangeCharacters) ? ranges : []);
    }

    /// <summary>Hits of one parent become that parent, in the place of the best of them.</summary>
    public IReadOnlyList<SearchHit> Place(IReadOnlyList<Passage> passages)
    {
        var placed = new List<SearchHit>();
        var seen = new HashSet<(string DocumentId, long Version, int Start, int End)>();
        foreach (var (hit, passage) in Hits.Zip(passages))
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
