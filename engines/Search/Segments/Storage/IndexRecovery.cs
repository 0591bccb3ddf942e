using RagPlatform.Search.Files;
using RagPlatform.Search.Segments.Log;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>An index as it is opened: all in files, and an empty log.</summary>
internal sealed record RecoveredIndex(IndexSnapshot Snapshot, LogWriter Log, IReadOnlyList<LostSegment> Lost);

/// <summary>
/// Finds out what an index held and leaves it tidy: what the logs say is written as a segment, a new log is begun, and
/// files that the new manifest does not name are deleted. A crash at any point leaves the former state or the new one.
/// A damaged segment costs its documents, a damaged frame of a log those it was about. Where it cannot be known
/// which documents are concerned (both copies of the manifest, or of a frame's directory), nothing is served: everything
/// is set aside and reported, for what is left may be out of date.
/// </summary>
internal sealed class IndexRecovery(IndexFolder folder, SegmentBuilder builder, CollectionIndexOptions options)
{
    private readonly List<LostSegment> _lost = [];
    private readonly List<(string Log, string Damage)> _damagedLogs = [];

    /// <exception cref="IndexMismatchException">The index was made with other options.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public RecoveredIndex Run(CancellationToken cancellationToken)
    {
        var manifest = ReadManifest();
        using var draft = new SnapshotDraft([]);
        var nextSequence = 1L;
        if (manifest is not null)
        {
            OpenSegments(manifest, draft, cancellationToken);
            nextSequence = Replay(manifest, draft, cancellationToken) ?? LoseEverything(draft);
        }

        WriteMemory(draft, cancellationToken);
        var log = new LogWriter(folder.Files, folder.NewLogName(), nextSequence);
        try
        {
            ManifestFile.Save(folder.Files, IndexManifest.Of(
                IndexConfiguration.Of(options), draft.Views, [new ManifestLog(log.Name, log.FirstSequence, null)]));
            _lost.AddRange(_damagedLogs.Select(damaged => folder.SetAside(damaged.Log, damaged.Damage)));
            Sweep(draft.Views, log);
        }
        catch
        {
            log.Dispose();
            throw;
        }

        return new RecoveredIndex(draft.Complete(), log, _lost);
    }

    private IndexManifest? ReadManifest()
    {
        IndexManifest manifest;
        try
        {
            if (!folder.Files.List().Contains(ManifestFile.Name, StringComparer.Ordinal))
            {
                LoseData("No manifest says what of it counts.");
                return null;
            }

            manifest = ManifestFile.Read(folder.Files);
        }
        catch (InvalidDataException exception)
        {
            _lost.Add(folder.SetAside(ManifestFile.Name, exception.Message));
            LoseData("The manifest, which says what of it counts, is damaged.");
            return null;
        }

        var configuration = IndexConfiguration.Of(options);
        return manifest.Configuration == configuration ? manifest : throw new IndexMismatchException(
            $"The index was made with {manifest.Configuration}; it is opened with {configuration}. Open it with what it was made with, or make another index.");
    }

    private void OpenSegments(IndexManifest manifest, SnapshotDraft draft, CancellationToken cancellationToken)
    {
        foreach (var named in manifest.Segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                draft.Put([], SegmentView.Of(folder.OpenSegment(named.File), named.LiveDocuments));
            }
            catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException)
            {
                _lost.Add(folder.SetAside(named.File, exception.Message));
            }
        }
    }

    /// <summary>The sequence of the next frame; null when it cannot be known which documents are concerned by damage.</summary>
    private long? Replay(IndexManifest manifest, SnapshotDraft draft, CancellationToken cancellationToken)
    {
        var nextSequence = 1L;
        foreach (var named in manifest.Logs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var file = MapOrNull(named.File);
            var content = file is null
                ? new LogContent([], 0, "It is not there.", IsKnown: false)
                : new LogReader(file.Bytes, named.FirstSequence, named.CommittedBytes).Read();
            if (content.Damage is not null)
            {
                _damagedLogs.Add((named.File, content.Damage));
            }

            if (!content.IsKnown)
            {
                return null;
            }

            foreach (var operation in content.Operations)
            {
                Apply(operation, draft);
            }

            nextSequence = content.NextSequence;
        }

        return nextSequence;
    }

    private IMappedFile? MapOrNull(string name)
    {
        try
        {
            return folder.Files.Map(name);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private void Apply(LoggedOperation operation, SnapshotDraft draft)
    {
        if (operation is { Segment: { } bytes, IsDamaged: false })
        {
            var copy = new MemoryBytes(bytes.Bytes);
            copy.Append(bytes.Slice(0, bytes.Bytes));
            draft.Replace(operation.DocumentId, new Segment(copy));
            builder.MergeInMemory(draft, options.FlushChunks);
        }
        else
        {
            draft.Remove(operation.DocumentId);
        }
    }

    private long LoseEverything(SnapshotDraft draft)
    {
        draft.Clear();
        _lost.AddRange(_damagedLogs.Select(damaged => folder.SetAside(damaged.Log, damaged.Damage)));
        _damagedLogs.Clear();
        LoseData("What of it is still current was in a log that is damaged.");
        return 1;
    }

    private void LoseData(string reason)
    {
        foreach (var name in folder.DataFiles().ToList())
        {
            if (!IsEmpty(name))
            {
                _lost.Add(folder.SetAside(name, reason));
            }
        }
    }

    private bool IsEmpty(string name)
    {
        using var file = folder.Files.Map(name);
        return file.Bytes.Bytes == 0;
    }

    private void WriteMemory(SnapshotDraft draft, CancellationToken cancellationToken)
    {
        var memory = draft.Views.Where(view => view.Segment.IsInMemory).ToList();
        if (memory.Count == 0)
        {
            return;
        }

        var name = folder.NewSegmentName();
        using (var file = folder.Files.Create(name))
        {
            builder.Merge(memory, file, cancellationToken);
            file.Flush();
        }

        draft.Put([.. memory.Select(view => view.Segment)], SegmentView.All(folder.OpenSegment(name)));
    }

    private void Sweep(IReadOnlyList<SegmentView> views, LogWriter log)
    {
        var kept = views.Select(view => view.Segment.File).Append(log.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in folder.DataFiles().Where(name => !kept.Contains(name)).ToList())
        {
            folder.DeleteWhatMayStay(name);
        }

        folder.DeleteWhatMayStay(ManifestFile.DraftName);
    }
}
