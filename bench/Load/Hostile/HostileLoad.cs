using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RagPlatform.Bench.Load.Ingest;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Bench.Load.Hostile;

/// <summary>Damaged and hostile files through the whole of ingestion: each must be indexed or fail with a reason, and no process may end, hang or grow.</summary>
internal static class HostileLoad
{
    private const int Dimension = 64;
    private const int Callers = 8;
    private const int PartBytes = 1024 * 1024;
    private static readonly string[] Services = ["Ingestion", "Embedding", "Retrieval"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<bool> RunAsync(HostilePlan plan)
    {
        var models = Directory.CreateTempSubdirectory("rag-bench-models-").FullName;
        TrivialModel.Write(Path.Combine(models, TrivialModel.Name), plan.Model, Dimension);
        using var services = new ServiceGroup(Services, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__rabbitmq"] = plan.Broker.AbsoluteUri, ["Embedding__ModelsDirectory"] = models, ["Embedding__Model"] = TrivialModel.Name,
            ["Embedding__PullOnStart"] = "false", ["Logging__LogLevel__Default"] = "None",
        });
        Array.ForEach(Services, service => services.Start(service));
        using var channel = GrpcChannel.ForAddress(services.AddressOf("Ingestion"));
        var ingestion = new IngestionService.IngestionServiceClient(channel);
        await services.AskUntilAnsweredAsync("Ingestion", async () => await ingestion.CountDocumentsAsync(new CountDocumentsRequest { Tenant = HostilePlan.Tenant }));

        var report = new HostileReport(plan, Services.ToDictionary(service => service, service => services[service].Id, StringComparer.Ordinal));
        report.Sample();
        foreach (var file in HostileFiles.All())
        {
            var (outcome, time) = await TimeAsync(() => RunOneAsync(ingestion, file));
            report.AddNamed(file, outcome, time);
        }

        report.AddNamed(new HostileFile("a 1 GiB text", []), await PutEndlessAsync(ingestion, 1024), TimeSpan.Zero);
        var begin = Stopwatch.GetTimestamp();
        await PutDamagedAsync(plan, ingestion, report);
        await WaitForRestAsync(ingestion, report);
        report.Time = Stopwatch.GetElapsedTime(begin);
        await report.CollectAsync(ingestion);
        report.Write([.. Services.Where(service => services[service].HasExited)]);
        Directory.Delete(models, recursive: true);
        return report.IsClean && Services.All(service => !services[service].HasExited);
    }

    private static async Task PutDamagedAsync(HostilePlan plan, IngestionService.IngestionServiceClient ingestion, HostileReport report)
    {
        var good = plan.GoodFiles();
        var damage = new Damage(plan.Seed, [.. good.Select(file => file.Content)]);
        // Damaged one after the other, so that the seed decides what each is.
        var cases = new BlockingCollection<(int Number, HostileFile File)>(Callers * 4);
        var making = Task.Run(() =>
        {
            for (var i = 0; i < plan.Cases; i++)
            {
                var file = good[i % good.Count];
                cases.Add((i, file with { Content = damage.Next(file.Content) }));
            }

            cases.CompleteAdding();
        });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            foreach (var (number, file) in cases.GetConsumingEnumerable())
            {
                if (await PutAsync(ingestion, file, string.Create(CultureInfo.InvariantCulture, $"{number:00000}-{file.Name}")) is { } refusal)
                {
                    report.AddRefused(file, refusal);
                }

                if (number % 500 == 0)
                {
                    report.Sample();
                    Console.Error.Write($"\r{number} of {plan.Cases} ");
                }
            }
        })));
        await making;
    }

    /// <returns>Why it was not taken; null when it was.</returns>
    private static async Task<string?> PutAsync(IngestionService.IngestionServiceClient ingestion, HostileFile file, string id)
    {
        try
        {
            using var call = ingestion.UploadDocument();
            await call.RequestStream.WriteAsync(new UploadDocumentRequest
            {
                Header = new DocumentHeader { Tenant = HostilePlan.Tenant, Collection = HostilePlan.Collection, Id = id, Uri = file.Name },
            });
            foreach (var part in file.Content.Chunk(PartBytes))
            {
                await call.RequestStream.WriteAsync(new UploadDocumentRequest { Content = UnsafeByteOperations.UnsafeWrap(part) });
            }

            await call.RequestStream.CompleteAsync();
            await call;
            return null;
        }
        catch (RpcException refusal)
        {
            return $"{refusal.StatusCode}: {refusal.Status.Detail}";
        }
    }

    private static async Task<string> RunOneAsync(IngestionService.IngestionServiceClient ingestion, HostileFile file)
    {
        if (await PutAsync(ingestion, file, file.Name) is { } refusal)
        {
            return refusal;
        }

        using var watching = ingestion.WatchDocument(
            new WatchDocumentRequest { Tenant = HostilePlan.Tenant, Collection = HostilePlan.Collection, Id = file.Name }, deadline: DateTime.UtcNow + Patience);
        var last = new DocumentEvent();
        try
        {
            await foreach (var step in watching.ResponseStream.ReadAllAsync())
            {
                last = step.Event;
            }
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.DeadlineExceeded)
        {
            return $"HANGS while {last.State}";
        }

        return last.Failure is { } failure ? $"{failure.Code}: {failure.Reason}" : $"{last.State}: {last.Detail}";
    }

    /// <summary>So many mebibytes in pieces; the service must refuse them without holding them.</summary>
    private static async Task<string> PutEndlessAsync(IngestionService.IngestionServiceClient ingestion, int mebibytes)
    {
        var piece = new byte[PartBytes];
        Array.Fill(piece, (byte)'a');
        try
        {
            using var call = ingestion.UploadDocument();
            await call.RequestStream.WriteAsync(new UploadDocumentRequest
            {
                Header = new DocumentHeader { Tenant = HostilePlan.Tenant, Collection = HostilePlan.Collection, Id = "endless", ContentType = "text/plain" },
            });
            for (var i = 0; i < mebibytes; i++)
            {
                await call.RequestStream.WriteAsync(new UploadDocumentRequest { Content = UnsafeByteOperations.UnsafeWrap(piece) });
            }

            await call.RequestStream.CompleteAsync();
            await call;
            return "taken";
        }
        catch (RpcException refusal)
        {
            return $"{refusal.StatusCode}: {refusal.Status.Detail}";
        }
    }

    private static async Task WaitForRestAsync(IngestionService.IngestionServiceClient ingestion, HostileReport report)
    {
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < Patience; await Task.Delay(TimeSpan.FromSeconds(1)))
        {
            report.Sample();
            var counts = await ingestion.CountDocumentsAsync(new CountDocumentsRequest { Tenant = HostilePlan.Tenant });
            if (counts.Counts.All(count => count.Count == 0 || count.State is DocumentState.Indexed or DocumentState.Failed or DocumentState.Deleted))
            {
                return;
            }
        }
    }

    private static async Task<(string Outcome, TimeSpan Time)> TimeAsync(Func<Task<string>> work)
    {
        var begin = Stopwatch.GetTimestamp();
        return (await work(), Stopwatch.GetElapsedTime(begin));
    }
}
