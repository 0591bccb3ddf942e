using System.Globalization;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Decoding.Chat;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuning.Decoding;

/// <summary>A dataset's part as tokens, with what was made of examples that are too long.</summary>
internal sealed record DecoderExamples(IReadOnlyList<ChatExample> Chats, IReadOnlyList<EncodedChat> Encoded)
{
    private const int ShownLines = 10;

    /// <param name="part">For messages, such as training.</param>
    /// <param name="examples">Of one part.</param>
    /// <param name="encoder">Of the base.</param>
    /// <param name="maxTokens">Of an example.</param>
    /// <param name="overLong">refuse, drop or truncate.</param>
    /// <param name="observer">Is told what was left out or cut.</param>
    /// <exception cref="TrainingException">EXAMPLES_UNSUITABLE: not conversations. EXAMPLE_TOO_LONG: refused.</exception>
    public static DecoderExamples Encode(
        string part, IReadOnlyList<TrainingExample> examples, ChatEncoder encoder, int maxTokens, string overLong, ITrainingObserver observer)
    {
        var (chats, encoded, tooLong) = (new List<ChatExample>(), new List<EncodedChat>(), new List<(int Line, int Tokens)>());
        foreach (var example in examples)
        {
            if (example is not ChatExample chat)
            {
                throw new TrainingException(
                    "EXAMPLES_UNSUITABLE", $"Line {example.Line} of the {part} part is no conversation; a decoder learns from conversations and completions.",
                    "Train pairs of query and positive with the method retriever.");
            }

            var tokens = encoder.Encode(chat);
            if (tokens.Ids.Length > maxTokens)
            {
                tooLong.Add((chat.Line, tokens.Ids.Length));
                tokens = overLong == DecoderHyperParameters.Truncate ? tokens.Cut(maxTokens) : new EncodedChat([0], [false]);
            }

            if (tokens.HasLabel)
            {
                chats.Add(chat);
                encoded.Add(tokens);
            }
        }

        Tell(part, tooLong, maxTokens, overLong, examples.Count - chats.Count, observer);
        return new DecoderExamples(chats, encoded);
    }

    private static void Tell(string part, List<(int Line, int Tokens)> tooLong, int maxTokens, string overLong, int leftOut, ITrainingObserver observer)
    {
        if (tooLong.Count == 0)
        {
            return;
        }

        var lines = string.Join(", ", tooLong.Take(ShownLines).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Line} ({one.Tokens} tokens)")));
        var what = $"{tooLong.Count} examples of the {part} part have more than {maxTokens} tokens: line{(tooLong.Count > 1 ? "s" : "")} {lines}{(tooLong.Count > ShownLines ? ", …" : "")}.";
        if (overLong == DecoderHyperParameters.Refuse)
        {
            throw new TrainingException(
                "EXAMPLE_TOO_LONG", what, "Shorten or split them, raise max_tokens where the model reads more, or set over_long to drop or truncate.");
        }

        observer.Said(overLong == DecoderHyperParameters.Truncate
            ? $"{what} They are cut at the end; {leftOut} of them have nothing to learn left and are left out."
            : $"{what} They are left out.");
    }
}
