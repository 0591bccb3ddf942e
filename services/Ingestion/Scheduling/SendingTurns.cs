namespace RagPlatform.Ingestion.Scheduling;

/// <summary>Whose batch is published next: tenants in turn, and a tenant's documents in turn. Guarded by its owner's lock.</summary>
internal sealed class SendingTurns
{
    private readonly LinkedList<TenantWork> _tenants = [];

    public void Add(HeldDocument document)
    {
        if (document.Tenant.Sending.Count == 0)
        {
            _tenants.AddLast(document.Tenant);
        }

        document.Tenant.Sending.AddLast(document);
    }

    /// <summary>Nothing happens if the document has no turn.</summary>
    public void Remove(HeldDocument document)
    {
        if (document.Tenant.Sending.Remove(document) && document.Tenant.Sending.Count == 0)
        {
            _tenants.Remove(document.Tenant);
        }
    }

    /// <summary>The document whose turn it is, of the first tenant who may; both go to the end of their lines.</summary>
    public HeldDocument? Next(Func<TenantWork, bool> may)
    {
        for (var turn = _tenants.First; turn is not null; turn = turn.Next)
        {
            if (may(turn.Value))
            {
                _tenants.Remove(turn);
                _tenants.AddLast(turn);
                var document = turn.Value.Sending.First!;
                turn.Value.Sending.Remove(document);
                turn.Value.Sending.AddLast(document);
                return document.Value;
            }
        }

        return null;
    }
}
