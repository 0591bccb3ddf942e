using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RagPlatform.Answers;
using RagPlatform.Generation.Dependencies;
using RagPlatform.Generation.Features.Answer.Verification;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Generation.Features.Answer.Extractive;

/// <summary>Quotes the sentences that answer, and nothing else; abstains when none does. The scoring is engines/Answers.</summary>
internal sealed class ExtractiveAnswerer(ITextEmbedder embedder, IStoredTextReader storedTexts, IOptions<GenerationOptions> options, TimeProvider time) : IAnswerer
{
    private readonly TextAnalyzer analyzer = new(new AnalyzerOptions());

    public string Model => ModelNames.Extractive;

    public async IAsyncEnumerable<AnswerPart> AnswerAsync(
        AnswerQuestion question, IReadOnlyList<Source> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var timings = new List<PartTiming>();
        var extract = await SelectAsync(question, sources, timings, cancellationToken);
        if (extract.Units.Count == 0 || extract.Evidence < options.Value.Extractive.MinEvidence)
        {
            yield return new AbstentionPart(AbstentionReason.WeakEvidence, "Something was found, but no sentence of it answers the question well enough to be quoted.");
            yield return Complete(extract, unsupported: 0, timings);
            yield break;
        }

        var (citations, unsupported) = await VerifyAsync(question, sources, extract, timings, cancellationToken);
        if (citations.Count == 0)
        {
            yield return new AbstentionPart(AbstentionReason.UnsupportedAnswer, "The sentences that answer are no longer in the stored documents.");
            yield return Complete(extract, unsupported, timings);
            yield break;
        }

        foreach (var text in QuotedText.Write(citations))
        {
            yield return new TextPart(text);
        }

        yield return new CitationsPart([.. citations.Select(quoted => quoted.Citation)]);
        yield return Complete(extract, unsupported, timings);
    }

    private async Task<Extract> SelectAsync(AnswerQuestion question, IReadOnlyList<Source> sources, List<PartTiming> timings, CancellationToken cancellationToken)
    {
        using var span = GenerationTelemetry.Source.StartActivity("select sentences");
        var started = time.GetTimestamp();
        var answer = options.Value.Extractive;
        var passages = sources.Select(ToPassage).ToArray();
        var reading = new Reading(question.Question, passages, analyzer, new AnswerOptions { MaxUnits = answer.MaxSentences, MaxCandidates = answer.MaxCandidates });
        span?.SetTag("rag.candidates", reading.Candidates.Count);
        if (reading.Candidates.Count == 0)
        {
            timings.Add(new PartTiming("selection", time.GetElapsedTime(started).TotalMilliseconds, IsModel: false));
            return new Extract([], 0);
        }

        var called = time.GetTimestamp();
        var similarities = await embedder.CompareAsync(question.Question, [.. reading.Candidates.Select(candidate => candidate.EmbeddingText)], cancellationToken);
        var callMilliseconds = time.GetElapsedTime(called).TotalMilliseconds;
        var extract = reading.Select([.. reading.Weigh(similarities.Cosines).Select(features => features.Evidence(EvidenceWeights.Default))]);
        span?.SetTag("rag.evidence", extract.Evidence);
        timings.Add(new PartTiming("selection", time.GetElapsedTime(started).TotalMilliseconds - callMilliseconds, IsModel: false));
        timings.Add(new PartTiming("embedding", Math.Max(0, callMilliseconds - similarities.ModelMilliseconds), IsModel: false));
        timings.Add(new PartTiming("sentence embedding", similarities.ModelMilliseconds, IsModel: true));
        return extract;
    }

    private async Task<(List<(Citation Citation, UnitKind Kind)> Citations, int Unsupported)> VerifyAsync(
        AnswerQuestion question, IReadOnlyList<Source> sources, Extract extract, List<PartTiming> timings, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var cited = extract.Units.Select(unit => sources[unit.PassageIndex]).Distinct().ToArray();
        var stored = await StoredSources.ReadAsync(storedTexts, question, cited, cancellationToken);
        var citations = new List<(Citation, UnitKind)>();
        foreach (var unit in extract.Units)
        {
            if (stored.Cite(sources[unit.PassageIndex].Number, unit.Text, unit.Unit.Start) is { } citation)
            {
                citations.Add((citation, unit.Unit.Kind));
            }
        }

        timings.Add(new PartTiming("verification", time.GetElapsedTime(started).TotalMilliseconds, IsModel: false));
        return (citations, extract.Units.Count - citations.Count);
    }

    private static Passage ToPassage(Source source) => new(
        $"{source.DocumentId}\n{source.Version}",
        source.Text,
        source.Start,
        source.HeadingPath.Count > 0 ? source.HeadingPath : [source.Title],
        source.VectorScore);

    private CompletionPart Complete(Extract extract, int unsupported, List<PartTiming> timings) =>
        new(Model, 0, 0, unsupported, unsupported, extract.Evidence, timings);
}
