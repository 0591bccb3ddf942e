using System.Diagnostics;
using System.Globalization;
using RagPlatform.Ingestion.Features.DropDocuments;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ManageRejectedDrops;

/// <param name="Drops">Newest first.</param>
/// <param name="NextPageToken">Empty on the last page.</param>
/// <param name="TotalCount">Over all pages.</param>
public sealed record RejectedDropPage(IReadOnlyList<RejectedDrop> Drops, string NextPageToken, long TotalCount);

/// <summary>Lists, shows, sends again and discards drops that belong to no document.</summary>
public sealed class RejectedDropsHandler(RejectedDrops drops, DropDocumentsHandler handler)
{
    public const int DefaultPageSize = 50;
    public const int MaxPageSize = 200;

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field and its range.</exception>
    public RejectedDropPage List(DropViewer viewer, int pageSize, string pageToken)
    {
        Check(viewer);
        if (pageSize is < 0 or > MaxPageSize)
        {
            throw IngestionErrors.Invalid("page_size", $"{pageSize} is outside 1 to {MaxPageSize}.", $"Leave it out for {DefaultPageSize}.");
        }

        var before = long.MaxValue;
        if (pageToken.Length > 0 && (!long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out before) || before < 1))
        {
            throw IngestionErrors.InvalidPageToken();
        }

        var size = pageSize == 0 ? DefaultPageSize : pageSize;
        var found = drops.List(viewer, before, size + 1);
        return new RejectedDropPage([.. found.Take(size)], found.Count > size ? found[size - 1].Id.ToString(CultureInfo.InvariantCulture) : "", drops.Count(viewer));
    }

    /// <exception cref="Grpc.Errors.ServiceException">NotFound.</exception>
    public (RejectedDrop Drop, ReadOnlyMemory<byte> Body) Show(DropViewer viewer, long id) => (Find(viewer, id), drops.ReadBody(id) ?? []);

    /// <summary>Takes the kept body, or the given one in its place, as the queue does. What is taken is no longer listed.</summary>
    /// <returns>Null when it was taken; else the drop with why it was not, which stays listed.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">NotFound. FailedPrecondition: its body was not kept. PermissionDenied: the given one is another tenant's. InvalidArgument.</exception>
    public async Task<RejectedDrop?> RedriveAsync(DropViewer viewer, long id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var drop = Find(viewer, id);
        if (body.Length > RejectedDrops.MaxBodyBytes)
        {
            throw IngestionErrors.Invalid("body", $"it has {body.Length} bytes; the limit is {RejectedDrops.MaxBodyBytes}.", "Put the document through the gateway.");
        }

        var isKept = body.IsEmpty;
        var sent = isKept ? drops.ReadBody(id) ?? throw IngestionErrors.DropBodyMissing(id, drop.BodyBytes) : body;
        var rejection = await handler.TakeAsync(handler.Read(sent), viewer.SeesUnowned ? null : viewer.Tenant, cancellationToken);
        if (rejection is null)
        {
            await drops.RemoveAsync(id, CancellationToken.None);
            return null;
        }

        if (isKept)
        {
            await drops.KeepAsync(rejection, sent, Activity.Current?.Id, cancellationToken);
        }

        var failure = rejection.ToFailure().Bounded();
        return drop with { Field = rejection.Field, Code = failure.Code, Reason = failure.Reason, Remedy = failure.Remedy };
    }

    /// <exception cref="Grpc.Errors.ServiceException">NotFound.</exception>
    public async Task DiscardAsync(DropViewer viewer, long id, CancellationToken cancellationToken) =>
        await drops.RemoveAsync(Find(viewer, id).Id, cancellationToken);

    private RejectedDrop Find(DropViewer viewer, long id)
    {
        Check(viewer);
        return drops.Find(viewer, id) ?? throw IngestionErrors.DropNotFound(id);
    }

    private static void Check(DropViewer viewer)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        SubmissionRules.CheckTenant(viewer.Tenant);
    }
}
