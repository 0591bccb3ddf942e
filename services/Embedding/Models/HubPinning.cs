using System.Security.Cryptography;
using System.Text;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Models;

/// <summary>
/// Pins a repository of the hub: to its commit of now, and to size and SHA-256 of every file that the engine reads. Files
/// outside Git LFS, which are small, are fetched for it and compared with Git's own hash; the pull finds them there.
/// </summary>
internal sealed class HubPinning(HubClient hub, HubFetcher fetcher)
{
    /// <summary>Of a file that is fetched to be pinned. The hub keeps what has more than 10 MB in Git LFS.</summary>
    private const long MaxPlainBytes = 64 * 1024 * 1024;

    /// <param name="repository">OWNER/REPOSITORY.</param>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <param name="id">The name to keep it under.</param>
    /// <param name="partialOf">The folder that a pull of that source works in.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Leaves what has come so far.</param>
    /// <exception cref="Grpc.Errors.ServiceException">The hub does not give it, or no engine here runs it.</exception>
    public async Task<CatalogModel> PinAsync(
        string repository, string revision, string id, Func<ModelSource, string> partialOf, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        progress.Report(new PullProgress(PullSteps.Resolving, $"{repository}@{revision} at {hub.Host}"));
        var listing = await hub.ListAsync(repository, revision, progress, cancellationToken);
        var source = new ModelSource(ModelSourceKind.Hub, repository, listing.Commit, []);
        try
        {
            var byName = listing.Files.ToDictionary(file => file.Name);
            var chosen = ModelFileChoice.Choose(byName.Keys).Select(name => byName[name]).ToList();
            var plain = chosen.Where(file => file.Sha256 is null || file.Name == ModelFileChoice.Configuration).ToList();
            if (plain.Find(file => file.Bytes > MaxPlainBytes) is { } large)
            {
                throw new ModelSourceException($"{large.Name} has {large.Bytes} bytes; what is no weights in Git LFS may have {MaxPlainBytes}");
            }

            var folder = Directory.CreateDirectory(partialOf(source)).FullName;
            await FetchAsync(source, plain, folder, progress, cancellationToken);
            var kind = ReadKind(folder);
            List<ModelFile> pins = [];
            foreach (var file in chosen)
            {
                pins.Add(new ModelFile(file.Name, file.Bytes, file.Sha256 ?? await CheckAsync(file, Path.Combine(folder, file.Name), cancellationToken)));
            }

            return new CatalogModel(id, listing.License, [source with { Files = pins }]) { Kind = kind };
        }
        catch (Exception exception) when (exception is ModelSourceException or InvalidDataException)
        {
            // What no engine runs will not be pulled again; what a dead line left may be.
            if (exception is InvalidDataException && partialOf(source) is var useless && Directory.Exists(useless))
            {
                Directory.Delete(useless, recursive: true);
            }

            throw EmbeddingErrors.NotPinned(source.ToString(), exception.Message);
        }
    }

    private static ModelKind ReadKind(string folder)
    {
        using var stream = File.OpenRead(Path.Combine(folder, ModelFileChoice.Configuration));
        return ModelConfiguration.Read(stream).Kind;
    }

    private async Task FetchAsync(ModelSource source, List<HubFile> files, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var (done, total) = (0L, files.Sum(file => file.Bytes));
        foreach (var file in files)
        {
            var report = new HubFetcher.FileProgress(progress, $"{file.Name} from {hub.Host}", done, total);
            await fetcher.DownloadAsync(source.Name, source.Version, file.Name, file.Bytes, folder, report, cancellationToken);
            done += file.Bytes;
        }
    }

    /// <summary>The file's SHA-256, once it is what Git says (git hash-object: SHA-1 of "blob SIZE\0" and the content).</summary>
    /// <exception cref="ModelSourceException">It is not; it is removed, so that no later pull begins with it.</exception>
    private static async Task<string> CheckAsync(HubFile file, string path, CancellationToken cancellationToken)
    {
        // The hash that Git names its objects by; what is trusted from here on is the SHA-256.
#pragma warning disable CA5350
        using var git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        git.AppendData(Encoding.ASCII.GetBytes($"blob {file.Bytes}\0"));
        var content = await File.ReadAllBytesAsync(path, cancellationToken);
        git.AppendData(content);
        var blob = Convert.ToHexStringLower(git.GetHashAndReset());
        if (blob != file.GitBlob)
        {
            File.Delete(path);
            throw new ModelSourceException($"{file.Name} is not the file that the hub lists: its Git hash is {blob}, expected {file.GitBlob}; pull again");
        }

        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
