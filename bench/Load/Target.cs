using Grpc.Core;
using Grpc.Net.Client;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Bench.Load;

/// <summary>The gateway under measurement.</summary>
internal sealed class Target(string address, string key) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(address);

    public GatewayService.GatewayServiceClient Gateway => new(channel);

    public Metadata Headers { get; } = new() { { "authorization", $"Bearer {key}" } };

    public async Task<long> CountAsync(string collection, DocumentState state) =>
        (await Gateway.ListDocumentsAsync(new ListDocumentsRequest { Collection = collection, State = state, PageSize = 1 }, Headers)).TotalCount;

    public void Dispose() => channel.Dispose();
}
