using System.Runtime.CompilerServices;
using Grpc.Core;
using RagPlatform.Gateway.Calls;
using RagPlatform.Grpc;

namespace RagPlatform.Gateway.Features.FineTune;

/// <summary>What the relayed calls of fine-tuning have in common.</summary>
internal static class FineTuneRelay
{
    /// <summary>The call's deadline and cancellation, and whose it is.</summary>
    public static CallOptions DownstreamOfTenant(this ServerCallContext context)
    {
        var call = GatewayCall.Of(context);
        return call.Downstream(context).WithHeaders([new Metadata.Entry(GrpcServer.TenantHeader, call.Tenant)]);
    }

    public static async IAsyncEnumerable<TPiece> ReadPiecesAsync<TPiece>(
        this IAsyncStreamReader<TPiece> requests, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await requests.MoveNext(cancellationToken))
        {
            yield return requests.Current;
        }
    }
}
