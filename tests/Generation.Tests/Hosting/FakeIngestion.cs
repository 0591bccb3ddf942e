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
        return Task.FromResult(new ReadPassagesResponse { Passages = { request.Ranges.Select(range => Read(range, request.WidenToParent)) } });
    }

    private Passage Read(PassageRange range, bool widen)
    {
        if (!library.StoredTexts.TryGetValue(range.DocumentId, out var text) || range.Version != 1 || range.EndOffset > text.Length)
        {
            return new Passage();
        }

        var parent = library.Parents.FirstOrDefault(parent => widen && parent.Start <= range.StartOffset && parent.End >= range.EndOffset);
        var (start, end) = parent.End > 0 ? parent : (range.StartOffset, range.EndOffset);
        return new Passage { Found = true, Text = text[start..end], StartOffset = start, EndOffset = end, Location = library.LocationOf(start, end) };
    }
}
