namespace RagPlatform.Embedding.Models;

/// <summary>From where somebody says a model comes, to the pins of its files.</summary>
/// <param name="store">Where it will be kept.</param>
/// <param name="hub">Null where the hub is left out.</param>
/// <param name="allowFolders">Whether folders of this machine may be read.</param>
public sealed class ModelPinning(ModelStore store, HubClient? hub, bool allowFolders)
{
    public const string DefaultRevision = "main";

    /// <summary>Checks the request, before anything is fetched.</summary>
    /// <param name="source">"hub:OWNER/REPOSITORY" or "folder:PATH".</param>
    /// <param name="revision">Of a repository; empty for "main".</param>
    /// <param name="name">Empty for the repository's or folder's own.</param>
    /// <exception cref="Grpc.Errors.ServiceException">One of them is wrong, or that kind of source is off.</exception>
    internal PinRequest Parse(string source, string revision, string name)
    {
        ModelSourceKind[] kinds = [ModelSourceKind.Hub, ModelSourceKind.Folder];
        var kind = Array.Find(kinds, kind => source.StartsWith(ModelSource.PrefixOf(kind), StringComparison.Ordinal));
        var place = source.StartsWith(ModelSource.PrefixOf(kind), StringComparison.Ordinal) ? source[ModelSource.PrefixOf(kind).Length..] : "";
        if (kind is ModelSourceKind.Folder ? !Path.IsPathFullyQualified(place) || revision.Length > 0 : !ModelNames.IsRepository(place))
        {
            throw EmbeddingErrors.SourceInvalid(source, revision);
        }

        if (revision.Length > 0 && !ModelNames.IsRevision(revision))
        {
            throw EmbeddingErrors.RevisionInvalid(revision);
        }

        var own = Path.GetFileName(Path.TrimEndingDirectorySeparator(place));
        var id = name.Length > 0 ? name : own;
        if (!ModelNames.IsId(id))
        {
            throw EmbeddingErrors.NameInvalid(id);
        }

        return kind switch
        {
            ModelSourceKind.Hub when hub is null => throw EmbeddingErrors.HubOff(),
            ModelSourceKind.Folder when !allowFolders => throw EmbeddingErrors.FoldersOff(),
            _ => new PinRequest(kind, kind is ModelSourceKind.Folder ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(place)) : place, revision, id),
        };
    }

    /// <summary>
    /// Pins the model, or finds it pinned: to that commit or content, or to any where no revision is asked for.
    /// </summary>
    /// <exception cref="Grpc.Errors.ServiceException">Another model has the name, or the source does not give it.</exception>
    /// <exception cref="ModelPullException">The models directory cannot be written.</exception>
    internal async Task PinAsync(PinRequest request, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var known = store.Inspect(request.Id);
        var pinned = known?.Pin?.Sources.FirstOrDefault(source => source.Kind == request.Kind && source.Name == request.Place);
        if (known is not null && pinned is null)
        {
            throw EmbeddingErrors.NameTaken(request.Id, known.Pin?.Sources[0].ToString() ?? "a folder that somebody put into the models directory");
        }

        if (pinned is not null && request.Kind is ModelSourceKind.Hub && (request.Revision.Length == 0 || request.Revision == pinned.Version))
        {
            return;
        }

        var model = request.Kind is ModelSourceKind.Hub
            ? await store.WriteAsync(() => new HubPinning(hub!, new HubFetcher(hub!)).PinAsync(
                request.Place, request.Revision.Length > 0 ? request.Revision : DefaultRevision, request.Id, source => store.Partial(request.Id, source), progress, cancellationToken))
            : await FolderPinning.PinAsync(request.Place, request.Id, progress, cancellationToken);
        var source = model.Sources[0];
        if (pinned is not null && pinned.Version != source.Version)
        {
            throw EmbeddingErrors.PinnedElsewhere(request.Id, pinned.Version, source.ToString());
        }

        await store.PinAsync(model, progress, cancellationToken);
        progress.Report(new PullProgress(
            PullSteps.Pinned, $"{source}, {(model.License.Length > 0 ? $"license {model.License}" : "no license stated")}, {source.Files.Count} files", 0, source.TotalBytes));
    }
}

/// <param name="Kind">Hub or folder.</param>
/// <param name="Place">OWNER/REPOSITORY, or an absolute path.</param>
/// <param name="Revision">Of a repository; empty for any that it is pinned to, else "main".</param>
/// <param name="Id">The name to keep it under.</param>
internal sealed record PinRequest(ModelSourceKind Kind, string Place, string Revision, string Id);
