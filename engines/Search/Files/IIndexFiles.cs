using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Files;

/// <summary>
/// The folder of one index. The only way the engine reaches a disk: what a crash may take, and what it must not, is
/// said here, so that a test can stand in for the disk at its worst.
/// </summary>
public interface IIndexFiles
{
    /// <summary>Names of the files, in any order.</summary>
    IReadOnlyList<string> List();

    /// <summary>A new, empty file. Until <see cref="IAppendFile.Flush"/> returns, a crash may keep any of it or nothing.</summary>
    /// <exception cref="IOException">It exists, or the disk is full.</exception>
    IAppendFile Create(string name);

    /// <summary>The whole file, read where it lies; it must not change while it is open.</summary>
    IMappedFile Map(string name);

    /// <summary>In one step, durable on return; a file of the new name is replaced.</summary>
    void Rename(string name, string newName);

    /// <summary>Once no one has it mapped; deleting what is not there is no error.</summary>
    void Delete(string name);
}

public interface IAppendFile : IDisposable
{
    long Length { get; }

    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>All that was appended survives a crash of the machine once this returns, and so does the file's name. Disposing alone may lose it.</summary>
    void Flush();
}

/// <summary>Bytes that stay where they are until disposed.</summary>
public interface IMappedFile : IDisposable
{
    Section Bytes { get; }
}
