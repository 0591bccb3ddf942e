using System.Globalization;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Decoding.Chat;
using RagPlatform.FineTuning.Decoding.Evaluation;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Training.Decoder;

namespace RagPlatform.FineTuning.Decoding;

/// <summary>
/// Supervised fine-tuning of Llama-family decoders on conversations: the loss is on the assistant's messages of weight 1 alone. Writes
/// an adapter as PEFT reads it (tuning lora) or the whole model in Hugging Face's layout (full), with chat.json, the form in
/// which it is to be asked.
/// </summary>
public sealed class DecoderTrainer : ITrainer
{
    /// <summary>Longest example where the job leaves it open; models that read more rarely have data that needs it.</summary>
    private const int UsualMaxTokens = 2048;

    public string Method => "decoder";

    public IReadOnlyList<HyperParameter> HyperParameters => DecoderHyperParameters.All;

    public TrainingOutcome Train(TrainingRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var values = new HyperParameterValues(HyperParameters, run.HyperParameters);
        try
        {
            return Train(run, values, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException)
        {
            throw new TrainingException(
                "MODEL_UNSUITABLE", $"The base model {run.BaseModelName} cannot be trained: {exception.Message}",
                "Name a Llama-family decoder in Hugging Face's layout with its tokenizer.json, or pull it again.");
        }
    }

    private static TrainingOutcome Train(TrainingRun run, HyperParameterValues values, CancellationToken cancellationToken)
    {
        var tokenizer = DecoderModel.ReadTokenizer(run.BaseModel);
        var template = ChatTemplateChoice.Choose(
            run.BaseModel, tokenizer, values.IsGiven("chat_template") ? values.Choice("chat_template", ChatTemplate.Plain) : null);
        values.Choice("chat_template", template.Name);
        var tuning = DecoderHyperParameters.Tuning(values, run.Data.Training.Count);
        using var decoder = TrainableDecoder.Load(run.BaseModel, tuning, RandomSeed.Derive(run.Seed, 0), run.Threads);
        if (tokenizer.VocabularySize > decoder.Config.VocabularySize)
        {
            throw new InvalidDataException($"its tokenizer has {tokenizer.VocabularySize} tokens, its weights {decoder.Config.VocabularySize}.");
        }

        var encoder = new ChatEncoder(tokenizer, template, decoder.Config);
        var (training, validation, test) = Encode(run, values, encoder, decoder.Config);
        var settings = DecoderHyperParameters.Settings(values, tuning, decoder.Config, training.Encoded.Count, run.Threads);
        var smoothing = values.Number("label_smoothing", 0);
        var (answers, writesMerged) = (values.Integer("evaluation_examples", 100), values.Boolean("write_merged", false));
        run.Observer.Said(string.Create(CultureInfo.InvariantCulture,
            $"{training.Encoded.Count} conversations to learn from, {validation.Encoded.Count} to validate, {test.Encoded.Count} held out; {decoder.Parameters.Sum(parameter => (long)parameter.Values.Length)} numbers are trained; conversations are written as {template.Name}."));
        var task = new DecoderTask(decoder, training.Encoded, validation.Encoded, smoothing, Identity(run, values, template));
        var end = TrainingLoop.Run(task, settings, RandomSeed.Derive(run.Seed, 1), run.Checkpoints, run.Observer, cancellationToken);
        if (end.IsPaused)
        {
            return new TrainingOutcome(true, values.Used, []);
        }

        var files = new AdapterFiles(run);
        files.Write(decoder, template, writesMerged);
        return new TrainingOutcome(false, values.Used, Judge(run, training, test, decoder, encoder, files, answers, cancellationToken));
    }

    private static (DecoderExamples Training, DecoderExamples Validation, DecoderExamples Test) Encode(
        TrainingRun run, HyperParameterValues values, ChatEncoder encoder, DecoderConfig config)
    {
        var wanted = values.Integer("max_tokens", Math.Min(UsualMaxTokens, config.MaxPositions));
        var overLong = values.Choice("over_long", DecoderHyperParameters.Refuse);
        if (wanted > config.MaxPositions)
        {
            throw new TrainingException(
                "HYPER_PARAMETER_INVALID", $"max_tokens is {wanted}; the model reads {config.MaxPositions}.", $"Give at most {config.MaxPositions}.");
        }

        var training = Part("training", run.Data.Training);
        return training.Encoded.Count > 0
            ? (training, Part("validation", run.Data.Validation), Part("test", run.Data.Test))
            : throw new TrainingException(
                "NOTHING_TO_LEARN", "No example of the training part has an assistant's message that is learnt.", "Give conversations with an assistant's message of weight 1.");

        DecoderExamples Part(string name, IReadOnlyList<TrainingExample> examples) =>
            DecoderExamples.Encode(name, examples, encoder, wanted, overLong, run.Observer);
    }

    /// <summary>On the test part, as they are served: the base first, so that it is gone when a fully trained model is judged.</summary>
    private static List<EvaluationRow> Judge(
        TrainingRun run, DecoderExamples training, DecoderExamples test, TrainableDecoder trained, ChatEncoder encoder, AdapterFiles files, int answers,
        CancellationToken cancellationToken)
    {
        if (test.Encoded.Count == 0)
        {
            run.Observer.Said("There is no test part: nothing is judged.");
            return [];
        }

        var evaluation = new DecoderEvaluation(
            test, AnswerShape.Of(training.Chats.Select(DecoderEvaluation.LastAnswer).Select(turn => ToolText.Answer(turn.Content, turn.ToolCalls))),
            answers, run.Threads);
        var decoder = Decoder.Load(run.BaseModel, WeightStorage.Float32);
        var rows = new List<EvaluationRow>
        {
            WithBytes(evaluation.Evaluate("base", new DecoderModel(decoder, null, encoder), cancellationToken), BytesOf(run.BaseModel, decoder)),
        };
        var adapter = trained.Tuning.IsFull ? null : LoraAdapter.Load(files.Adapter, decoder);
        var model = new DecoderModel(adapter is null ? trained.ToDecoder() : decoder, adapter, encoder);
        rows.Insert(0, WithBytes(evaluation.Evaluate("adapter", model, cancellationToken), files.Bytes));
        return rows;
    }

    /// <summary>Of the weights' file, or of the weights in memory where they are in several.</summary>
    private static long BytesOf(IModelFiles files, Decoder decoder)
    {
        const string name = "model.safetensors";
        if (!files.Exists(name))
        {
            return decoder.WeightBytes;
        }

        using var stream = files.Open(name);
        return stream.Length;
    }

    private static EvaluationRow WithBytes(EvaluationRow row, long bytes) =>
        row with { Metrics = new Dictionary<string, double>(row.Metrics, StringComparer.Ordinal) { ["bytes"] = bytes } };

    /// <summary>What the parameters' meaning and the examples' tokens depend on.</summary>
    private static string Identity(TrainingRun run, HyperParameterValues values, ChatTemplate template) => string.Join(
        '|', run.BaseModelName, template.Name, template.DefaultSystem,
        string.Join(',', DecoderHyperParameters.All.Select(parameter => parameter.Name).Where(values.Used.ContainsKey).Where(name => name is
            "tuning" or "lora_rank" or "lora_alpha" or "lora_dropout" or "rank_stabilised" or "target_modules" or "label_smoothing" or "max_tokens" or "over_long")
            .Select(name => $"{name}={values.Used[name]}")));
}
