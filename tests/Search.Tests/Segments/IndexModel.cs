namespace RagPlatform.Search.Tests.Segments;

/// <summary>
/// What an index must hold: of each document what was acknowledged last. What failed may be there or not, until the
/// next opening of the index has decided.
/// </summary>
internal sealed class IndexModel
{
    private readonly Dictionary<string, IndexedDocument> _held = [];
    private readonly Dictionary<string, List<IndexedDocument?>> _undecided = [];
    private long _lastVersion;

    public IReadOnlyDictionary<string, IndexedDocument> Held => _held;

    public async Task ReplaceAsync(CollectionIndex index, string id, Random random)
    {
        // Every now and then a version that is too old and must change nothing.
        var stale = random.Next(8) == 0 && _held.TryGetValue(id, out var held) ? held.Version - random.Next(2) : 0;
        var document = TestDocuments.Random(random, id, stale > 0 ? stale : ++_lastVersion);
        if (stale > 0)
        {
            await index.ReplaceAsync(document, default);
            return;
        }

        await DecideAsync(id, document, index.ReplaceAsync(document, default));
        lock (_held)
        {
            _held[id] = document;
        }
    }

    public async Task RemoveAsync(CollectionIndex index, string id)
    {
        await DecideAsync(id, null, index.RemoveAsync(id, default));
        _held.Remove(id);
    }

    /// <summary>Takes over what a freshly opened index made of what was undecided; it must be one of what was asked for.</summary>
    public void Settle(CollectionIndex index)
    {
        foreach (var (id, attempts) in _undecided)
        {
            var version = index.VersionOf(id);
            var before = _held.TryGetValue(id, out var held) ? held : null;
            var settled = attempts.Append(before).FirstOrDefault(attempt => (attempt?.Version ?? 0) == version);
            (settled?.Version ?? 0).ShouldBe(version, id);
            if (settled is null)
            {
                _held.Remove(id);
            }
            else
            {
                _held[id] = settled;
            }
        }

        _undecided.Clear();
        ShouldEqual(index);
    }

    /// <summary>What was undecided can never be there any more.</summary>
    public void Forget() => _undecided.Clear();

    public void ShouldEqual(CollectionIndex index)
    {
        index.Documents().OrderBy(document => document.DocumentId, StringComparer.Ordinal).ShouldBe(
            _held.Values.Select(document => new HeldDocument(document.DocumentId, document.Version, document.Chunks.Count))
                .OrderBy(document => document.DocumentId, StringComparer.Ordinal));
        foreach (var document in _held.Values)
        {
            TestDocuments.ShouldBeSame(index.Read(document.DocumentId), document);
        }

        var description = index.Describe();
        (description.Documents, description.Chunks).ShouldBe((_held.Count, _held.Values.Sum(document => document.Chunks.Count)));
    }

    public void ShouldEqual(CollectionIndex index, string id)
    {
        if (_held.TryGetValue(id, out var document))
        {
            TestDocuments.ShouldBeSame(index.Read(id), document);
        }
        else
        {
            index.Read(id).ShouldBeNull();
            index.VersionOf(id).ShouldBe(0);
        }
    }

    /// <summary>Whatever a search returns is what was written, word for word.</summary>
    public void ShouldFindOnlyWhatIsHeld(CollectionIndex index, Random random)
    {
        var hits = index.Search(new SearchQuery { Text = "plain document version", Vector = TestVectors.Random(random, TestDocuments.Dimension) }).Hits;
        foreach (var hit in hits)
        {
            var expected = _held[hit.Document.DocumentId];
            hit.Document.Version.ShouldBe(expected.Version);
            var chunk = expected.Chunks.Single(chunk => chunk.ChunkId == hit.Chunk.ChunkId);
            (hit.Chunk.Text, hit.Chunk.StartOffset, hit.Chunk.EndOffset).ShouldBe((chunk.Text, chunk.StartOffset, chunk.EndOffset));
        }
    }

    private async Task DecideAsync(string id, IndexedDocument? attempt, Task write)
    {
        try
        {
            await write;
        }
        catch (IOException)
        {
            lock (_held)
            {
                if (!_undecided.TryGetValue(id, out var attempts))
                {
                    _undecided.Add(id, attempts = []);
                }

                attempts.Add(attempt);
            }

            throw;
        }
    }
}
