using System.Security.Cryptography;
using System.Text;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Static;

namespace RagPlatform.Embedding.Models;

/// <summary>Pins a folder on this machine: to size and SHA-256 of every file that the engine reads.</summary>
internal static class FolderPinning
{
    private const int VersionCharacters = 40;
    private const int MaxCardCharacters = 16 * 1024;
    private const string LicenseField = "license:";

    /// <param name="folder">Absolute path.</param>
    /// <param name="id">The name to keep it under.</param>
    /// <param name="progress">Told what is being read.</param>
    /// <param name="cancellationToken">Looked at while files are read.</param>
    /// <exception cref="Grpc.Errors.ServiceException">It cannot be read, or holds no model that an engine here runs.</exception>
    public static async Task<CatalogModel> PinAsync(string folder, string id, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                throw new ModelSourceException("there is no such folder on the machine of the embedding service");
            }

            var names = ModelFileChoice.Choose(NamesIn(folder));
            var description = ModelDescription.Read(new ModelFolder(id, folder, ModelFolder.PutByHand));
            var files = await HashAsync(folder, names, progress, cancellationToken);
            return new CatalogModel(id, LicenseIn(folder), [new ModelSource(ModelSourceKind.Folder, folder, VersionOf(files), files)]) { Kind = description.Kind };
        }
        catch (Exception exception) when (exception is ModelSourceException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw EmbeddingErrors.NotPinned(ModelSource.PrefixOf(ModelSourceKind.Folder) + folder, exception.Message);
        }
    }

    /// <summary>Beside the model's own files those of its folders: sentence-transformers' and ONNX's, and a static model's encoder of questions.</summary>
    private static HashSet<string> NamesIn(string folder) =>
        Path.Combine(folder, StaticModelFiles.QuestionFolder) is var question && Directory.Exists(question)
            ? [.. OwnNamesIn(folder), .. OwnNamesIn(question).Select(name => $"{StaticModelFiles.QuestionFolder}/{name}")]
            : OwnNamesIn(folder);

    private static HashSet<string> OwnNamesIn(string folder) =>
    [
        .. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)),
        .. Directory.EnumerateDirectories(folder)
            .Where(path => Path.GetFileName(path) is var name && (name == "onnx" || ModelFileChoice.IsModuleFolder(name)))
            .SelectMany(path => Directory.EnumerateFiles(path).Select(file => $"{Path.GetFileName(path)}/{Path.GetFileName(file)}")),
    ];

    private static async Task<List<ModelFile>> HashAsync(string folder, IReadOnlyList<string> names, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var sizes = names.ToDictionary(name => name, name => SizeOf(Path.Combine(folder, name)));
        var (done, total) = (0L, sizes.Values.Sum());
        List<ModelFile> files = [];
        foreach (var name in names)
        {
            var end = done + sizes[name];
            var hash = await PinnedFiles.HashAsync(Path.Combine(folder, name), Report, cancellationToken);
            files.Add(new ModelFile(name, sizes[name], hash));

            void Report(int bytes)
            {
                if ((done += bytes) > end)
                {
                    throw new ModelSourceException($"{name} grows while it is read");
                }

                progress.Report(new PullProgress(PullSteps.Pinning, name, done, total));
            }
        }

        return files;
    }

    /// <summary>Of what a link leads to, as in the hub's cache, where every file is a link.</summary>
    private static long SizeOf(string path) => new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length;

    /// <summary>Changes with any name or content.</summary>
    private static string VersionOf(IEnumerable<ModelFile> files) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', files.Select(file => $"{file.Sha256} {file.Name}")))))[..VersionCharacters];

    /// <summary>What the head of the model's card states, where there is one.</summary>
    private static string LicenseIn(string folder)
    {
        var card = Path.Combine(folder, "README.md");
        if (!File.Exists(card))
        {
            return "";
        }

        using var reader = new StreamReader(card);
        var buffer = new char[MaxCardCharacters];
        var lines = buffer.AsSpan(0, reader.ReadBlock(buffer)).ToString().Split('\n', StringSplitOptions.TrimEntries);
        return lines[0] == "---" && lines.Skip(1).TakeWhile(line => line != "---").FirstOrDefault(line => line.StartsWith(LicenseField, StringComparison.Ordinal)) is { } stated
            ? CatalogValidation.License(stated[LicenseField.Length..].Trim(' ', '"', '\''))
            : "";
    }
}
