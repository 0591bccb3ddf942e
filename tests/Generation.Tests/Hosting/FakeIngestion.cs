using Grpc.Core;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Generation.Tests.Hosting;

/// <summary>Reads the library's stored texts, with the real service's limits.</summary>
internal sealed class FakeIngestion(Library library) : IngestionService.IngestionServiceBase
{
    public List<ReadPassagesRequest> Requests { get; } = [];

    public override Task<ReadPassagesResponse> ReadPassages(ReadPassagesRequest request, ServerCallContext context)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        request.Tenant.ShouldNotBeEmpty();
        request.Ranges.Count.ShouldBeInRange(1, 256);
        return Task.FromResult(new ReadPassagesResponse { Passages = { request.Ranges.Select(Read) } });
    }

    private Passage Read(PassageRange range) =>
        library.StoredTexts.TryGetValue(range.DocumentId, out var text) && range.Version == 1 && range.EndOffset <= text.Length
            ? new Passage { Found = true, Text = text[range.StartOffset..range.EndOffset] }
            : new Passage();
}
