using Google.Protobuf.WellKnownTypes;
using RagPlatform.Protos.Ingestion.V1;
using Terms = RagPlatform.Protos.Documents.V1;

namespace RagPlatform.Ingestion.Features.PauseIngestion;

internal static class PauseIngestionMapping
{
    public static PauseScope ToScope(this PauseIngestionRequest request) => new(request.Tenant, request.Collection, request.AllTenants);

    public static PauseScope ToScope(this ResumeIngestionRequest request) => new(request.Tenant, request.Collection, request.AllTenants);

    public static PauseScope ToScope(this GetIngestionStatusRequest request) => new(request.Tenant, request.Collection, request.AllTenants);

    public static Terms.IngestionStatus ToTerms(this IngestionStanding standing) => new()
    {
        Paused = standing.IsPaused,
        Pauses =
        {
            standing.Pauses.Select(pause => new Terms.IngestionPause
            {
                Collection = pause.Collection, ByOperator = pause.Tenant.Length == 0, Reason = pause.Reason, Since = pause.Since.ToTimestamp(),
            }),
        },
        Waiting = standing.Waiting,
        InFlight = standing.InFlight,
        Deleting = standing.Deleting,
        Failed = standing.Failed,
    };
}
