using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using RagPlatform.Generation.Dependencies;
using RagPlatform.Generation.Features.Answer.Verification;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>
/// Lets a chat model answer from the sources, and lets only those of its sentences through whose quotes stand in the
/// stored text. Each sentence leaves as soon as it has ended.
/// </summary>
internal sealed class ChatAnswerer(
    OpenAIChatClientFactory clients, IStoredTextReader storedTexts, IOptions<GenerationOptions> options, TimeProvider time, ILogger<ChatAnswerer> logger) : IAnswerer
{
    private readonly OpenAIOptions settings = options.Value.OpenAI;

    public string? Model => settings.BaseUrl.Length > 0 && settings.Model.Length > 0 ? ModelNames.OpenAIPrefix + settings.Model : null;

    public async IAsyncEnumerable<AnswerPart> AnswerAsync(
        AnswerQuestion question, IReadOnlyList<Source> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var stored = await StoredSources.ReadAsync(storedTexts, question, sources, cancellationToken);
        var timings = new List<PartTiming> { new("verification", time.GetElapsedTime(started).TotalMilliseconds, IsModel: false) };
        var prompt = PromptSources.Fit(sources, stored, settings.MaxContextCharacters);
        if (prompt.Count == 0)
        {
            yield return new AbstentionPart(AbstentionReason.UnsupportedAnswer, "What was found is no longer in the stored documents.");
            yield return new CompletionPart(Model!, 0, 0, 0, 0, 0, timings);
            yield break;
        }

        var verifier = new SentenceVerifier(stored, question.Question);
        var usage = new UsageDetails();
        var called = time.GetTimestamp();
        var declined = false;
        await foreach (var sentence in ReadSentencesAsync(GroundedPrompt.Write(question.Question, prompt), usage, verifier, cancellationToken))
        {
            if (IsAbstention(sentence.Text))
            {
                declined = true;
            }
            else if (verifier.SupportedSentences is var before && verifier.Verify(sentence.Text) is { } text)
            {
                yield return new TextPart((before == 0 ? "" : sentence.BeginsLine ? "\n" : " ") + text);
            }
        }

        timings.Add(new PartTiming("model", time.GetElapsedTime(called).TotalMilliseconds, IsModel: true));
        yield return Conclude(verifier, declined);
        yield return new CompletionPart(
            Model!,
            usage.InputTokenCount ?? 0,
            usage.OutputTokenCount ?? 0,
            verifier.UnsupportedCitations,
            verifier.UnsupportedSentences,
            Evidence(verifier),
            timings);
    }

    private async IAsyncEnumerable<AnswerSentence> ReadSentencesAsync(
        IReadOnlyList<ChatMessage> prompt, UsageDetails usage, SentenceVerifier verifier, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = clients.Create();
        using var span = StartSpan();
        span?.SetStatus(ActivityStatusCode.Error, "The answer did not come to its end.");
        var sentences = new AnswerSentences();
        await foreach (var update in new ChatStream(client, settings, time, logger).ReadAsync(prompt, cancellationToken))
        {
            foreach (var content in update.Contents.OfType<UsageContent>())
            {
                usage.Add(content.Details);
            }

            foreach (var sentence in sentences.Append(update.Text))
            {
                yield return sentence;
            }
        }

        foreach (var sentence in sentences.Complete())
        {
            yield return sentence;
        }

        verifier.CountUnsupported(sentences.GivenUp);
        span?.SetTag("gen_ai.usage.input_tokens", usage.InputTokenCount).SetTag("gen_ai.usage.output_tokens", usage.OutputTokenCount).SetStatus(ActivityStatusCode.Unset);
    }

    /// <summary>After OpenTelemetry's semantic conventions for generative AI.</summary>
    private Activity? StartSpan()
    {
        var endpoint = new Uri(settings.BaseUrl);
        return GenerationTelemetry.Source.StartActivity($"chat {settings.Model}", ActivityKind.Client)?
            .SetTag("gen_ai.operation.name", "chat")
            .SetTag("gen_ai.provider.name", "openai")
            .SetTag("gen_ai.request.model", settings.Model)
            .SetTag("gen_ai.request.max_tokens", settings.MaxOutputTokens)
            .SetTag("server.address", endpoint.Host)
            .SetTag("server.port", endpoint.Port);
    }

    private static AnswerPart Conclude(SentenceVerifier verifier, bool declined) =>
        verifier.Citations.Count > 0 ? new CitationsPart(verifier.Citations)
        : declined ? new AbstentionPart(AbstentionReason.WeakEvidence, "The model found no answer in the sources.")
        : new AbstentionPart(AbstentionReason.UnsupportedAnswer, "The model answered, but nothing it said could be verified in the stored documents.");

    /// <summary>The share of the model's sentences that the sources support.</summary>
    private static double Evidence(SentenceVerifier verifier) =>
        verifier.SupportedSentences == 0 ? 0 : (double)verifier.SupportedSentences / (verifier.SupportedSentences + verifier.UnsupportedSentences);

    private static bool IsAbstention(string sentence) =>
        sentence.AsSpan().Trim("\"'*_`.! ").Equals(GroundedPrompt.Abstention, StringComparison.OrdinalIgnoreCase);
}
