using System.Diagnostics;
using RagPlatform.Bench.Load.Embed;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>Documents through RabbitMQ into an index, every service its own process, beside the bare engine in the same run.</summary>
internal static class IngestLoad
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BareTime = TimeSpan.FromSeconds(10);

    /// <returns>False if a document was lost or is there twice.</returns>
    public static async Task<bool> RunAsync(IngestPlan plan)
    {
        var documents = new LoadDocuments(plan.Documents, plan.Count);
        var bare = new BareEngine(plan.Model, model => BarePassages.Read(documents, model), WeightPrecision.Mixed);
        using var services = new IngestServices(plan, bare.Dimension);
        await services.WaitUntilReadyAsync();
        await using var publisher = new DropPublisher(plan.Broker);
        await publisher.OpenAsync();
        await services.DeclareAsync(documents.Count, documents.CountBytes());
        var before = Measure(plan, bare);

        var processes = IngestServices.Names.ToDictionary(service => service, services.ProcessIdOf);
        if (new ProcessTable().ListenerOn(plan.Broker.Port) is { } broker)
        {
            processes["RabbitMQ"] = broker;
        }

        processes["the bench"] = Environment.ProcessId;
        var watch = new IngestWatch(services, processes);
        var begin = Stopwatch.GetTimestamp();
        var watching = watch.RunAsync(documents.Count, begin);
        var dropped = await publisher.DropAsync(StagedDrops.PrepareAsync(services.Ingestion, documents.Drops()));
        var dropping = Stopwatch.GetElapsedTime(begin);
        await watching;

        var after = Measure(plan, bare);
        var audit = await IngestAudit.RunAsync(services, dropped, bare.Dimension);
        new IngestReport(plan, dropped, dropping, watch.Moments, before, after, bare.MeanTokens, audit).Write();
        return audit.IsClean;
    }

    /// <summary>Beside a trivial model it would say nothing.</summary>
    private static BareResult? Measure(IngestPlan plan, BareEngine bare)
    {
        if (plan.IsTrivial)
        {
            return null;
        }

        bare.Run(WarmUp);
        return bare.Run(BareTime);
    }
}
