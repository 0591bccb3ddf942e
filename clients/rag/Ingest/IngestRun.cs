using Grpc.Core;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;

namespace RagPlatform.CommandLine.Ingest;

/// <summary>One document to ingest: what is said about it and how to read it, from the start each time.</summary>
internal sealed record IngestInput(DocumentHeader Header, string Source, Func<Stream> Open)
{
    /// <summary>Of the content; 0 while unknown.</summary>
    public long Bytes { get; init; }
}

/// <summary>Sends documents, several at a time, and waits until each rests.</summary>
/// <param name="client">The platform.</param>
/// <param name="wait">False: leave a document as soon as it is accepted.</param>
/// <param name="onDone">Called for each as it ends, one at a time.</param>
internal sealed class IngestRun(RagClient client, bool wait, Action<IngestedJson> onDone) : IDisposable
{
    private const int SendersMax = 4;
    private const int InFlightMax = 64;

    private readonly SemaphoreSlim senders = new(SendersMax);
    private readonly Lock gate = new();

    /// <summary>The outcomes in the order of the inputs. A document that fails does not stop the others.</summary>
    public async Task<IReadOnlyList<IngestedJson>> RunAsync(IReadOnlyList<IngestInput> inputs, CancellationToken cancellationToken)
    {
        var outcomes = new IngestedJson[inputs.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = InFlightMax, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, inputs.Count, options, async (index, token) =>
        {
            outcomes[index] = await IngestAsync(inputs[index], token);
            lock (gate)
            {
                onDone(outcomes[index]);
            }
        });
        return outcomes;
    }

    public void Dispose() => senders.Dispose();

    private async Task<IngestedJson> IngestAsync(IngestInput input, CancellationToken cancellationToken)
    {
        try
        {
            var accepted = await SendAsync(input, cancellationToken);
            if (accepted.Unchanged && accepted.Document.State == DocumentState.Indexed)
            {
                return new IngestedJson(accepted.Document.Id, input.Source, "unchanged", accepted.Document.ChunkCount, Failure: null);
            }

            return wait
                ? await Patience.RunAsync(() => WatchAsync(accepted.Document, input.Source, cancellationToken), cancellationToken)
                : new IngestedJson(accepted.Document.Id, input.Source, "accepted", accepted.Document.ChunkCount, Failure: null);
        }
        catch (RagException failure) when (!ConcernsAll(failure))
        {
            return Failed(input, failure.Code, failure.Message, failure.Remedy ?? "");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failed(input, "UNREADABLE", failure.Message, "");
        }
    }

    private async Task<PutResult> SendAsync(IngestInput input, CancellationToken cancellationToken)
    {
        await senders.WaitAsync(cancellationToken);
        try
        {
            return await Patience.RunAsync(
                async () =>
                {
                    await using var content = input.Open();
                    return await client.UploadDocumentAsync(content, input.Header, cancellationToken);
                },
                cancellationToken);
        }
        finally
        {
            senders.Release();
        }
    }

    /// <summary>Failures that the next document would meet too: they end the command.</summary>
    private static bool ConcernsAll(RagException failure) =>
        failure.Status is StatusCode.Unavailable or StatusCode.Unauthenticated or StatusCode.PermissionDenied;

    private async Task<IngestedJson> WatchAsync(Document document, string source, CancellationToken cancellationToken)
    {
        await foreach (var entry in client.WatchDocumentAsync(document.Id, document.Collection, cancellationToken))
        {
            if (entry.Version < document.Version)
            {
                continue;
            }

            switch (entry.State)
            {
                case DocumentState.Indexed:
                    var indexed = await client.GetDocumentAsync(document.Id, document.Collection, cancellationToken);
                    return new IngestedJson(document.Id, source, "indexed", indexed.Document.ChunkCount, Failure: null);
                case DocumentState.Failed or DocumentState.Deleted:
                    var failure = entry.Failure ?? new DocumentFailure("", "DELETED", "The document was deleted meanwhile.", "", 0);
                    return new IngestedJson(document.Id, source, "failed", 0, failure);
            }
        }

        return new IngestedJson(document.Id, source, "failed", 0, new DocumentFailure("", "UNKNOWN", "The platform stopped telling about the document.", "See: rag documents show", 0));
    }

    private static IngestedJson Failed(IngestInput input, string code, string reason, string remedy) =>
        new(input.Header.Id, input.Source, "failed", 0, new DocumentFailure("accepting", code, reason, remedy, 1));
}
