using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Files;

/// <summary>
/// A folder of the file system; the one place in the engines that reaches a disk. A file is durable by fsync of the file
/// and, for its name, of the folder. Windows has no fsync of folders: there NTFS keeps names in its own journal, flushed
/// with the file's data, so a name that a crash takes back is one whose file was never flushed.
/// </summary>
public sealed class DirectoryIndexFiles : IIndexFiles
{
    private const int BufferBytes = 1 << 16;

    private readonly string _folder;

    /// <param name="folder">Created if it is not there. Of one index alone, and open in one process at a time.</param>
    public DirectoryIndexFiles(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = Path.GetFullPath(folder);
        var parents = MissingFolders().Select(missing => Path.GetDirectoryName(missing)!).ToList();
        Directory.CreateDirectory(_folder);
        parents.ForEach(FolderFlush.Run);
    }

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path))];

    public IAppendFile Create(string name) =>
        new AppendFile(File.OpenHandle(PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.Read), _folder);

    public IMappedFile Map(string name) => new MappedFile(PathOf(name));

    public void Rename(string name, string newName)
    {
        File.Move(PathOf(name), PathOf(newName), overwrite: true);
        FolderFlush.Run(_folder);
    }

    public void Delete(string name) => File.Delete(PathOf(name));

    private IEnumerable<string> MissingFolders()
    {
        for (var folder = _folder; !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)!)
        {
            yield return folder;
        }
    }

    private string PathOf(string name) =>
        name.AsSpan().ContainsAny('/', '\\') ? throw new ArgumentException($"'{name}' is no name of a file.", nameof(name)) : Path.Combine(_folder, name);

    /// <summary>Not a FileStream: closing one writes what is left in its buffer, and fails where the disk is full.</summary>
    private sealed class AppendFile(SafeFileHandle handle, string folder) : IAppendFile
    {
        private readonly byte[] _buffer = new byte[BufferBytes];
        private int _buffered;
        private long _written;
        private bool _isNameDurable;

        public long Length => _written + _buffered;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > BufferBytes - _buffered)
            {
                WriteBuffer();
            }

            if (bytes.Length > BufferBytes)
            {
                RandomAccess.Write(handle, bytes, _written);
                _written += bytes.Length;
                return;
            }

            bytes.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += bytes.Length;
        }

        public void Flush()
        {
            WriteBuffer();
            RandomAccess.FlushToDisk(handle);
            if (!_isNameDurable)
            {
                FolderFlush.Run(folder);
                _isNameDurable = true;
            }
        }

        public void Dispose() => handle.Dispose();

        private void WriteBuffer()
        {
            RandomAccess.Write(handle, _buffer.AsSpan(0, _buffered), _written);
            _written += _buffered;
            _buffered = 0;
        }
    }

    private sealed unsafe class MappedFile : IMappedFile
    {
        private readonly MemoryMappedFile? _file;
        private readonly MemoryMappedViewAccessor? _view;
        private Section _bytes;

        public MappedFile(string path)
        {
            var length = new FileInfo(path).Length;
            if (length == 0)
            {
                // Nothing cannot be mapped.
                return;
            }

            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* pointer = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            _bytes = new Section(pointer + _view.PointerOffset, length);
        }

        public Section Bytes => _bytes;

        public void Dispose()
        {
            if (_bytes.Pointer != null)
            {
                _bytes = default;
                _view!.SafeMemoryMappedViewHandle.ReleasePointer();
            }

            _view?.Dispose();
            _file?.Dispose();
        }
    }
}
