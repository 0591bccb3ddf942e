using RagPlatform.Grpc;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs;

/// <summary>Datasets, training jobs and adapters. The only place that registers anything of this service.</summary>
public static class FineTuneJobsModule
{
    public static WebApplicationBuilder AddFineTuneJobs(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddReflected(FineTuneJobsService.Descriptor);
        return builder;
    }

    public static WebApplication MapFineTuneJobs(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<FineTuneJobsGrpcService>();
        return app;
    }
}
