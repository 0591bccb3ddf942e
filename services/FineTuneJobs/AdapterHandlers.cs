using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Features.EvaluateAdapter;
using RagPlatform.FineTuneJobs.Features.GetAdapter;
using RagPlatform.FineTuneJobs.Features.GetDrift;
using RagPlatform.FineTuneJobs.Features.ManageGate;
using RagPlatform.FineTuneJobs.Features.Predict;
using RagPlatform.FineTuneJobs.Features.PromoteAdapter;
using RagPlatform.FineTuneJobs.Features.RetireAdapter;

namespace RagPlatform.FineTuneJobs;

/// <summary>What the RPCs of adapters call.</summary>
internal sealed record AdapterHandlers(
    AdapterCatalog Catalog, AdapterListing Listing, EvaluateAdapterHandler Evaluate, PromoteAdapterHandler Promote, RetireAdapterHandler Retire,
    ManageGateHandler Gate, PredictHandler Predict, GetDriftHandler Drift);
