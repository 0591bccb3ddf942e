using System.Collections.Concurrent;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.CommandLine.Tests;

/// <summary>What became of documents, in order, and the ways in which that can take its time.</summary>
internal sealed partial class FakeGateway
{
    /// <summary>"put ID", "indexed ID" (where indexing was held) and "delete ID".</summary>
    public ConcurrentQueue<string> Changes { get; } = new();

    /// <summary>While set, what is put is indexed only when this completes.</summary>
    public TaskCompletionSource? Indexing { get; set; }

    /// <summary>The gateway's own services are away, and it does not know for how long.</summary>
    public bool IsAway { get; set; }

    public IReadOnlyList<Document> DocumentsOf(string collection) =>
        [.. documents.Values.Where(document => document.Collection == collection).OrderBy(document => document.Id, StringComparer.Ordinal)];

    /// <summary>As another client does.</summary>
    public void Remove(string collection, string id) => documents.TryRemove($"{collection}/{id}", out _);

    private Document Hold(Document document)
    {
        if (Indexing is not null && document.State is DocumentState.Indexed)
        {
            document.State = DocumentState.Embedding;
        }

        return document;
    }

    private async Task IndexAsync(WatchDocumentRequest request, CancellationToken cancellationToken)
    {
        if (Indexing is { } indexing && documents.TryGetValue($"{request.Collection}/{request.Id}", out var document) && document.State is DocumentState.Embedding)
        {
            await indexing.Task.WaitAsync(cancellationToken);
            document.State = DocumentState.Indexed;
            Changes.Enqueue($"indexed {document.Id}");
        }
    }

    private void CheckAway()
    {
        if (IsAway)
        {
            throw new ServiceException(FailureKind.Unavailable, "DEPENDENCY_UNAVAILABLE", "The ingestion service cannot be reached.").ToRpcException();
        }
    }
}
