using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Bench.Load;

/// <summary>
/// Ask, answered by the extractive answerer on a collection of many chunks. The platform's own share is the time the
/// caller waits less the time that the timings mark as spent inside a model.
/// </summary>
internal static class AskShare
{
    private const int Parallel = 8;
    private const int WarmUp = 10;

    public static async Task RunAsync(Target target, int chunks, int questions)
    {
        var collection = $"bench-ask-{chunks}";
        var found = await FillAsync(target, collection, chunks);
        var total = new List<double>();
        var share = new List<double>();
        var parts = new SortedDictionary<string, List<double>>();
        for (var number = -WarmUp; number < questions; number++)
        {
            var start = Stopwatch.GetTimestamp();
            var timings = await AskAsync(target, collection, $"How often is the calibration of unit u{(number + WarmUp) * 7 % 500} checked?");
            var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (number < 0)
            {
                continue;
            }

            total.Add(elapsed);
            share.Add(elapsed - timings.Where(timing => timing.IsModel).Sum(timing => timing.Milliseconds));
            foreach (var timing in timings)
            {
                (parts.TryGetValue(timing.Part, out var list) ? list : parts[timing.Part] = []).Add(timing.Milliseconds);
            }
        }

        Console.WriteLine($"{found} chunks in the collection, {questions} questions, one at a time, extractive answerer\n");
        Console.WriteLine(Measures.Header);
        Console.WriteLine(Measures.Row("Ask, as the caller waits", total));
        Console.WriteLine(Measures.Row("the platform's own share (all but the model)", share));
        foreach (var (part, times) in parts)
        {
            Console.WriteLine(Measures.Row($"part: {part}", times));
        }
    }

    private static async Task<List<Timing>> AskAsync(Target target, string collection, string question)
    {
        var timings = new List<Timing>();
        using var call = target.Gateway.Ask(new AskRequest { Collection = collection, Question = question, Model = "extractive" }, target.Headers);
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            timings.AddRange(response.Completion?.Timings ?? []);
        }

        return timings;
    }

    /// <summary>Puts pages until the collection holds that many chunks; returns how many it holds.</summary>
    private static async Task<long> FillAsync(Target target, string collection, int chunks)
    {
        long found = 0;
        for (var number = 0; found < chunks; number += 100)
        {
            await System.Threading.Tasks.Parallel.ForEachAsync(
                Enumerable.Range(number, 100),
                new ParallelOptions { MaxDegreeOfParallelism = Parallel },
                async (page, cancellationToken) => await PutAsync(target, collection, $"u{page}", cancellationToken));
            while (await target.CountAsync(collection, DocumentState.Indexed) < number + 100)
            {
                await Task.Delay(200);
            }

            found = await ChunksAsync(target, collection);
            Console.Error.WriteLine($"{found} of {chunks} chunks");
        }

        return found;
    }

    private static async Task PutAsync(Target target, string collection, string id, CancellationToken cancellationToken) =>
        await target.Gateway.PutDocumentAsync(
            new PutDocumentRequest
            {
                Header = new DocumentHeader { Collection = collection, Id = id, ContentType = "text/markdown" },
                Content = ByteString.CopyFromUtf8(Page.Markdown(id)),
            },
            target.Headers,
            cancellationToken: cancellationToken);

    private static async Task<long> ChunksAsync(Target target, string collection)
    {
        long chunks = 0;
        var token = "";
        do
        {
            var page = await target.Gateway.ListDocumentsAsync(new ListDocumentsRequest { Collection = collection, PageSize = 1000, PageToken = token }, target.Headers);
            chunks += page.Documents.Sum(document => (long)document.ChunkCount);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return chunks;
    }
}
