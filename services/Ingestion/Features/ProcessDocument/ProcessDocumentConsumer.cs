using MassTransit;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>
/// A dependency that stays down past the retries postpones the document: it is nobody's fault and needs no hand. A collection
/// whose model nobody knows any more needs one: its documents fail, and say so.
/// </summary>
public sealed class ProcessDocumentConsumer(ProcessDocumentHandler handler, VersionProgress progress) : IConsumer<DocumentReceived>
{
    public async Task Consume(ConsumeContext<DocumentReceived> context)
    {
        var message = context.Message;
        try
        {
            await handler.ProcessAsync(
                message.Document, message.Version, isAttempt: context.GetRetryAttempt() == 0,
                (batch, cancellationToken) => context.Publish(batch, cancellationToken), context.CancellationToken);
        }
        catch (ServiceException exception) when (exception.Kind is FailureKind.NotFound)
        {
            var failure = DocumentFailures.ModelUnknown(message.Document.Collection, exception.Message);
            await progress.FailAsync(message.Document, message.Version, failure, context.CancellationToken);
        }
        catch (ServiceException exception) when (context.GetRetryAttempt() >= ProcessDocumentConsumerDefinition.Retries)
        {
            await progress.PostponeAsync(message.Document, message.Version, exception.Message, context.CancellationToken);
        }
    }
}
