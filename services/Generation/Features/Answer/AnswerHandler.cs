using System.Runtime.CompilerServices;
using RagPlatform.Generation.Dependencies;

namespace RagPlatform.Generation.Features.Answer;

/// <summary>Validates, retrieves, widens to parents, lets the model's answerer answer, and accounts for how it went.</summary>
internal sealed partial class AnswerHandler(ISourceFinder finder, SourcePlaces places, AnswererCatalog answerers, TimeProvider time, ILogger<AnswerHandler> logger)
{
    public async IAsyncEnumerable<AnswerPart> HandleAsync(AnswerQuestion request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var question = AnswerValidation.Validate(request);
        var answerer = answerers.Resolve(question.Model);
        var model = answerer.Model!;
        var outcome = "failed";
        try
        {
            var (found, timings) = await RetrieveAsync(question, cancellationToken);
            question = InItsCollection(question, found);
            yield return new SourcesPart(found.Sources);
            var parts = found.Sources.Count > 0 ? answerer.AnswerAsync(question, found.Sources, cancellationToken) : NothingFound(question, model);
            var abstained = false;
            await foreach (var part in parts.WithCancellation(cancellationToken))
            {
                if (part is AbstentionPart abstention)
                {
                    abstained = true;
                    GenerationTelemetry.Abstentions.Add(1, GenerationTelemetry.Reason(abstention.Reason.ToString()));
                }
                else if (part is CompletionPart completion)
                {
                    outcome = abstained ? "abstained" : "answered";
                    GenerationTelemetry.UnsupportedCitations.Add(completion.UnsupportedCitations, GenerationTelemetry.Model(model));
                    LogAnswered(logger, outcome, model, found.Sources.Count, completion.Evidence, completion.UnsupportedCitations);
                    yield return completion with { Timings = [.. timings, .. completion.Timings] };
                    continue;
                }

                yield return part is CitationsPart cited ? new CitationsPart(await places.LocateAsync(question, cited.Citations, cancellationToken)) : part;
            }
        }
        finally
        {
            GenerationTelemetry.Answers.Add(1, GenerationTelemetry.Outcome(outcome), GenerationTelemetry.Model(model));
            GenerationTelemetry.Duration.Record(time.GetElapsedTime(started).TotalSeconds, GenerationTelemetry.Outcome(outcome), GenerationTelemetry.Model(model));
        }
    }

    private async Task<(FoundSources Found, PartTiming[] Timings)> RetrieveAsync(AnswerQuestion question, CancellationToken cancellationToken)
    {
        using var span = GenerationTelemetry.Source.StartActivity("retrieve");
        var started = time.GetTimestamp();
        var found = await finder.FindAsync(question, cancellationToken);
        var milliseconds = time.GetElapsedTime(started).TotalMilliseconds;
        var reading = time.GetTimestamp();
        found = found with { Sources = await places.WidenAsync(InItsCollection(question, found), found.Sources, cancellationToken) };
        span?.SetTag("rag.collection", question.Collection).SetTag("rag.sources", found.Sources.Count);
        PartTiming[] reranking = found.RerankModelMilliseconds > 0 ? [new PartTiming("reranking", found.RerankModelMilliseconds, IsModel: true)] : [];
        return (found,
        [
            new PartTiming("retrieval", Math.Max(0, milliseconds - found.ModelMilliseconds - found.RerankModelMilliseconds), IsModel: false),
            new PartTiming("question embedding", found.ModelMilliseconds, IsModel: true),
            .. reranking,
            new PartTiming("passages", time.GetElapsedTime(reading).TotalMilliseconds, IsModel: false),
        ]);
    }

    /// <summary>The registry knows no aliases: what is stored is read from the collection that was searched.</summary>
    private static AnswerQuestion InItsCollection(AnswerQuestion question, FoundSources found) =>
        found.Collection.Length > 0 ? question with { Collection = found.Collection } : question;

    private static async IAsyncEnumerable<AnswerPart> NothingFound(AnswerQuestion question, string model)
    {
        await Task.CompletedTask;
        yield return new AbstentionPart(AbstentionReason.NothingFound, $"The collection '{question.Collection}' holds nothing near this question{(question.Filter is null ? "" : " that the filter lets through")}.");
        yield return new CompletionPart(model, 0, 0, 0, 0, 0, []);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information,
        Message = "A question was {Outcome} by {Model} from {SourceCount} sources with evidence {Evidence:F2}; {UnsupportedCitations} unsupported citations were removed")]
    private static partial void LogAnswered(ILogger logger, string outcome, string model, int sourceCount, double evidence, int unsupportedCitations);
}
