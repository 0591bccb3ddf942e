using RagPlatform.Search.Segments.Log;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>
/// Turns what is in memory into files and files into larger files. The work is done beside writers and readers; writers
/// wait only while a new log is begun and while a finished merge is put in its sources' place. What a step replaces is
/// deleted once a manifest without it is durable.
/// </summary>
internal sealed class IndexMaintenance(
    IndexFolder folder, SnapshotSlot slot, IndexWriter writer, SegmentBuilder builder, CollectionIndexOptions options) : IDisposable
{
    private readonly string _configuration = IndexConfiguration.Of(options);
    private readonly SemaphoreSlim _running = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<ManifestLog> _closedLogs = [];
    private readonly List<string> _obsoleteLogs = [];
    private readonly List<Segment> _obsoleteSegments = [];

    /// <summary>Does all that is due. What is written meanwhile is flushed while a merge runs.</summary>
    /// <exception cref="IOException">A step failed; the index is as it was before it, and the next call tries again.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        await _running.WaitAsync(cancellation.Token);
        RunningMerge? merge = null;
        try
        {
            while (true)
            {
                cancellation.Token.ThrowIfCancellationRequested();
                if (writer.FlushDue.IsCompleted || _closedLogs.Count > 0)
                {
                    await FlushAsync(cancellation.Token);
                }

                if (merge is { Building.IsCompleted: true })
                {
                    var finished = merge;
                    merge = null;
                    await FinishAsync(finished);
                }

                merge ??= await writer.ExclusivelyAsync(() => BeginMerge(cancellation.Token), cancellation.Token);
                if (merge is null)
                {
                    return;
                }

                await Task.WhenAny(merge.Building, writer.FlushDue);
            }
        }
        finally
        {
            if (merge is not null)
            {
                await cancellation.CancelAsync();
                await AbandonAsync(merge);
            }

            _running.Release();
        }
    }

    /// <summary>Cancels a run and waits for it to end; none can begin any more.</summary>
    public async Task CloseAsync()
    {
        await _closing.CancelAsync();
        await _running.WaitAsync();
        _obsoleteSegments.ForEach(segment => segment.Release());
    }

    public void Dispose()
    {
        _running.Dispose();
        _closing.Dispose();
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var flush = await writer.ExclusivelyAsync(() => BeginFlush(cancellationToken), cancellationToken);
        await FinishAsync(flush);
    }

    private RunningMerge BeginFlush(CancellationToken cancellationToken)
    {
        if (_closedLogs.Count == 0 || writer.Log is not { CommittedBytes: 0, HasFailed: false })
        {
            BeginLog();
        }

        return Begin([.. slot.Current.Segments.Where(view => view.Segment.IsInMemory)], cancellationToken);
    }

    /// <summary>Not again after a flush that failed before anything more was written: tries would grow into as many empty logs.</summary>
    private void BeginLog()
    {
        var former = writer.Log;
        var next = new LogWriter(folder.Files, folder.NewLogName(), former.NextSequence);
        var closed = new ManifestLog(former.Name, former.FirstSequence, former.CommittedBytes);
        try
        {
            SaveManifest([.. _closedLogs, closed, new ManifestLog(next.Name, next.FirstSequence, null)]);
        }
        catch
        {
            // Which manifest a crash would find is unknown; the new one ends the former log here.
            former.Fail();
            next.Dispose();
            throw;
        }

        _closedLogs.Add(closed);
        writer.ContinueIn(next);
        former.Dispose();
    }

    private RunningMerge? BeginMerge(CancellationToken cancellationToken) =>
        MergePolicy.ChooseFiles(slot.Current.Segments, options.FlushChunks) is { Count: > 0 } sources ? Begin(sources, cancellationToken) : null;

    private RunningMerge Begin(IReadOnlyList<SegmentView> sources, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            source.Segment.Acquire();
            source.Segment.IsClaimed = true;
        }

        return new RunningMerge(sources, Task.Run(() => Build(sources, cancellationToken), CancellationToken.None));
    }

    private Segment? Build(IReadOnlyList<SegmentView> sources, CancellationToken cancellationToken)
    {
        if (sources.All(source => source.LiveDocumentCount == 0))
        {
            return null;
        }

        VerifyFiles(sources);
        var name = folder.NewSegmentName();
        try
        {
            using (var file = folder.Files.Create(name))
            {
                builder.Merge(sources, file, cancellationToken);
                file.Flush();
            }

            return folder.OpenSegment(name);
        }
        catch (InvalidDataException exception)
        {
            folder.DeleteWhatMayStay(name);
            throw new IOException($"{name} does not read as it was written: {exception.Message}", exception);
        }
        catch
        {
            folder.DeleteWhatMayStay(name);
            throw;
        }
    }

    /// <summary>A merge gives what it reads new checksums: it must not read what has gone bad since it was opened.</summary>
    private static void VerifyFiles(IReadOnlyList<SegmentView> sources)
    {
        foreach (var segment in sources.Select(source => source.Segment).Where(segment => !segment.IsInMemory))
        {
            try
            {
                segment.Verify();
            }
            catch (InvalidDataException exception)
            {
                throw new IndexDamagedException($"{segment.File} has been damaged since it was opened; open the index anew, which sets it aside: {exception.Message}", exception);
            }
        }
    }

    private async Task FinishAsync(RunningMerge merge)
    {
        Segment? merged;
        try
        {
            merged = await merge.Building;
        }
        catch
        {
            await AbandonAsync(merge);
            throw;
        }

        await writer.ExclusivelyAsync(
            () =>
            {
                using var draft = new SnapshotDraft(slot.Current.Segments);
                draft.Put(merge.Replaced, merge.CarryOver(merged, draft.Views));
                slot.Publish(draft.Complete());
                return true;
            },
            CancellationToken.None);
        _obsoleteSegments.AddRange(merge.Replaced);
        if (merge.Sources.All(source => source.Segment.IsInMemory))
        {
            _obsoleteLogs.AddRange(_closedLogs.Select(log => log.File));
            _closedLogs.Clear();
        }

        SaveManifest([.. _closedLogs, new ManifestLog(writer.Log.Name, writer.Log.FirstSequence, null)]);
    }

    private async Task AbandonAsync(RunningMerge merge)
    {
        // A failure of its own is thrown by whoever awaits it; the sources are unharmed.
        await Task.WhenAny(merge.Building);
        if (merge.Building is { IsCompletedSuccessfully: true, Result: { } merged })
        {
            merged.DeleteOnRelease();
            merged.Release();
        }

        await writer.ExclusivelyAsync(
            () =>
            {
                foreach (var source in merge.Sources)
                {
                    source.Segment.IsClaimed = false;
                    source.Segment.Release();
                }

                return true;
            },
            CancellationToken.None);
    }

    /// <summary>Also right if documents are deleted meanwhile: the logs it names hold that, and say it again when the index is opened.</summary>
    private void SaveManifest(IReadOnlyList<ManifestLog> logs)
    {
        using (var snapshot = slot.Acquire())
        {
            ManifestFile.Save(folder.Files, IndexManifest.Of(_configuration, snapshot.Segments, logs));
        }

        ReleaseObsolete();
    }

    private void ReleaseObsolete()
    {
        foreach (var segment in _obsoleteSegments)
        {
            segment.DeleteOnRelease();
            segment.Release();
        }

        _obsoleteLogs.ForEach(folder.DeleteWhatMayStay);
        _obsoleteSegments.Clear();
        _obsoleteLogs.Clear();
    }
}
