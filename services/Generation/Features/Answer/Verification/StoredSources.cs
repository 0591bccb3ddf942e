using RagPlatform.Generation.Dependencies;

namespace RagPlatform.Generation.Features.Answer.Verification;

/// <summary>
/// What is stored where the sources say they stand, read in one call per answer: the only judge of a quote. What
/// retrieval or a model says a source holds does not count.
/// </summary>
public sealed class StoredSources
{
    private readonly Dictionary<int, (Source Source, string Text)> byNumber = [];

    private StoredSources()
    {
    }

    /// <param name="sources">At most 256. One that is gone, or too long to be read at once, supports nothing.</param>
    public static async Task<StoredSources> ReadAsync(
        IStoredTextReader reader, AnswerQuestion question, IReadOnlyList<Source> sources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(question);
        using var span = GenerationTelemetry.Source.StartActivity("verify citations");
        var readable = sources.Select(source => (source, range: new StoredRange(source.DocumentId, source.Version, source.Start, source.End))).Where(pair => pair.range.IsReadable).ToArray();
        var stored = new StoredSources();
        if (readable.Length > 0)
        {
            var passages = await reader.ReadAsync(question.Tenant, question.Collection, [.. readable.Select(pair => pair.range)], widen: false, cancellationToken);
            foreach (var ((source, _), text) in readable.Zip(passages.Select(passage => passage?.Text)))
            {
                if (text is not null && text.Length == source.End - source.Start)
                {
                    stored.byNumber[source.Number] = (source, text);
                }
            }
        }

        span?.SetTag("rag.sources", sources.Count).SetTag("rag.sources_stored", stored.byNumber.Count);
        return stored;
    }

    /// <summary>The stored text of a source; null when it is not there (any more).</summary>
    public string? TextOf(int sourceNumber) => byNumber.TryGetValue(sourceNumber, out var stored) ? stored.Text : null;

    /// <summary>The citation, if the stored text holds the quote at these offsets, character for character; otherwise null.</summary>
    /// <param name="start">Into the source's own text, in UTF-16 code units.</param>
    public Citation? Cite(int sourceNumber, string quote, int start)
    {
        ArgumentNullException.ThrowIfNull(quote);
        if (!byNumber.TryGetValue(sourceNumber, out var stored)
            || quote.Length == 0
            || start < 0
            || start > stored.Text.Length - quote.Length
            || !stored.Text.AsSpan(start, quote.Length).SequenceEqual(quote))
        {
            return null;
        }

        return new Citation(stored.Source, quote, stored.Source.Start + start, stored.Source.Start + start + quote.Length);
    }
}
