namespace RagPlatform.Provisioning;

/// <summary>Keeps other processes of this user out of a folder while it is being filled. Released when disposed or when the process ends.</summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    private readonly FileStream stream;

    private FileLock(FileStream stream) => this.stream = stream;

    /// <summary>Waits until nobody else holds the lock, however long that takes; the token bounds it.</summary>
    public static async Task<FileLock> AcquireAsync(string path, Action onWaiting, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var waited = false; ; waited = true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!waited)
                {
                    onWaiting();
                }

                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }

    public void Dispose() => stream.Dispose();
}
