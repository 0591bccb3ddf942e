using System.Runtime.CompilerServices;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>Says how much a batch will hold, so that its progress and remaining time count what has not arrived yet. May be called again.</summary>
    /// <param name="batchId">1 to 63 of a-z, 0-9, "_" and "-".</param>
    /// <param name="expectedDocuments">Puts that will be made under it; 0 for unknown.</param>
    /// <param name="expectedBytes">Of their content together; 0 for unknown.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Batch> DeclareBatchAsync(string batchId, long expectedDocuments, long expectedBytes = 0, CancellationToken cancellationToken = default)
    {
        var request = new V1.DeclareBatchRequest { BatchId = batchId, ExpectedDocuments = expectedDocuments, ExpectedBytes = expectedBytes };
        return (await CallAsync(options => _gateway.DeclareBatchAsync(request, options), cancellationToken).ConfigureAwait(false)).Batch.ToBatch();
    }

    /// <summary>How far a batch is.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="maxFailed">Failed documents to be told, 0 to 1,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async Task<Batch> GetBatchAsync(string batchId, int maxFailed = 0, CancellationToken cancellationToken = default)
    {
        var request = new V1.GetBatchRequest { BatchId = batchId, MaxFailed = maxFailed };
        return (await CallAsync(options => _gateway.GetBatchAsync(request, options), cancellationToken).ConfigureAwait(false)).Batch.ToBatch();
    }

    /// <summary>A page of batches, newest first.</summary>
    /// <param name="pageSize">1 to 200.</param>
    /// <param name="pageToken">The first page when null.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<BatchPage> ListBatchesPageAsync(int pageSize = 50, string? pageToken = null, CancellationToken cancellationToken = default)
    {
        var request = new V1.ListBatchesRequest { PageSize = pageSize, PageToken = pageToken ?? "" };
        var response = await CallAsync(options => _gateway.ListBatchesAsync(request, options), cancellationToken).ConfigureAwait(false);
        return new BatchPage([.. response.Batches.Select(batch => batch.ToBatch())], response.NextPageToken.Length > 0 ? response.NextPageToken : null);
    }

    /// <summary>How far a batch is, a few times a second at most, until it rests.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="maxFailed">Failed documents to be told, 0 to 1,000.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async IAsyncEnumerable<Batch> WatchBatchAsync(string batchId, int maxFailed = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V1.WatchBatchRequest { BatchId = batchId, MaxFailed = maxFailed };
        await foreach (var response in StreamAsync(options => _gateway.WatchBatch(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return response.Batch.ToBatch();
        }
    }
}
