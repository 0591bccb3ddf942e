using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs;

/// <summary>One line per RPC: map, call the feature, map back.</summary>
internal sealed class FineTuneJobsGrpcService : FineTuneJobsService.FineTuneJobsServiceBase;
