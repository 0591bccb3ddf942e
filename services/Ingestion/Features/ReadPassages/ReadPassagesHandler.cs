using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ReadPassages;

/// <summary>What stored texts really say in the given ranges, or in the parents around them, and where: so that quotes can be checked.</summary>
public sealed class ReadPassagesHandler(StoredTexts texts)
{
    public const int MaxRanges = 256;
    public const int MaxRangeCharacters = 16_384;

    /// <returns>As many as ranges, in their order; null where there is nothing.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field, its value and the limit.</exception>
    public IReadOnlyList<StoredPassage?> Read(string tenant, string collection, IReadOnlyList<TextRange> ranges, bool widenToParent)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        SubmissionRules.CheckTenant(tenant);
        SubmissionRules.CheckCollection(collection);
        if (ranges.Count is 0 or > MaxRanges)
        {
            throw IngestionErrors.Invalid("ranges", $"{ranges.Count} are given; 1 to {MaxRanges} are allowed.", "Ask in several calls.");
        }

        for (var index = 0; index < ranges.Count; index++)
        {
            if (ranges[index] is { Start: var start, End: var end } && (start < 0 || end < start || end - start > MaxRangeCharacters))
            {
                throw IngestionErrors.Invalid($"ranges[{index}]", $"{start} to {end} is no range of 0 to {MaxRangeCharacters} characters.", "Give start_offset at least 0 and end_offset not before it.");
            }
        }

        return texts.Read(tenant, collection, ranges, widenToParent);
    }
}
