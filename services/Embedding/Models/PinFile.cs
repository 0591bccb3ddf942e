using System.Text.Json;
using System.Text.Json.Nodes;

namespace RagPlatform.Embedding.Models;

/// <summary>What the file of pins holds, and what is wrong with it.</summary>
/// <param name="Models">The entries that can be used.</param>
/// <param name="Problems">One for each entry that cannot, naming it; or one for the whole file.</param>
public sealed record PinReading(IReadOnlyList<CatalogModel> Models, IReadOnlyList<string> Problems);

/// <summary>
/// models.json in the models directory: the models that were pinned on this machine, in the form of the built-in catalog.
/// People may edit it; an entry that is wrong is left out and named, and never touched by what is written.
/// </summary>
/// <param name="directory">The models directory.</param>
/// <param name="builtIn">Whose names are taken.</param>
internal sealed class PinFile(string directory, ModelCatalog builtIn)
{
    public const string FileName = "models.json";
    private const long MaxBytes = 16 * 1024 * 1024;
    private const string ModelsField = "models";
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    private readonly string path = Path.Combine(directory, FileName);

    /// <summary>Reads the file as it is now; none is an empty one.</summary>
    public PinReading Read()
    {
        try
        {
            return Load() is { } entries ? Read(entries) : new PinReading([], []);
        }
        catch (Exception exception) when (exception is ModelPullException or IOException or UnauthorizedAccessException)
        {
            return new PinReading([], [exception.Message]);
        }
    }

    /// <summary>Adds the model, or replaces its entry, in one step; the other entries stay as they are written.</summary>
    /// <exception cref="ModelPullException">The entry would be left out when it is read, the file would be too large, or as it is cannot be read; it is left alone.</exception>
    public void Write(CatalogModel model)
    {
        if (CatalogValidation.Problem(model) is { } problem)
        {
            throw new ModelPullException($"The model '{model.Id}' cannot be pinned: {problem}.");
        }

        var entries = Load() ?? [];
        Remove(entries, model.Id);
        entries.Add(JsonSerializer.SerializeToNode(model, ModelCatalog.Json));
        Replace(entries);
    }

    /// <summary>Forgets the model, if it is there.</summary>
    public void Remove(string id)
    {
        if (Load() is { } entries && Remove(entries, id))
        {
            Replace(entries);
        }
    }

    private static bool Remove(JsonArray entries, string id) => entries.RemoveAll(entry => IdOf(entry) == id) > 0;

    private static string? IdOf(JsonNode? entry) =>
        entry is JsonObject fields && fields["id"] is JsonValue value && value.TryGetValue<string>(out var id) ? id : null;

    /// <exception cref="ModelPullException">The file is not of the form.</exception>
    private JsonArray? Load()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                throw Damaged($"it has {stream.Length} bytes, and the limit is {MaxBytes}");
            }

            var root = JsonNode.Parse(stream, documentOptions: Strict) as JsonObject;
            return root?[ModelsField] as JsonArray ?? throw Damaged($"it is not an object with a list \"{ModelsField}\"");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw Damaged(exception.Message);
        }
    }

    private PinReading Read(JsonArray entries)
    {
        var models = new List<CatalogModel>();
        var problems = new List<string>();
        for (var i = 0; i < entries.Count; i++)
        {
            try
            {
                var model = entries[i].Deserialize<CatalogModel>(ModelCatalog.Json) ?? throw new JsonException("it is null");
                var problem = CatalogValidation.Problem(model)
                    ?? (builtIn.Find(model.Id) is not null ? "its id is that of a built-in model" : null)
                    ?? (models.Exists(other => other.Id == model.Id) ? "its id is there before" : null);
                if (problem is null)
                {
                    models.Add(model);
                    continue;
                }

                problems.Add(Named(i, entries[i], problem));
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                problems.Add(Named(i, entries[i], exception.Message));
            }
        }

        return new PinReading(models, problems);
    }

    private string Named(int index, JsonNode? entry, string problem) =>
        $"{path}: {ModelsField}[{index}]{(IdOf(entry) is { } id ? $" ('{(id.Length > 80 ? id[..80] : id)}')" : "")} is left out: {problem}.";

    private void Replace(JsonArray entries)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [ModelsField] = entries.DeepClone() }, ModelCatalog.Json);
        if (content.Length > MaxBytes)
        {
            throw new ModelPullException($"{path} would have {content.Length} bytes, and the limit is {MaxBytes}. Remove a model first (rag models remove).");
        }

        Directory.CreateDirectory(directory);
        var fresh = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var stream = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    private ModelPullException Damaged(string problem) =>
        new($"{path} is damaged: {problem}. Mend it, or move it away and pull its models again; built-in models go on working.");
}
