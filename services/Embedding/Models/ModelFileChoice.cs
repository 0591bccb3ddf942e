using RagPlatform.Transformers.Static;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Embedding.Models;

/// <summary>Of all files of a repository or folder, those that the engine reads, and no other.</summary>
internal static class ModelFileChoice
{
    public const string Configuration = "config.json";

    /// <summary>A static model may hold the encoder of its questions, a whole model itself.</summary>
    private const string QuestionPrefix = StaticModelFiles.QuestionFolder + "/";

    private const string DataSuffix = "_data";
    private const string IndexSuffix = ".index.json";

    private static readonly string[] OtherWeights = [".bin", ".pt", ".pth", ".h5", ".msgpack", ".gguf", ".onnx", ".safetensors"];

    private static readonly string[] Plain =
    [
        Configuration, "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "chat_template.jinja",
        "modules.json", "config_sentence_transformers.json", "sentence_bert_config.json",
    ];

    /// <summary>Small files first, so that a model that no engine runs is found out before its weights are fetched.</summary>
    /// <exception cref="ModelSourceException">There is no configuration, or there are no weights in a form that is read.</exception>
    public static IReadOnlyList<string> Choose(IReadOnlyCollection<string> names)
    {
        var inner = names.Where(name => name.StartsWith(QuestionPrefix, StringComparison.Ordinal)).Select(name => name[QuestionPrefix.Length..]).ToHashSet(StringComparer.Ordinal);
        return inner.Count == 0 ? ChooseOwn(names) : [.. ChooseOwn(names), .. ChooseOwn(inner).Select(name => QuestionPrefix + name)];
    }

    private static IReadOnlyList<string> ChooseOwn(IReadOnlyCollection<string> names)
    {
        if (!names.Contains(Configuration))
        {
            throw new ModelSourceException("it has no config.json, so it is no model");
        }

        var settings = names.Where(name => Plain.Contains(name) || IsModuleSetting(name)).Order(StringComparer.Ordinal);
        return [.. settings, .. Weights(names)];
    }

    /// <summary>Whether a folder has anything of a model, even if it is no whole one.</summary>
    public static bool HasAny(string folder) => Plain.Concat(ModelWeights.FileNames).Any(name => File.Exists(Path.Combine(folder, name)));

    private static IEnumerable<string> Weights(IReadOnlyCollection<string> names)
    {
        var chosen = ModelWeights.FileNames.FirstOrDefault(names.Contains);
        if (chosen is null)
        {
            var others = names.Where(name => OtherWeights.Any(end => name.EndsWith(end, StringComparison.Ordinal))).Order(StringComparer.Ordinal).Take(3).ToList();
            throw new ModelSourceException(
                $"it has none of {string.Join(", ", ModelWeights.FileNames)}{(others.Count > 0 ? $", only {string.Join(", ", others)}" : "")}; convert the weights to safetensors first");
        }

        return chosen.EndsWith(IndexSuffix, StringComparison.Ordinal) ? [chosen, .. names.Where(name => IsShard(name)).Order(StringComparer.Ordinal)]
            : names.Contains(chosen + DataSuffix) ? [chosen, chosen + DataSuffix]
            : [chosen];
    }

    /// <summary>A folder of sentence-transformers, such as "1_Pooling".</summary>
    public static bool IsModuleFolder(string folder) =>
        folder.Split('_') is [var number, var module] && number.Length is 1 or 2 && number.All(char.IsAsciiDigit) && module.All(char.IsAsciiLetter);

    private static bool IsModuleSetting(string name) => name.Split('/') is [var folder, Configuration] && IsModuleFolder(folder);

    /// <summary>Such as "model-00001-of-00002.safetensors".</summary>
    private static bool IsShard(string name) =>
        name.StartsWith("model-", StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.Ordinal) && name.Contains("-of-", StringComparison.Ordinal) && !name.Contains('/');
}
