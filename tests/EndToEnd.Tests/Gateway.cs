using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>The public API as a test uses it: with a key, a collection of its own and time limits.</summary>
internal sealed class Gateway(GrpcChannel channel, string apiKey) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public GrpcChannel Channel => channel;

    public GatewayService.GatewayServiceClient Client { get; } = new(channel);

    public Metadata Headers => new() { { "authorization", $"Bearer {apiKey}" } };

    private DateTime Deadline => TimeProvider.System.GetUtcNow().UtcDateTime + Limit;

    public async Task<PutDocumentResponse> PutAsync(string collection, string id, string markdown) =>
        await Client.PutDocumentAsync(
            new PutDocumentRequest
            {
                Header = new DocumentHeader { Collection = collection, Id = id, ContentType = "text/markdown" },
                Content = ByteString.CopyFromUtf8(markdown),
            },
            Headers,
            Deadline);

    public async Task<List<Document>> ListAsync(string collection, DocumentState state = DocumentState.Unspecified)
    {
        var documents = new List<Document>();
        var token = "";
        do
        {
            var page = await Client.ListDocumentsAsync(new ListDocumentsRequest { Collection = collection, State = state, PageSize = 1000, PageToken = token }, Headers, Deadline);
            documents.AddRange(page.Documents);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return documents;
    }

    public async Task<long> CountAsync(string collection, DocumentState state) =>
        (await Client.ListDocumentsAsync(new ListDocumentsRequest { Collection = collection, State = state, PageSize = 1 }, Headers, Deadline)).TotalCount;

    public Task WaitForIndexedAsync(string collection, int count, TimeSpan limit) =>
        TestTimeout.EventuallyAsync(() => IsReachedAsync(collection, count), $"{count} documents of {collection} indexed", limit);

    public async Task DeleteAsync(string collection, string id) =>
        await Client.DeleteDocumentAsync(new DeleteDocumentRequest { Collection = collection, Id = id }, Headers, Deadline);

    public async Task<SearchResponse> SearchAsync(string collection, string query, int topK = 10) =>
        await Client.SearchAsync(new SearchRequest { Collection = collection, Query = query, TopK = topK }, Headers, Deadline);

    public async Task<Answer> AskAsync(string collection, string question)
    {
        var answer = new Answer();
        using var call = Client.Ask(new AskRequest { Collection = collection, Question = question }, Headers, Deadline);
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            answer.Add(response);
        }

        return answer;
    }

    public void Dispose() => channel.Dispose();

    /// <summary>A gateway that is just being restarted is asked again.</summary>
    private async Task<bool> IsReachedAsync(string collection, int count)
    {
        try
        {
            return await CountAsync(collection, DocumentState.Indexed) == count;
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable)
        {
            return false;
        }
    }
}

/// <summary>The parts of one answer, in the order in which they came.</summary>
internal sealed class Answer
{
    public List<AskResponse.PartOneofCase> Order { get; } = [];

    public string Text { get; private set; } = "";

    public IList<Source> Sources { get; private set; } = [];

    public IList<Citation> Citations { get; private set; } = [];

    public Abstention? Abstention { get; private set; }

    public Completion? Completion { get; private set; }

    public void Add(AskResponse response)
    {
        if (Order.Count == 0 || Order[^1] != response.PartCase)
        {
            Order.Add(response.PartCase);
        }

        Text += response.Text;
        Sources = response.Sources?.Sources ?? Sources;
        Citations = response.Citations?.Citations ?? Citations;
        Abstention = response.Abstention ?? Abstention;
        Completion = response.Completion ?? Completion;
    }
}
