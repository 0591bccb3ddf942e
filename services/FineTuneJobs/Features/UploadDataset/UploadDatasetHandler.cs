using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Datasets;

namespace RagPlatform.FineTuneJobs.Features.UploadDataset;

/// <summary>Keeps a file that arrives in pieces: written as it comes, whole in its place or not at all.</summary>
public sealed class UploadDatasetHandler(DatasetStore store, IOptions<FineTuneJobsOptions> options)
{
    private const int MaxNameCharacters = 200;
    private const int IdDigits = 24;
    private const int BufferBytes = 64 * 1024;

    /// <param name="tenant">Whose.</param>
    /// <param name="parts">The name first, once; then the content.</param>
    /// <param name="cancellationToken">Ends it; nothing is kept.</param>
    public async Task<(Dataset Dataset, bool Existed)> UploadAsync(string tenant, IAsyncEnumerable<UploadPart> parts, CancellationToken cancellationToken)
    {
        try
        {
            var path = store.NewUploadPath(tenant);
            try
            {
                return await store.KeepAsync(tenant, await WriteAsync(path, parts, cancellationToken), path, cancellationToken);
            }
            finally
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && !cancellationToken.IsCancellationRequested)
        {
            throw FineTuneJobsErrors.DatasetNotWritten(exception);
        }
    }

    private async Task<Dataset> WriteAsync(string path, IAsyncEnumerable<UploadPart> parts, CancellationToken cancellationToken)
    {
        var limitBytes = options.Value.MaxDatasetMebibytes * 1024L * 1024;
        string? name = null;
        var lines = new FirstLines();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true);
        await foreach (var part in parts.WithCancellation(cancellationToken))
        {
            if (part.Name is not null)
            {
                name = name is null ? CheckName(part.Name) : throw FineTuneJobsErrors.UploadOutOfOrder("the header came twice.");
            }
            else if (name is null)
            {
                throw FineTuneJobsErrors.UploadOutOfOrder("content came before the header.");
            }
            else if (file.Length + part.Content.Length > limitBytes)
            {
                throw FineTuneJobsErrors.DatasetTooLarge(file.Length + part.Content.Length, options.Value.MaxDatasetMebibytes);
            }
            else
            {
                hash.AppendData(part.Content.Span);
                lines.Add(part.Content.Span);
                await file.WriteAsync(part.Content, cancellationToken);
            }
        }

        if (name is null)
        {
            throw FineTuneJobsErrors.UploadOutOfOrder("the upload ended without a header.");
        }

        lines.Complete();
        await file.FlushAsync(cancellationToken);
        file.Flush(flushToDisk: true);
        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        return file.Length == 0 ? throw FineTuneJobsErrors.DatasetEmpty() : new Dataset($"ds-{sha256[..IdDigits]}", name, file.Length, sha256, lines.Format, lines.Lines, default);
    }

    private static string CheckName(string name) =>
        name.Length <= MaxNameCharacters && !name.Any(char.IsControl)
            ? name
            : throw FineTuneJobsErrors.Invalid("header.name", $"it has {name.Length} characters, or a control character; at most {MaxNameCharacters} without any are allowed.", "Give a shorter name.");
}

/// <summary>Either a header (a name) or a piece of content.</summary>
public sealed record UploadPart(string? Name, ReadOnlyMemory<byte> Content);
