using RagPlatform.Tokenization;
using RagPlatform.Transformers.Constraints;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Generation;

/// <summary>Writes text with a decoder, token by token. Thread-safe; sessions are not.</summary>
/// <param name="decoder">The model.</param>
/// <param name="tokens">Its vocabulary's texts.</param>
public sealed class TextGenerator(Decoder decoder, TokenTexts tokens)
{
    public Decoder Decoder => decoder;

    /// <summary>Makes constraints for this model.</summary>
    public JsonConstraints Json { get; } = new(tokens);

    /// <summary>The texts of a tokenizer's vocabulary, which may be smaller than the model's: the rest stands for nothing.</summary>
    public static TokenTexts TextsOf(JsonTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new TokenTexts([.. Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.BytesOf)]);
    }

    /// <summary>
    /// Appends the prompt to the session, and to it the text, which comes in parts as it is written; its last token only
    /// where another was looked for after it, which <see cref="FinishReason.EndOfText"/> alone does.
    /// </summary>
    /// <param name="session">Of this decoder; what it holds already comes before the prompt.</param>
    /// <param name="prompt">At least one token, and fewer than the session has room for.</param>
    /// <param name="settings">Checked here.</param>
    /// <param name="constraint">What the text is held to; null for nothing. Of this model, and of this text alone.</param>
    /// <param name="random">Draws the tokens; a seeded one makes the text repeatable.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <exception cref="ArgumentException">The settings or the prompt are out of range.</exception>
    /// <exception cref="InvalidOperationException">The constraint lets none of the vocabulary's tokens through.</exception>
    public IEnumerable<GeneratedText> Generate(
        DecoderSession session, IReadOnlyList<int> prompt, GenerationSettings settings, ITokenConstraint? constraint, Random random,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(random);
        settings.Check();
        if (prompt.Count == 0 || prompt.Count >= session.Capacity - session.Length)
        {
            throw new ArgumentException(
                $"The prompt has {prompt.Count} tokens; the session has room for {session.Capacity - session.Length}, and one is needed for the text.", nameof(prompt));
        }

        return Write(session, [.. prompt], new NextToken(decoder, settings.Sampling, constraint, random), settings, cancellationToken);
    }

    private IEnumerable<GeneratedText> Write(
        DecoderSession session, int[] next, NextToken choice, GenerationSettings settings, CancellationToken cancellationToken)
    {
        var stops = new StopSequences(settings.StopSequences);
        var characters = new Utf8Characters();
        for (var written = 1; ; written++)
        {
            var token = choice.Choose(session.Append(next, cancellationToken));
            if (token is null)
            {
                yield return new GeneratedText(stops.Append(characters.Finish()) + stops.Finish(), written - 1, FinishReason.EndOfText);
                yield break;
            }

            var finish = choice.MustEnd ? FinishReason.ConstraintMet
                : written == settings.MaxTokens ? FinishReason.MaxTokens
                : session.Length == session.Capacity ? FinishReason.CapacityFull
                : (FinishReason?)null;
            var text = stops.Append(characters.Append(tokens[token.Value]));
            finish = stops.IsStopped ? FinishReason.StopSequence : finish;
            yield return new GeneratedText(finish is null ? text : text + stops.Append(characters.Finish()) + stops.Finish(), written, finish);
            if (finish is not null)
            {
                yield break;
            }

            next = [token.Value];
        }
    }
}
