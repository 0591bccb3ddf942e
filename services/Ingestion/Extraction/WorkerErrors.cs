namespace RagPlatform.Ingestion.Extraction;

/// <summary>The first words that a worker says on standard error; the rest is read, so that it never waits, and forgotten.</summary>
internal sealed class WorkerErrors
{
    private const int KeptCharacters = 300;

    private readonly Task<string> _words;

    public WorkerErrors(StreamReader errors) => _words = Task.Run(() => DrainAsync(errors));

    /// <returns>On one line; empty when it said nothing, or has not ended yet.</returns>
    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _words.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return "";
        }
    }

    private static async Task<string> DrainAsync(StreamReader errors)
    {
        var buffer = new char[4096];
        var kept = "";
        try
        {
            while (await errors.ReadAsync(buffer) is > 0 and var read)
            {
                kept += kept.Length < KeptCharacters ? new string(buffer, 0, Math.Min(read, KeptCharacters - kept.Length)) : "";
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process is gone, and its pipe with it.
        }

        return string.Join(' ', kept.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
