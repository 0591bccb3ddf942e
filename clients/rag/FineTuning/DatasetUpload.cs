using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.FineTuning;

/// <summary>From what a user names, a file or a dataset that is there already, to the dataset's id.</summary>
internal static class DatasetUpload
{
    private const string IdPrefix = "ds-";

    /// <param name="session">Where progress is shown.</param>
    /// <param name="client">The platform.</param>
    /// <param name="named">A file, or an id; null for none.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    /// <returns>Empty for none.</returns>
    public static async Task<string> FindAsync(Session session, RagClient client, string? named, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(named))
        {
            return "";
        }

        var path = Path.GetFullPath(named, session.CurrentDirectory);
        if (!File.Exists(path))
        {
            return named.StartsWith(IdPrefix, StringComparison.Ordinal)
                ? named
                : throw new CommandException($"there is no file {named}, and it is no dataset's id.", $"Give a file of JSON lines, or an id such as {IdPrefix}0123456789abcdef01234567.", ExitCode.Usage);
        }

        await using var file = File.OpenRead(path);
        var total = file.Length;
        var transfer = new Transfer(session.ErrIsTerminal, TimeProvider.System);
        return await session.ShowAsync($"Sending {named}.", async report =>
        {
            var uploaded = await client.UploadDatasetAsync(file, Path.GetFileName(path), new SentBytes(bytes => report($"Sending {named}: {transfer.Describe(bytes, total)}")), cancellationToken);
            return uploaded.Dataset.Id;
        });
    }

    /// <summary>On the sending thread: the line is to be up to date, not queued.</summary>
    private sealed class SentBytes(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
