namespace RagPlatform.Embedding.Models;

/// <summary>
/// Lets one process at a time pull a model: an exclusively opened file, which the operating system releases when its
/// holder dies. The file itself stays, because removing it would let two holders lock two different files.
/// </summary>
internal static class PullLock
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static async Task<IDisposable> AcquireAsync(string path, IProgress<PullProgress> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (IsHeld(exception))
            {
                progress.Report(new PullProgress(PullSteps.Waiting, "another process is pulling the model"));
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <summary>ERROR_SHARING_VIOLATION or ERROR_LOCK_VIOLATION on Windows; EWOULDBLOCK on Linux (11) and macOS (35).</summary>
    private static bool IsHeld(IOException exception) =>
        OperatingSystem.IsWindows() ? (exception.HResult & 0xFFFF) is 32 or 33 : exception.HResult is 11 or 35;
}
