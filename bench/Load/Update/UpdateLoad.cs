using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using RagPlatform.Bench.Load.Ingest;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Bench.Load.Update;

/// <summary>A long document is updated by one word, in several places: what is embedded again, by the vectors that the embedding service has remembered more.</summary>
internal static class UpdateLoad
{
    private const string Id = "handbook.md";
    private const int DefaultPages = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(IngestPlan plan)
    {
        SQLitePCL.Batteries_V2.Init();
        var document = new LongDocument(new LoadDocuments(plan.Documents, 0), plan.Count > 0 ? plan.Count : DefaultPages);
        using var services = new IngestServices(plan, dimension: 0, cacheMegabytes: 1024);
        await services.WaitUntilReadyAsync();
        Console.WriteLine($"{document.Pages} pages of 3,000 characters, {document.Text.Length} characters\n");
        Console.WriteLine("| version | chunks | embedded | seconds until indexed |\n|---|---|---|---|");
        await PutAsync(services, "the first", document.Text);
        foreach (var part in new[] { 0.0, 0.25, 0.5, 0.75, 0.99 })
        {
            await PutAsync(services, string.Create(CultureInfo.InvariantCulture, $"one word at {part:P0} is longer"), document.WithWord(part, "incomprehensibilities"));
        }

        await PutAsync(services, "the first again", document.Text);
    }

    private static async Task PutAsync(IngestServices services, string name, string text)
    {
        var before = await CountVectorsAsync(services);
        var begin = Stopwatch.GetTimestamp();
        var put = await services.Ingestion.PutDocumentAsync(new PutDocumentRequest
        {
            Header = new DocumentHeader { Tenant = IngestPlan.Tenant, Collection = IngestPlan.Collection, Id = Id, ContentType = "text/markdown" },
            Content = ByteString.CopyFromUtf8(text),
        });
        Document document;
        do
        {
            await Task.Delay(LookInterval);
            document = (await services.Ingestion.GetDocumentAsync(new GetDocumentRequest { Tenant = IngestPlan.Tenant, Collection = IngestPlan.Collection, Id = Id })).Document;
            if (document.State is DocumentState.Failed || Stopwatch.GetElapsedTime(begin) > Patience)
            {
                throw new InvalidOperationException($"version {put.Document.Version} is {document.State}: {document.Failure?.Reason}");
            }
        }
        while (document.IndexedVersion < put.Document.Version);

        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var embedded = await CountVectorsAsync(services) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {document.ChunkCount} | {embedded} | {seconds:0.0} |"));
    }

    /// <summary>When they are all written: the service writes them behind its answers.</summary>
    private static async Task<long> CountVectorsAsync(IngestServices services)
    {
        var folder = Path.Combine(services.DataDirectory, "embedding");
        var (count, isSame) = (-1L, 0);
        while (isSame < 5)
        {
            await Task.Delay(LookInterval * 10);
            var now = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.db").Sum(CountRows) : 0;
            (count, isSame) = (now, now == count ? isSame + 1 : 0);
        }

        return count;
    }

    private static long CountRows(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM vectors";
        return (long)command.ExecuteScalar()!;
    }
}
