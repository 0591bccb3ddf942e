using System.Diagnostics;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.PutDocument;

/// <summary>Makes a submission durable, then announces it. Once this returns, nothing can lose the document.</summary>
public sealed class PutDocumentHandler(DocumentWriter writer, DocumentAnnouncer announcer, IOptions<IngestionOptions> options)
{
    /// <exception cref="Grpc.Errors.ServiceException">The submission is refused; nothing of it was stored.</exception>
    public async Task<Registration> PutAsync(DocumentSubmission submission, CancellationToken cancellationToken)
    {
        var version = SubmissionRules.Check(submission, options.Value.MaxDocumentBytes, Activity.Current?.Id);
        var registration = await writer.RegisterAsync(version, cancellationToken);
        if (!registration.Unchanged)
        {
            await announcer.TryAnnounceAsync(registration.Version, CancellationToken.None);
        }

        return registration;
    }
}
