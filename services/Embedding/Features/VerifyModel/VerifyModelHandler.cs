using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Features.VerifyModel;

/// <param name="Model">Whose file it is.</param>
/// <param name="File">Being read, or read to its end when there is a check.</param>
/// <param name="DoneBytes">Of all files.</param>
/// <param name="TotalBytes">Of all files.</param>
/// <param name="Check">Null while the file is being read.</param>
/// <param name="Remedy">What to do, should the file not be as pinned.</param>
internal sealed record VerifyStep(string Model, string File, long DoneBytes, long TotalBytes, FileCheck? Check, string Remedy);

internal sealed class VerifyModelHandler(ModelStore store, ModelHost host)
{
    /// <summary>Bytes between two progress reports.</summary>
    private const long ReportBytes = 8 * 1024 * 1024;

    private const int MaxWaitingSteps = 16;

    /// <summary>Reads every file again, and says of each what became of it.</summary>
    /// <param name="modelId">The default model when empty.</param>
    /// <param name="all">Every model whose files are here, instead.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="Grpc.Errors.ServiceException">Unknown, or its files are not here.</exception>
    public async IAsyncEnumerable<VerifyStep> HandleAsync(string modelId, bool all, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var targets = (all ? store.List().Where(IsHere) : [Named(modelId.Length > 0 ? modelId : host.DefaultId)]).Select(TargetOf).ToList();
        var steps = Channel.CreateBounded<VerifyStep>(MaxWaitingSteps);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAsync(targets, steps.Writer, leaving.Token), CancellationToken.None);
        try
        {
            await foreach (var step in steps.Reader.ReadAllAsync(cancellationToken))
            {
                yield return step;
            }
        }
        finally
        {
            await leaving.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading;
    }

    private static async Task ReadAsync(List<Target> targets, ChannelWriter<VerifyStep> steps, CancellationToken cancellationToken)
    {
        try
        {
            var (done, reported, total) = (0L, -ReportBytes, targets.Sum(target => target.Files.Sum(file => file.Bytes)));
            foreach (var target in targets)
            {
                foreach (var file in target.Files)
                {
                    var before = done;
                    var check = await CheckAsync(target.Folder, file, Report, cancellationToken);
                    done = before + file.Bytes;
                    await steps.WriteAsync(new VerifyStep(target.Model, file.Name, done, total, check, target.Remedy), cancellationToken);

                    void Report(int bytes)
                    {
                        done += bytes;
                        if (done - reported >= ReportBytes)
                        {
                            reported = done;
                            // A reader who is behind misses how far it was, never a result.
                            steps.TryWrite(new VerifyStep(target.Model, file.Name, done, total, null, target.Remedy));
                        }
                    }
                }
            }
        }
        finally
        {
            steps.TryComplete();
        }
    }

    /// <summary>A file that cannot be read is a finding, and the others are still checked.</summary>
    private static async Task<FileCheck> CheckAsync(string folder, ModelFile file, Action<int> read, CancellationToken cancellationToken)
    {
        try
        {
            return file.Sha256.Length > 0
                ? await PinnedFiles.CheckAsync(folder, file, read, cancellationToken)
                : new FileCheck(file.Name, FileCheckOutcome.NotPinned, "", await PinnedFiles.HashAsync(Path.Combine(folder, file.Name), read, cancellationToken));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new FileCheck(file.Name, FileCheckOutcome.Missing, file.Sha256, "");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new FileCheck(file.Name, FileCheckOutcome.Different, file.Sha256, $"not to be read: {exception.Message}");
        }
    }

    private static bool IsHere(ModelEntry entry) => entry.Folder is not null || entry.Problem.Length > 0;

    private ModelEntry Named(string id)
    {
        var entry = store.Inspect(id) ?? throw EmbeddingErrors.UnknownModel(id, store.KnownIds);
        return IsHere(entry) ? entry : throw EmbeddingErrors.ModelMissing(id);
    }

    /// <summary>The files of the source it came from; where none fits by its sizes, of the one that has the most files here.</summary>
    private Target TargetOf(ModelEntry entry)
    {
        var folder = store.FolderOf(entry.Id);
        var source = entry.Source ?? entry.Pin?.Sources.MaxBy(source => source.Files.Count(file => File.Exists(Path.Combine(folder, file.Name))));
        return new Target(entry.Id, folder, source?.Files ?? FilesIn(folder), RemedyOf(entry, source, folder));
    }

    private string RemedyOf(ModelEntry entry, ModelSource? source, string folder) => source switch
    {
        null => "Pin it by pulling it: rag models pull OWNER/REPOSITORY, or rag models pull --from FOLDER.",
        _ when entry.Id == host.DefaultId => $"Delete {folder} while the platform is stopped; it is pulled again on start.",
        _ when store.IsBuiltIn(entry.Id) => $"Remove it and pull it again: rag models remove {entry.Id}, then rag models pull {entry.Id}.",
        { Kind: ModelSourceKind.Folder } => $"Remove it and pull it again: rag models remove {entry.Id}, then rag models pull --from {source.Name} --as {entry.Id}.",
        _ => $"Remove it and pull it again: rag models remove {entry.Id}, then rag models pull {source.Name}@{source.Version} --as {entry.Id}.",
    };

    private static List<ModelFile> FilesIn(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Take(ModelNames.MaxFiles)
            .Select(file => new ModelFile(Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length, ""))
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    private sealed record Target(string Model, string Folder, IReadOnlyList<ModelFile> Files, string Remedy);
}
