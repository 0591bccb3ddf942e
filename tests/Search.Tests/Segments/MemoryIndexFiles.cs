using RagPlatform.Search.Files;

namespace RagPlatform.Search.Tests.Segments;

/// <summary>
/// A disk in memory at its worst. Of what was not flushed a crash keeps any part: the file or not, any length of it, with
/// any of its sectors empty. Deleted files may be back. It can stop answering after a number of calls, as a machine
/// that goes down in the middle of something. To delete what is mapped is an error of
/// the engine.
/// </summary>
internal sealed class MemoryIndexFiles : IIndexFiles
{
    private const int SectorBytes = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredFile> _files = [];
    private readonly Dictionary<string, byte[]> _deleted = [];
    private int _callsLeft = int.MaxValue;

    /// <summary>Called at the start of every flush, outside of any lock.</summary>
    public Action Flushing { get; set; } = () => { };

    /// <summary>Mapped and not disposed yet.</summary>
    public int OpenMaps => _files.Values.Sum(file => file.Maps.Count);

    /// <summary>From now on this many calls are answered; every later one fails.</summary>
    public void GoDownAfter(int calls) => _callsLeft = calls;

    public bool IsDown => _callsLeft <= 0;

    public byte[] Content(string name) => [.. _files[name].Bytes];

    /// <summary>Changes a byte on the disk and where it is mapped.</summary>
    public unsafe void Damage(string name, int at)
    {
        _files[name].Bytes[at] ^= 1;
        foreach (var map in _files[name].Maps)
        {
            map.Bytes.Pointer[at] ^= 1;
        }
    }

    public void Put(string name, byte[] content) => _files[name] = new StoredFile { Bytes = [.. content], Flushed = content.Length, HasDurableName = true };

    /// <summary>The disk as the next start of the machine finds it.</summary>
    public MemoryIndexFiles Crash(Random random)
    {
        var next = new MemoryIndexFiles();
        foreach (var (name, file) in _files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (file.HasDurableName || random.Next(2) == 0)
            {
                next.Put(name, file.Survive(random));
            }
        }

        foreach (var (name, content) in _deleted.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (!next._files.ContainsKey(name) && random.Next(4) == 0)
            {
                next.Put(name, content);
            }
        }

        return next;
    }

    /// <summary>The same files, all flushed.</summary>
    public MemoryIndexFiles Copy()
    {
        var copy = new MemoryIndexFiles();
        foreach (var (name, file) in _files)
        {
            copy.Put(name, [.. file.Bytes]);
        }

        return copy;
    }

    public IReadOnlyList<string> List() => Call(() => _files.Keys.Order(StringComparer.Ordinal).ToArray());

    public IAppendFile Create(string name) => Call(() =>
    {
        var file = new StoredFile();
        return _files.TryAdd(name, file) ? new AppendFile(this, file) : throw new IOException($"{name} exists.");
    });

    public IMappedFile Map(string name) => Call(() =>
    {
        var file = _files.TryGetValue(name, out var found) ? found : throw new FileNotFoundException($"{name} is not there.");
        var bytes = new MemoryBytes();
        bytes.Append([.. file.Bytes]);
        file.Maps.Add(bytes);
        return new MappedFile(this, file, bytes);
    });

    public void Rename(string name, string newName) => Call(() =>
    {
        var file = _files[name];
        _files.Remove(name);
        _files[newName] = file;
        file.HasDurableName = true;
        return true;
    });

    public void Delete(string name) => Call(() =>
    {
        if (_files.Remove(name, out var file))
        {
            file.Maps.ShouldBeEmpty($"{name} is deleted while it is mapped.");
            _deleted[name] = [.. file.Bytes];
        }

        return true;
    });

    private T Call<T>(Func<T> call)
    {
        lock (_lock)
        {
            if (_callsLeft <= 0)
            {
                throw new IOException("The machine is down.");
            }

            _callsLeft--;
            return call();
        }
    }

    private sealed class StoredFile
    {
        public List<byte> Bytes { get; init; } = [];

        public int Flushed { get; set; }

        public bool HasDurableName { get; set; }

        public List<MemoryBytes> Maps { get; } = [];

        public byte[] Survive(Random random)
        {
            var length = random.Next(3) switch { 0 => Flushed, 1 => Bytes.Count, _ => random.Next(Flushed, Bytes.Count + 1) };
            byte[] content = [.. Bytes[..length]];
            for (var from = Flushed; from < length; from += SectorBytes)
            {
                if (random.Next(8) == 0)
                {
                    content.AsSpan(from, Math.Min(SectorBytes, length - from)).Clear();
                }
            }

            return content;
        }
    }

    private sealed class AppendFile(MemoryIndexFiles disk, StoredFile file) : IAppendFile
    {
        public long Length => file.Bytes.Count;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            disk.Call(() =>
            {
                file.Bytes.AddRange(copy);
                return true;
            });
        }

        public void Flush()
        {
            disk.Flushing();
            disk.Call(() =>
            {
                file.Flushed = file.Bytes.Count;
                return file.HasDurableName = true;
            });
        }

        public void Dispose()
        {
        }
    }

    private sealed class MappedFile(MemoryIndexFiles disk, StoredFile file, MemoryBytes bytes) : IMappedFile
    {
        public Search.Segments.Section Bytes => bytes.Bytes;

        public void Dispose()
        {
            lock (disk._lock)
            {
                file.Maps.Remove(bytes);
                bytes.Dispose();
            }
        }
    }
}
