namespace RagPlatform.Standalone;

/// <summary>
/// The Unix socket over which the modules in this process call each other: in a folder that only this user can
/// enter, so that nobody else on the machine can call a service past the gateway.
/// </summary>
internal sealed class InternalSocket : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rag-");

    public string Path => System.IO.Path.Combine(folder.FullName, "internal");

    public Uri Address => new($"unix:{Path}");

    public void Dispose()
    {
        if (folder.Exists)
        {
            folder.Delete(recursive: true);
        }
    }
}
