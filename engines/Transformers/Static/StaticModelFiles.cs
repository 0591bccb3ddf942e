using System.Text.Json;
using RagPlatform.Numerics;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Sentences;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Static;

/// <summary>Model2Vec's layout: config.json, model.safetensors with the table, the tokenizer's files; and perhaps an encoder for questions.</summary>
public static class StaticModelFiles
{
    /// <summary>Holds the encoder that reads questions, in its own layout; a static model needs none.</summary>
    public const string QuestionFolder = "question_encoder";

    private const string Configuration = ModelConfiguration.FileName;
    private const string TeacherField = "tokenizer_name";
    private const int MaxConfigurationBytes = 1024 * 1024;
    private const string TableTensor = "embeddings";
    private const string WeightsTensor = "weights";
    private const string MappingTensor = "mapping";
    private const string Vocabulary = "vocab.txt";
    private const string TokenizerJson = "tokenizer.json";

    /// <summary>Spellings of the token for what a vocabulary does not have; Model2Vec leaves it out of the mean.</summary>
    private static readonly string[] UnknownTokens = ["[UNK]", "<unk>"];

    /// <summary>The files beside the table that a distilled model takes over from its teacher.</summary>
    public static IReadOnlyList<string> TokenizerFiles { get; } = [Vocabulary, TokenizerJson, TokenizerSettings.File];

    /// <summary>Writes config.json.</summary>
    /// <param name="teacher">Name of the model that it was distilled from.</param>
    public static void WriteConfiguration(Stream configuration, StaticTable table, string teacher)
    {
        ArgumentNullException.ThrowIfNull(table);
        using var json = new Utf8JsonWriter(configuration, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("model_type", "model2vec");
        json.WriteStartArray("architectures");
        json.WriteStringValue("StaticModel");
        json.WriteEndArray();
        json.WriteString(TeacherField, teacher);
        json.WriteNumber("hidden_dim", table.Dimension);
        json.WriteBoolean("normalize", true);
        json.WriteEndObject();
    }

    /// <summary>Writes model.safetensors.</summary>
    public static void WriteTable(Stream weights, StaticTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        SafetensorsWriter.Write(weights, [new Tensor(TableTensor, [table.Tokens, table.Dimension], table.Values)], ElementType.Float32,
            new Dictionary<string, string> { ["format"] = "pt" });
    }

    internal static int ReadMaxTokens(IModelFiles files)
    {
        using var stream = OpenRequired(files, Configuration);
        var configuration = ModelConfiguration.Read(stream);
        return configuration.Kind is ModelKind.Static
            ? configuration.MaxPositions
            : throw new InvalidDataException($"{Configuration}: {configuration.Architecture} is no static model; its model_type would be model2vec.");
    }

    internal static StaticTable ReadTable(IModelFiles files)
    {
        using var weights = ModelWeights.Open(files);
        if (weights.Contains(WeightsTensor) || weights.Contains(MappingTensor))
        {
            throw new InvalidDataException(
                $"The table has '{WeightsTensor}' or '{MappingTensor}' beside it, as of a quantised vocabulary; only a plain table is built. Save the model without vocabulary quantisation.");
        }

        var tensor = weights.Read(TableTensor);
        FiniteValues.Require(TableTensor, tensor.Values);
        return tensor.Shape is [> 0, > 0 and var dimension]
            ? new StaticTable(tensor.Values, dimension)
            : throw new InvalidDataException($"Tensor '{TableTensor}' has shape [{string.Join(", ", tensor.Shape)}]; it must be [tokens, dimension].");
    }

    internal static ITextTokenizer OpenTokenizer(IModelFiles files, StaticTable table)
    {
        var settings = TokenizerSettings.Read(files);
        ITextTokenizer tokenizer = files.Exists(Vocabulary) && settings.IsPlain ? OpenVocabulary(files, settings) : OpenJson(files, table);
        return tokenizer.VocabularySize <= table.Tokens
            ? tokenizer
            : throw new InvalidDataException(
                $"The tokenizer has {tokenizer.VocabularySize} tokens, the table {table.Tokens}. They belong to different models.");
    }

    internal static SentenceEncoder? LoadQuestionEncoder(IModelFiles files, WeightPrecision precision)
    {
        var folder = new Subfolder(files, QuestionFolder);
        return folder.Exists(Configuration) ? SentenceEncoder.Load(folder, ReadTeacher(files), precision: precision) : null;
    }

    /// <summary>The name tells the encoder's family where its files do not.</summary>
    private static string ReadTeacher(IModelFiles files)
    {
        using var stream = files.Open(Configuration);
        return ModelJson.Read(stream, Configuration, MaxConfigurationBytes, json => json.Text(TeacherField));
    }

    private static WordPieceTokenizer OpenVocabulary(IModelFiles files, TokenizerSettings settings)
    {
        using var reader = new StreamReader(files.Open(Vocabulary));
        return WordPieceTokenizer.FromVocabulary(reader, settings.LowerCase);
    }

    private static JsonTokenizer OpenJson(IModelFiles files, StaticTable table)
    {
        using var stream = OpenRequired(files, TokenizerJson);
        var tokenizer = JsonTokenizer.Read(stream);
        foreach (var id in UnknownTokens.Select(tokenizer.IdOf).OfType<int>().Where(id => id < table.Tokens))
        {
            table.Silence(id);
        }

        return tokenizer;
    }

    private static Stream OpenRequired(IModelFiles files, string name) => files.Exists(name)
        ? files.Open(name)
        : throw new FileNotFoundException($"The model has no {name}.", name);

    private sealed class Subfolder(IModelFiles files, string folder) : IModelFiles
    {
        public bool Exists(string name) => files.Exists($"{folder}/{name}");

        public Stream Open(string name) => files.Open($"{folder}/{name}");
    }
}
