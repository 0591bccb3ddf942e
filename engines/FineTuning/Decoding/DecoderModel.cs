using System.Text.Json;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Decoding.Chat;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.FineTuning.Decoding;

/// <summary>A decoder that answers conversations in the form in which it was trained. Thread-safe: every answer has a session of its own.</summary>
public sealed class DecoderModel
{
    /// <summary>Beside the adapter: the form in which it is to be asked.</summary>
    public const string ChatFile = "chat.json";

    internal DecoderModel(Decoder decoder, LoraAdapter? adapter, ChatEncoder encoder)
    {
        (Decoder, Adapter, Encoder) = (decoder, adapter, encoder);
    }

    /// <summary>Shared by all adapters over it.</summary>
    public Decoder Decoder { get; }

    internal LoraAdapter? Adapter { get; }

    internal ChatEncoder Encoder { get; }

    /// <param name="baseModel">In Hugging Face's layout, with tokenizer.json.</param>
    /// <param name="adapter">What <see cref="DecoderTrainer"/> wrote; null for the base alone. A fully trained model is a base by itself.</param>
    /// <param name="decoder">Of the same base, loaded before; null to load it.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of a kind that is not built, or does not fit the others.</exception>
    /// <exception cref="TrainingException">MODEL_UNSUITABLE: the base has a chat template that is not built.</exception>
    public static DecoderModel Load(IModelFiles baseModel, IModelFiles? adapter, Decoder? decoder = null)
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        decoder ??= Decoder.Load(baseModel);
        var tokenizer = ReadTokenizer(baseModel);
        var template = ReadTemplate(adapter ?? baseModel) ?? ChatTemplateChoice.Choose(baseModel, tokenizer, null);
        return new DecoderModel(decoder, adapter is null ? null : LoraAdapter.Load(adapter, decoder), new ChatEncoder(tokenizer, template, decoder.Config));
    }

    /// <summary>The likeliest answer, token by token, up to where the model ends it.</summary>
    /// <param name="turns">The conversation so far.</param>
    /// <param name="tools">JSON of the functions on offer; null for none.</param>
    /// <param name="maxTokens">Of the answer; at least 1.</param>
    /// <param name="threads">That compute; at least 1.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <exception cref="ArgumentException">The conversation is longer than the model reads.</exception>
    public string Answer(IReadOnlyList<ChatTurn> turns, string? tools, int maxTokens, int threads, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        var prompt = Encoder.EncodePrompt(turns, tools);
        if (prompt.Length >= Decoder.MaxPositions)
        {
            throw new ArgumentException($"The conversation has {prompt.Length} tokens; the model reads {Decoder.MaxPositions}, its answer included.", nameof(turns));
        }

        var capacity = Math.Min(Decoder.MaxPositions, prompt.Length + maxTokens);
        using var session = new DecoderSession(Decoder, capacity, Adapter, threads);
        var answer = new List<int>();
        var next = prompt;
        while (true)
        {
            var token = Likeliest(session.Append(next, cancellationToken));
            if (Encoder.AnswerEnds.Contains(token))
            {
                break;
            }

            answer.Add(token);
            if (answer.Count == maxTokens || session.Length == capacity)
            {
                break;
            }

            next = [token];
        }

        return Encoder.Decode(answer).Trim();
    }

    internal static JsonTokenizer ReadTokenizer(IModelFiles files)
    {
        const string name = "tokenizer.json";
        if (!files.Exists(name))
        {
            throw new FileNotFoundException($"The model has no {name}.", name);
        }

        using var stream = files.Open(name);
        return JsonTokenizer.Read(stream);
    }

    internal static void WriteTemplate(ChatTemplate template, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("template", template.Name);
        json.WriteString("default_system", template.DefaultSystem);
        json.WriteEndObject();
    }

    private static ChatTemplate? ReadTemplate(IModelFiles files)
    {
        if (!files.Exists(ChatFile))
        {
            return null;
        }

        try
        {
            using var stream = files.Open(ChatFile);
            using var json = JsonDocument.Parse(stream);
            var name = json.RootElement.GetProperty("template").GetString();
            return ChatTemplate.Names.Contains(name)
                ? new ChatTemplate(name!, json.RootElement.GetProperty("default_system").GetString())
                : throw new InvalidDataException($"{ChatFile}: the template '{name}' is none of {string.Join(", ", ChatTemplate.Names)}.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{ChatFile} is damaged: {exception.Message}", exception);
        }
    }

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }
}
