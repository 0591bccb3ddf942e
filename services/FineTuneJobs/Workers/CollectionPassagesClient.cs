using System.Text.Json;
using Grpc.Core;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.FineTuneJobs.Workers;

/// <summary>
/// Writes a collection's passages into a job's folder, once: what is mined for negatives stays the same when the job is resumed,
/// whatever happens to the collection meanwhile.
/// </summary>
/// <param name="connect">Asked when a job needs a collection: a service that trains no retrievers needs no ingestion.</param>
public sealed class CollectionPassagesClient(Func<IngestionService.IngestionServiceClient> connect)
{
    public const string File = "corpus.jsonl";

    /// <summary>More are not mined; those of the first documents by id are taken.</summary>
    public const int MaxPassages = 200_000;

    private const int PageDocuments = 200;

    /// <param name="tenant">Whose collection.</param>
    /// <param name="collection">Of the job.</param>
    /// <param name="folder">The job's.</param>
    /// <param name="said">Told where not all passages are taken.</param>
    /// <param name="cancellationToken">Ends it; nothing is there then.</param>
    /// <returns>Why the job cannot be run; null when it can.</returns>
    /// <exception cref="RpcException">Ingestion does not answer; trying again may help.</exception>
    public async Task<JobFailure?> WriteAsync(string tenant, string collection, string folder, Action<string> said, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(said);
        var path = Path.Combine(folder, File);
        if (System.IO.File.Exists(path))
        {
            return null;
        }

        var partial = $"{path}.partial";
        var count = 0;
        try
        {
            await using var writer = new StreamWriter(partial, append: false);
            await foreach (var passage in ReadAsync(tenant, collection, cancellationToken))
            {
                await writer.WriteLineAsync(JsonSerializer.Serialize(passage).AsMemory(), cancellationToken);
                if (++count == MaxPassages)
                {
                    said($"Of the collection {collection} the first {MaxPassages} passages are mined, by the documents' ids.");
                    break;
                }
            }
        }
        catch (RpcException exception) when (cancellationToken.IsCancellationRequested)
        {
            // A service that stops gives the job back; it does not fail it.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }

        if (count == 0)
        {
            return JobFailures.CollectionEmpty(collection);
        }

        System.IO.File.Move(partial, path, overwrite: true);
        return null;
    }

    /// <summary>In a worker: what was written for its job; empty where nothing was.</summary>
    public static IReadOnlyList<string> Read(string folder) =>
        Path.Combine(folder, File) is var path && System.IO.File.Exists(path) ? [.. System.IO.File.ReadLines(path).Select(line => JsonSerializer.Deserialize<string>(line)!)] : [];

    private async IAsyncEnumerable<string> ReadAsync(string tenant, string collection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (ingestion, page) = (connect(), new ListDocumentsResponse());
        do
        {
            var request = new ListDocumentsRequest { Tenant = tenant, Collection = collection, State = DocumentState.Indexed, PageSize = PageDocuments, PageToken = page.NextPageToken };
            page = await ingestion.ListDocumentsAsync(request, cancellationToken: cancellationToken);
            foreach (var document in page.Documents)
            {
                await foreach (var passage in ReadAsync(ingestion, tenant, document, cancellationToken))
                {
                    yield return passage;
                }
            }
        }
        while (page.NextPageToken.Length > 0);
    }

    /// <summary>None of a document that was deleted or replaced since it was listed.</summary>
    private static async IAsyncEnumerable<string> ReadAsync(IngestionService.IngestionServiceClient ingestion, string tenant, Document document, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = ingestion.ReadChunks(
            new ReadChunksRequest { Tenant = tenant, Collection = document.Collection, DocumentId = document.Id, Version = document.IndexedVersion }, cancellationToken: cancellationToken);
        while (await MovesAsync(call.ResponseStream, cancellationToken))
        {
            foreach (var chunk in call.ResponseStream.Current.Chunks)
            {
                yield return chunk.Text;
            }
        }
    }

    private static async Task<bool> MovesAsync(IAsyncStreamReader<ReadChunksResponse> stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken);
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.NotFound)
        {
            return false;
        }
    }
}
