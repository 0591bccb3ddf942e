using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.TrackBatch;

/// <summary>A batch, how far it is, and what failed of it.</summary>
/// <param name="Batch">Its counters.</param>
/// <param name="Estimate">By them.</param>
/// <param name="IsPaused">What is left of it waits for a resume.</param>
/// <param name="Failed">The first ones.</param>
public sealed record BatchStanding(Batch Batch, BatchEstimate Estimate, bool IsPaused, IReadOnlyList<DocumentVersion> Failed);

/// <param name="Batches">Newest first.</param>
/// <param name="NextPageToken">Empty on the last page.</param>
public sealed record BatchPage(IReadOnlyList<BatchStanding> Batches, string NextPageToken);

/// <summary>Declares, reads and lists a tenant's batches.</summary>
public sealed class BatchesHandler(BatchCatalog batches, IngestionPauses pauses, TimeProvider time)
{
    public const int MaxFailed = 1000;
    public const int DefaultPageSize = 50;
    public const int MaxPageSize = 200;
    private const int MaxCollections = 100;

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field and its range.</exception>
    public async Task<BatchStanding> DeclareAsync(string tenant, string batchId, long expectedDocuments, long expectedBytes, CancellationToken cancellationToken)
    {
        Check(tenant, batchId);
        CheckNotNegative("expected_documents", expectedDocuments);
        CheckNotNegative("expected_bytes", expectedBytes);
        return Judge(await batches.DeclareAsync(tenant, batchId, expectedDocuments, expectedBytes, cancellationToken), maxFailed: 0);
    }

    /// <exception cref="Grpc.Errors.ServiceException">NotFound, or InvalidArgument.</exception>
    public BatchStanding Get(string tenant, string batchId, int maxFailed)
    {
        Check(tenant, batchId);
        if (maxFailed is < 0 or > MaxFailed)
        {
            throw IngestionErrors.Invalid("max_failed", $"{maxFailed} is outside 0 to {MaxFailed}.", "List the others with ListDocuments, its batch_id and the state failed.");
        }

        return Judge(batches.Find(tenant, batchId) ?? throw IngestionErrors.BatchNotFound(batchId), maxFailed);
    }

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field and its range.</exception>
    public BatchPage List(string tenant, int pageSize, string pageToken)
    {
        SubmissionRules.CheckTenant(tenant);
        if (pageSize is < 0 or > MaxPageSize)
        {
            throw IngestionErrors.Invalid("page_size", $"{pageSize} is outside 1 to {MaxPageSize}.", $"Leave it out for {DefaultPageSize}.");
        }

        var size = pageSize == 0 ? DefaultPageSize : pageSize;
        var found = batches.List(tenant, pageToken.Length == 0 ? null : BatchPageToken.Read(pageToken), size + 1);
        return new BatchPage([.. found.Take(size).Select(batch => Judge(batch, maxFailed: 0))], found.Count > size ? BatchPageToken.Write(found[size - 1]) : "");
    }

    private BatchStanding Judge(Batch batch, int maxFailed)
    {
        var estimate = BatchEstimator.Estimate(batch, time.GetUtcNow());
        return new(batch, estimate, !estimate.IsAtRest && IsPaused(batch), maxFailed == 0 ? [] : batches.ListFailed(batch.Tenant, batch.Id, maxFailed));
    }

    private bool IsPaused(Batch batch) =>
        pauses.Any
        && (pauses.IsPaused(batch.Tenant, "")
            || (batches.ListCollections(batch.Tenant, batch.Id, MaxCollections) is { Count: > 0 } collections && collections.All(collection => pauses.IsPaused(batch.Tenant, collection))));

    private static void Check(string tenant, string batchId)
    {
        SubmissionRules.CheckTenant(tenant);
        SubmissionRules.RequireBatch(batchId);
    }

    private static void CheckNotNegative(string field, long value)
    {
        if (value < 0)
        {
            throw IngestionErrors.Invalid(field, $"{value} is below 0.", "Leave it out where it is unknown.");
        }
    }
}
