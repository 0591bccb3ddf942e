using System.Runtime.CompilerServices;
using Google.Protobuf;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>Begins nothing more of a collection, or of all: documents are accepted and wait, what was begun is finished, deletions go on.</summary>
    /// <param name="collection">All of the tenant's when empty.</param>
    /// <param name="reason">For those who ask why; at most 500 characters.</param>
    /// <param name="allTenants">Everybody's; for an operator's key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IngestionStatus> PauseIngestionAsync(string collection = "", string reason = "", bool allTenants = false, CancellationToken cancellationToken = default)
    {
        var request = new V1.PauseIngestionRequest { Collection = collection, Reason = reason, AllTenants = allTenants };
        return (await CallAsync(options => _gateway.PauseIngestionAsync(request, options), cancellationToken).ConfigureAwait(false)).Status.ToStatus();
    }

    /// <summary>Lifts the pause of a collection, or the tenant's own; broader and narrower ones stay.</summary>
    public async Task<IngestionStatus> ResumeIngestionAsync(string collection = "", bool allTenants = false, CancellationToken cancellationToken = default)
    {
        var request = new V1.ResumeIngestionRequest { Collection = collection, AllTenants = allTenants };
        return (await CallAsync(options => _gateway.ResumeIngestionAsync(request, options), cancellationToken).ConfigureAwait(false)).Status.ToStatus();
    }

    /// <summary>What waits, what is being worked on, and what is paused.</summary>
    public async Task<IngestionStatus> GetIngestionStatusAsync(string collection = "", bool allTenants = false, CancellationToken cancellationToken = default)
    {
        var request = new V1.GetIngestionStatusRequest { Collection = collection, AllTenants = allTenants };
        return (await CallAsync(options => _gateway.GetIngestionStatusAsync(request, options), cancellationToken).ConfigureAwait(false)).Status.ToStatus();
    }

    /// <summary>Begins failed documents again, with their attempts reset, page by page while they are read.</summary>
    /// <exception cref="RagException">NotFound or FailedPrecondition: the one named is not there, or has not failed.</exception>
    public async IAsyncEnumerable<RedrivePage> RedriveDocumentsAsync(RedriveOptions redrive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(redrive);
        var request = new V1.RedriveDocumentsRequest
        {
            Collection = redrive.Collection, Id = redrive.Id, BatchId = redrive.BatchId, Step = redrive.Step, Code = redrive.Code, DryRun = redrive.IsDryRun,
        };
        do
        {
            var response = await CallAsync(options => _gateway.RedriveDocumentsAsync(request, options), cancellationToken).ConfigureAwait(false);
            yield return new RedrivePage([.. response.Documents.Select(one => one.ToFailed())], [.. response.Refused.Select(one => one.ToFailed())]);
            request.PageToken = response.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <summary>Changes of documents as they happen, until the token is cancelled.</summary>
    /// <param name="collection">All collections when empty.</param>
    /// <param name="state">Only changes to this state.</param>
    /// <param name="batchId">Only of this batch.</param>
    /// <param name="afterSequence">Changes after this one, as a former watch told it; from now on when null; from the oldest when 0.</param>
    /// <param name="reached">Told of each sequence up to which there is nothing more to tell, first of that from which on it is watched: a watch that breaks off goes on after it.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public async IAsyncEnumerable<DocumentChange> WatchDocumentsAsync(
        string collection = "", DocumentState? state = null, string batchId = "", long? afterSequence = null, Action<long>? reached = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V1.WatchDocumentsRequest
        {
            Collection = collection, State = (V1.DocumentState)(state ?? DocumentState.Unspecified), BatchId = batchId,
            AfterSequence = afterSequence ?? 0, FromStart = afterSequence == 0,
        };
        await foreach (var response in StreamAsync(options => _gateway.WatchDocuments(request, options), cancellationToken).ConfigureAwait(false))
        {
            if (response.Change is not null)
            {
                yield return response.ToChange();
            }

            reached?.Invoke(response.Sequence);
        }
    }

    /// <summary>A document's versions that are still held, newest first, fetched page by page while they are read.</summary>
    /// <exception cref="RagException">NotFound when there is no such document.</exception>
    public async IAsyncEnumerable<Document> ListVersionsAsync(string id, string collection = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V1.ListVersionsRequest { Collection = collection, Id = id };
        do
        {
            var response = await CallAsync(options => _gateway.ListVersionsAsync(request, options), cancellationToken).ConfigureAwait(false);
            foreach (var version in response.Versions)
            {
                yield return version.ToDocument();
            }

            request.PageToken = response.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <summary>A page of drops that belong to no document, newest first: the tenant's own, and with an operator's key those of no tenant.</summary>
    public async Task<RejectedDropPage> ListRejectedDropsPageAsync(int pageSize = 50, string? pageToken = null, CancellationToken cancellationToken = default)
    {
        var request = new V1.ListRejectedDropsRequest { PageSize = pageSize, PageToken = pageToken ?? "" };
        var response = await CallAsync(options => _gateway.ListRejectedDropsAsync(request, options), cancellationToken).ConfigureAwait(false);
        return new RejectedDropPage([.. response.Drops.Select(drop => drop.ToDrop())], response.NextPageToken.Length > 0 ? response.NextPageToken : null, response.TotalCount);
    }

    /// <summary>A rejected drop and its body as it came; the body is empty where it was not kept.</summary>
    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async Task<(RejectedDrop Drop, ReadOnlyMemory<byte> Body)> ShowRejectedDropAsync(long id, CancellationToken cancellationToken = default)
    {
        var request = new V1.ShowRejectedDropRequest { Id = id };
        var response = await CallAsync(options => _gateway.ShowRejectedDropAsync(request, options), cancellationToken).ConfigureAwait(false);
        return (response.Drop.ToDrop(), response.Body.Memory);
    }

    /// <summary>Takes a rejected drop again, as it was or corrected.</summary>
    /// <param name="id">The drop.</param>
    /// <param name="body">A corrected one, at most 3 MiB; the kept one when empty.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Null when it was taken and is no longer listed; else the drop with why it was not.</returns>
    /// <exception cref="RagException">NotFound when there is none; PermissionDenied when the body is another tenant's.</exception>
    public async Task<RejectedDrop?> RedriveRejectedDropAsync(long id, ReadOnlyMemory<byte> body = default, CancellationToken cancellationToken = default)
    {
        var request = new V1.RedriveRejectedDropRequest { Id = id, Body = UnsafeByteOperations.UnsafeWrap(body) };
        var response = await CallAsync(options => _gateway.RedriveRejectedDropAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Taken ? null : response.Drop.ToDrop();
    }

    /// <summary>Forgets a rejected drop.</summary>
    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async Task DiscardRejectedDropAsync(long id, CancellationToken cancellationToken = default)
    {
        var request = new V1.DiscardRejectedDropRequest { Id = id };
        await CallAsync(options => _gateway.DiscardRejectedDropAsync(request, options), cancellationToken).ConfigureAwait(false);
    }
}
