using RagPlatform.Generation.Dependencies;

namespace RagPlatform.Generation.Features.Answer;

/// <summary>Where sources and quotes stand: in the parents that are quoted in place of small chunks, and in the originals.</summary>
internal sealed class SourcePlaces(IStoredTextReader storedTexts)
{
    /// <summary>
    /// The sources with their places; those of one parent become one source, that parent, in the place of the best of them.
    /// What the registry does not hold stays as it is: it supports nothing later.
    /// </summary>
    public async Task<IReadOnlyList<Source>> WidenAsync(AnswerQuestion question, IReadOnlyList<Source> sources, CancellationToken cancellationToken)
    {
        var passages = await ReadAsync(question, [.. sources.Select(RangeOf)], widen: true, cancellationToken);
        var widened = new List<Source>();
        foreach (var (source, passage) in sources.Zip(passages))
        {
            var placed = passage is null ? source : Place(source, passage);
            if (widened.FindIndex(other => RangeOf(other) == RangeOf(placed)) is var same and >= 0)
            {
                widened[same] = widened[same] with { VectorScore = Math.Max(widened[same].VectorScore, placed.VectorScore) };
            }
            else
            {
                widened.Add(placed with { Number = widened.Count + 1 });
            }
        }

        return widened;
    }

    /// <summary>The citations with their own places, which are narrower than their sources'.</summary>
    public async Task<IReadOnlyList<Citation>> LocateAsync(AnswerQuestion question, IReadOnlyList<Citation> citations, CancellationToken cancellationToken)
    {
        if (!citations.Any(citation => citation.Source.Location.Length > 0))
        {
            return citations;
        }

        var ranges = citations.Select(citation => new StoredRange(citation.Source.DocumentId, citation.Source.Version, citation.Start, citation.End)).ToArray();
        var passages = await ReadAsync(question, ranges, widen: false, cancellationToken);
        return [.. citations.Zip(passages).Select(pair => pair.First with { Location = pair.Second?.Location ?? pair.First.Source.Location })];
    }

    private static StoredRange RangeOf(Source source) => new(source.DocumentId, source.Version, source.Start, source.End);

    private static Source Place(Source source, StoredPassage passage) => passage.Start == source.Start && passage.End == source.End
        ? source with { Location = passage.Location }
        : source with { Text = passage.Text, Start = passage.Start, End = passage.End, Location = passage.Location };

    private async Task<IReadOnlyList<StoredPassage?>> ReadAsync(AnswerQuestion question, StoredRange[] ranges, bool widen, CancellationToken cancellationToken)
    {
        var passages = new StoredPassage?[ranges.Length];
        var readable = Enumerable.Range(0, ranges.Length).Where(index => ranges[index].IsReadable).ToArray();
        if (readable.Length > 0)
        {
            var read = await storedTexts.ReadAsync(question.Tenant, question.Collection, [.. readable.Select(index => ranges[index])], widen, cancellationToken);
            foreach (var (index, passage) in readable.Zip(read))
            {
                passages[index] = passage;
            }
        }

        return passages;
    }
}
