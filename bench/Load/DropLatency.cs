using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Bench.Load;

/// <summary>One one-page document at a time on an idle platform: from the publish on rag.documents until a search finds it.</summary>
internal static class DropLatency
{
    public static async Task RunAsync(Target target, Uri broker, int count)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var run = Guid.CreateVersion7().ToString("N");
        var collection = $"bench-drop-{run[..8]}";
        var times = new List<double>();
        for (var number = -3; number < count; number++)
        {
            var marker = $"marker{run[20..]}{number + 3}";
            var drop = JsonSerializer.SerializeToUtf8Bytes(new { id = marker, collection, contentType = "text/markdown", text = Page.Markdown(marker) });
            var start = Stopwatch.GetTimestamp();
            await channel.BasicPublishAsync("", "rag.documents", drop);
            while (!await IsFoundAsync(target, collection, marker))
            {
                await Task.Delay(5);
            }

            // The first three warm the pipeline up.
            if (number >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        Console.WriteLine($"{count} documents of {Page.Markdown("marker").Length} characters, one at a time, searched for every 5 ms\n");
        Console.WriteLine(Measures.Header);
        Console.WriteLine(Measures.Row("drop to searchable", times));
    }

    private static async Task<bool> IsFoundAsync(Target target, string collection, string marker)
    {
        var response = await target.Gateway.SearchAsync(new SearchRequest { Collection = collection, Query = marker, TopK = 1 }, target.Headers);
        return response.Hits.Any(hit => hit.DocumentId == marker);
    }
}
