namespace RagPlatform.FineTuneJobs.Workers;

/// <summary>A job's folder is one worker's at a time: a file that it keeps locked, which the operating system frees however it ends.</summary>
internal static class WorkerLock
{
    private const string FileName = "worker.lock";
    private const int Tries = 50;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits some seconds for a worker before it, which may be about to end. Null when that one stays.</summary>
    public static FileStream? TryTake(string folder)
    {
        for (var tried = 0; tried < Tries; tried++)
        {
            try
            {
                return new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                Thread.Sleep(Between);
            }
        }

        return null;
    }
}
