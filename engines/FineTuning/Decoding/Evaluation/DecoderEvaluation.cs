using System.Diagnostics;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Decoding.Chat;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Metrics;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.FineTuning.Decoding.Evaluation;

/// <summary>
/// A decoder on held-out conversations, as it serves them: perplexity and token accuracy of all learnt tokens; and for the last learnt answer of
/// some conversations what it answers itself: exact_match where the right answer is short (JSON by its value), schema_validity where
/// the answers are JSON, refusal_kept where the right answer refuses, latency_p50_ms of a whole answer.
/// </summary>
/// <param name="examples">Held out.</param>
/// <param name="shape">Of the training part's answers; null where they are not JSON.</param>
/// <param name="maxAnswers">Conversations that are answered.</param>
/// <param name="threads">That compute.</param>
internal sealed class DecoderEvaluation(DecoderExamples examples, AnswerShape? shape, int maxAnswers, int threads)
{
    /// <summary>A longer answer is right in many ways; its exact words say little.</summary>
    private const int MaxExactTokens = 64;

    private const int MaxAnswerTokens = 256;
    private const int BlockTokens = 32;

    /// <summary>The last answer that is learnt, of each conversation that has one, with what came before it.</summary>
    public static ChatTurn LastAnswer(ChatExample chat) => chat.Messages[IndexOfLast(chat)];

    /// <param name="system">Such as base.</param>
    /// <param name="model">That answers.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    public EvaluationRow Evaluate(string system, DecoderModel model, CancellationToken cancellationToken)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        var (loss, labels, right) = (0.0, 0, 0);
        foreach (var encoded in examples.Encoded)
        {
            var part = Score(model, encoded, cancellationToken);
            (loss, labels, right) = (loss + part.Loss, labels + part.Labels, right + part.Right);
        }

        metrics["perplexity"] = Math.Exp(loss / labels);
        metrics["token_accuracy"] = (double)right / labels;
        AddAnswers(model, metrics, cancellationToken);
        return new EvaluationRow(system, metrics);
    }

    private void AddAnswers(DecoderModel model, Dictionary<string, double> metrics, CancellationToken cancellationToken)
    {
        var (exact, valid, refused, milliseconds) = (new List<bool>(), new List<bool>(), new List<bool>(), new List<double>());
        foreach (var chat in examples.Chats.Take(maxAnswers))
        {
            var last = IndexOfLast(chat);
            var expected = ToolText.Answer(chat.Messages[last].Content, chat.Messages[last].ToolCalls).Trim();
            var tokens = model.Encoder.CountTokens(expected);
            ChatTurn[] before = [.. chat.Messages.Take(last)];
            var begin = Stopwatch.GetTimestamp();
            string answer;
            try
            {
                answer = model.Answer(before, chat.Tools, Math.Min(MaxAnswerTokens, (2 * tokens) + 16), threads, cancellationToken);
            }
            catch (ArgumentException)
            {
                // A conversation that was cut to fit leaves no room for an answer.
                continue;
            }

            milliseconds.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            if (tokens <= MaxExactTokens)
            {
                exact.Add(AnswerShape.IsJson(expected) ? JsonExactMatch.IsMatch(expected, answer) : string.Equals(expected, answer, StringComparison.Ordinal));
            }

            if (shape is not null)
            {
                valid.Add(shape.Accepts(answer));
            }

            if (Refusals.IsRefusal(expected))
            {
                refused.Add(Refusals.IsRefusal(answer));
            }
        }

        AddShare("exact_match", exact);
        AddShare("schema_validity", valid);
        AddShare("refusal_kept", refused);
        if (milliseconds.Count > 0)
        {
            metrics["latency_p50_ms"] = milliseconds.Order().ElementAt(milliseconds.Count / 2);
        }

        void AddShare(string name, List<bool> results)
        {
            if (results.Count > 0)
            {
                metrics[name] = results.Average(result => result ? 1.0 : 0);
            }
        }
    }

    private (double Loss, int Labels, int Right) Score(DecoderModel model, EncodedChat encoded, CancellationToken cancellationToken)
    {
        var decoder = model.Decoder;
        using var session = new DecoderSession(decoder, encoded.Ids.Length, model.Adapter, threads);
        var logits = new float[BlockTokens * decoder.VocabularySize];
        var (loss, labels, right) = (0.0, 0, 0);
        for (var from = 0; from + 1 < encoded.Ids.Length; from += BlockTokens)
        {
            var count = Math.Min(BlockTokens, encoded.Ids.Length - 1 - from);
            session.Append(encoded.Ids.AsSpan(from, count), logits.AsSpan(0, count * decoder.VocabularySize), cancellationToken);
            for (var i = 0; i < count; i++)
            {
                if (encoded.IsWanted[from + i + 1])
                {
                    var (row, label) = (i * decoder.VocabularySize, encoded.Ids[from + i + 1]);
                    var result = TokenLoss.Of(logits.AsSpan(row, decoder.VocabularySize), label);
                    (loss, labels, right) = (loss + result.Loss, labels + 1, right + (result.IsRight ? 1 : 0));
                }
            }
        }

        return (loss, labels, right);
    }

    private static int IndexOfLast(ChatExample chat)
    {
        var last = chat.Messages.Count - 1;
        while (!chat.Messages[last].IsLearnt)
        {
            last--;
        }

        return last;
    }
}
