using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Ingest;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class BatchesCommand
{
    private const int FailedMax = 20;
    private const int PageMax = 200;

    public static Command Create(Session session) =>
        new RagCommand("batches", "Lists, shows and follows documents that were put together.", "rag batches list", "rag batches watch nightly-2026-11-20")
        {
            CreateList(session), CreateShow(session), CreateWatch(session),
        };

    private static RagCommand CreateList(Session session)
    {
        var limit = OutputOptions.Limit(20);
        return new RagCommand("list", "Lists batches, the newest first.", "rag batches list --limit 50") { limit }
            .Acts(session, (parsed, client, cancellationToken) => ReadAsync(client, parsed.GetValue(limit), cancellationToken), session.Render);
    }

    private static RagCommand CreateShow(Session session)
    {
        var id = Id();
        return new RagCommand("show", $"Shows how far a batch is, and the first {FailedMax} documents that failed.", "rag batches show nightly-2026-11-20") { id }
            .Acts(session, (parsed, client, cancellationToken) => client.GetBatchAsync(parsed.GetValue(id)!, FailedMax, cancellationToken), session.Render);
    }

    private static RagCommand CreateWatch(Session session)
    {
        var id = Id();
        return new RagCommand("watch", "Follows a batch until nothing of it is on its way. Ctrl-C leaves it running.", "rag batches watch nightly-2026-11-20") { id }
            .Acts(
                session,
                async (parsed, client, cancellationToken) =>
                {
                    var batchId = parsed.GetValue(id)!;
                    await client.GetBatchAsync(batchId, cancellationToken: cancellationToken);
                    return await session.ShowAsync(
                        $"Following {batchId}.",
                        report => BatchProgress.FollowAsync(client, batchId, FailedMax, batch => report(PlainText.Of(BatchRendering.Describe(batch))), cancellationToken));
                },
                session.Render);
    }

    private static Argument<string> Id() => new("id") { Description = "The batch's id." };

    private static async Task<IReadOnlyList<Batch>> ReadAsync(RagClient client, int limit, CancellationToken cancellationToken)
    {
        var batches = new List<Batch>();
        string? pageToken = null;
        do
        {
            var page = await client.ListBatchesPageAsync(Math.Clamp(limit - batches.Count, 1, PageMax), pageToken, cancellationToken);
            batches.AddRange(page.Batches);
            pageToken = page.NextPageToken;
        }
        while (pageToken is not null && batches.Count < limit);
        return batches;
    }
}
