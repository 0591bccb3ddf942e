using Grpc.Core;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.CommandLine.Tests;

internal sealed partial class FakeGateway
{
    /// <summary>Ids of documents that the index has lost.</summary>
    public List<string> LostDocuments { get; } = [];

    public override async Task CheckConsistency(CheckConsistencyRequest request, IServerStreamWriter<CheckConsistencyResponse> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        long count = 0;
        foreach (var id in LostDocuments)
        {
            await responseStream.WriteAsync(new CheckConsistencyResponse
            {
                Collection = "docs", CheckedDocuments = ++count, TotalDocuments = 9, Differences = count, Repaired = request.Repair ? count : 0,
                Difference = new Difference { Kind = DifferenceKind.Missing, DocumentId = id, RegistryVersion = 2, Detail = "the index holds none", Repaired = request.Repair },
            });
        }

        await responseStream.WriteAsync(new CheckConsistencyResponse { CheckedDocuments = 9, TotalDocuments = 9, Differences = count, Repaired = request.Repair ? count : 0 });
    }
}
