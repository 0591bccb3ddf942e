using Grpc.Core;
using RagPlatform.Client;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>Whether the documents that questions are marked with are there: a mistyped id would pass for a bad ranking.</summary>
internal static class MarkedDocuments
{
    private const int RequestsMax = 8;

    /// <exception cref="CommandException">One is not in the collection, or cannot be searched.</exception>
    public static async Task CheckAsync(RagClient client, string collection, IReadOnlyList<JudgedQuery> queries, CancellationToken cancellationToken)
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var query in queries)
        {
            foreach (var document in query.Gains.Keys)
            {
                lines.TryAdd(document, query.Id);
            }
        }

        var limits = new ParallelOptions { MaxDegreeOfParallelism = RequestsMax, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(lines, limits, async (marked, token) =>
        {
            if (!await IsSearchableAsync(client, collection, marked.Key, token))
            {
                throw new CommandException(
                    $"line {marked.Value}: the collection {collection} has no searchable document '{marked.Key}'.",
                    $"See what it holds with: rag documents list -c {collection}",
                    ExitCode.Usage);
            }
        });
    }

    private static async Task<bool> IsSearchableAsync(RagClient client, string collection, string document, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetDocumentAsync(document, collection, cancellationToken)).Document.IndexedVersion > 0;
        }
        catch (RagException failure) when (failure.Status == StatusCode.NotFound)
        {
            return false;
        }
    }
}
