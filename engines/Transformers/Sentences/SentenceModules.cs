using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Sentences;

/// <summary>
/// The steps from a text to its vector, as sentence-transformers' modules.json lists them: Transformer, Pooling, Normalize.
/// Vectors are always normalised here, also where the list has no Normalize; any other step would make other vectors and is refused.
/// </summary>
internal static class SentenceModules
{
    private const string ModulesFile = "modules.json";
    private const string DefaultPoolingFolder = "1_Pooling";
    private const int MaxFileBytes = 1024 * 1024;

    /// <param name="absent">For a folder that does not say.</param>
    /// <exception cref="InvalidDataException">A step that is not built, or a pooling that is not.</exception>
    public static Pooling ReadPooling(IModelFiles files, Pooling absent)
    {
        var file = $"{ReadPoolingFolder(files)}/config.json";
        if (!files.Exists(file))
        {
            return absent;
        }
        using var stream = files.Open(file);
        return ModelJson.Read(stream, file, MaxFileBytes, json => ReadPooling(json, file));
    }

    private static string ReadPoolingFolder(IModelFiles files)
    {
        if (!files.Exists(ModulesFile))
        {
            return DefaultPoolingFolder;
        }
        using var stream = files.Open(ModulesFile);
        var steps = ModelJson.ReadList(stream, ModulesFile, MaxFileBytes, json =>
            (Type: json.Text("type"), Name: json.Text("type").Split('.')[^1], Path: json.Text("path")));
        if (steps.FirstOrDefault(step => step.Name is not ("Transformer" or "Pooling" or "Normalize")) is { Type: { } unknown })
        {
            throw new InvalidDataException($"{ModulesFile}: the step '{unknown}' is not built; Transformer, Pooling and Normalize are.");
        }
        if (steps.Select(step => step.Name).ToArray() is not (["Transformer", "Pooling"] or ["Transformer", "Pooling", "Normalize"]))
        {
            throw new InvalidDataException(
                $"{ModulesFile} lists {string.Join(", ", steps.Select(step => step.Name))}; it must be Transformer, Pooling and perhaps Normalize, in that order.");
        }
        if (!PlainFileName.IsPlain(steps[1].Path))
        {
            throw new InvalidDataException($"{ModulesFile}: the Pooling is in the folder '{ModelJson.Shown(steps[1].Path)}'; a plain name is allowed.");
        }
        return steps[0].Path.Length == 0
            ? steps[1].Path
            : throw new InvalidDataException($"{ModulesFile}: the Transformer is in the folder '{steps[0].Path}'; only one beside {ModulesFile} is read.");
    }

    private static Pooling ReadPooling(ModelJson json, string file)
    {
        var chosen = json.Names().Where(name => name.StartsWith("pooling_mode_", StringComparison.Ordinal) && json.Flag(name, absent: false)).ToArray();
        if (!json.Flag("include_prompt", absent: true))
        {
            throw new InvalidDataException($"{file}: include_prompt is false, which leaves the prefix out of the mean; this is not built.");
        }
        return chosen switch
        {
            ["pooling_mode_cls_token"] => Pooling.FirstToken,
            ["pooling_mode_max_tokens"] => Pooling.Max,
            // The two differ in length alone, and only the direction is kept.
            ["pooling_mode_mean_tokens"] or ["pooling_mode_mean_sqrt_len_tokens"] => Pooling.Mean,
            [] => throw new InvalidDataException($"{file} chooses no pooling; exactly one pooling_mode_ must be true."),
            _ => throw new InvalidDataException(
                $"{file} chooses {string.Join(" and ", chosen)}; one of pooling_mode_cls_token, _mean_tokens, _mean_sqrt_len_tokens and _max_tokens is built."),
        };
    }
}
