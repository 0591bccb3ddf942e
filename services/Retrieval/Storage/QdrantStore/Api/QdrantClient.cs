using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace RagPlatform.Retrieval.Storage.QdrantStore.Api;

/// <summary>
/// The endpoints of Qdrant's REST API that this store uses, one method each, as documented for 1.15
/// (https://api.qdrant.tech/v-1-15-x). Writes return when they are applied, in one order for all writers.
/// </summary>
internal sealed class QdrantClient(QdrantConnection connection)
{
    private const string Applied = "wait=true&ordering=strong";

    private static readonly QdrantJson Json = QdrantJson.Default;

    public async Task<IReadOnlyList<string>> ListCollectionsAsync(CancellationToken cancellationToken) =>
        [.. (await connection.SendAsync(HttpMethod.Get, "collections", null, Json.QdrantResponseCollectionList, cancellationToken))!
            .Collections.Select(collection => collection.Name)];

    /// <returns>Null if there is no such collection.</returns>
    public Task<CollectionInfo?> FindCollectionAsync(string name, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Get, Path(name), null, Json.QdrantResponseCollectionInfo, cancellationToken, HttpStatusCode.NotFound);

    /// <summary>Nothing happens if it is there, whatever its settings.</summary>
    public Task CreateCollectionAsync(string name, CreateCollection collection, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Put, Path(name), Body(collection, Json.CreateCollection), Json.QdrantResponseBoolean, cancellationToken, HttpStatusCode.Conflict);

    /// <summary>Nothing happens if it is not there.</summary>
    public Task DeleteCollectionAsync(string name, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Delete, Path(name), null, Json.QdrantResponseBoolean, cancellationToken, HttpStatusCode.NotFound);

    /// <summary>Nothing happens if the field has this index.</summary>
    public Task CreateFieldIndexAsync(string name, CreateFieldIndex index, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Put, $"{Path(name)}/index?{Applied}", Body(index, Json.CreateFieldIndex), Json.QdrantResponseUpdateResult, cancellationToken);

    public Task UpsertAsync(string name, IReadOnlyList<PointStruct> points, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Put, $"{Path(name)}/points?{Applied}", Body(new UpsertPoints(points), Json.UpsertPoints), Json.QdrantResponseUpdateResult, cancellationToken);

    /// <summary>Nothing happens if there is no such point.</summary>
    public Task DeleteAsync(string name, Guid id, CancellationToken cancellationToken) => DeleteAsync(name, new DeletePoints([id], null), cancellationToken);

    public Task DeleteAsync(string name, QdrantFilter filter, CancellationToken cancellationToken) => DeleteAsync(name, new DeletePoints(null, filter), cancellationToken);

    /// <returns>Those that are there, in any order.</returns>
    public Task<IReadOnlyList<PointRecord>> RetrieveAsync(string name, RetrievePoints points, CancellationToken cancellationToken) =>
        PostAsync($"{Path(name)}/points", Body(points, Json.RetrievePoints), Json.QdrantResponseIReadOnlyListPointRecord, cancellationToken);

    /// <summary>Every point that the filter lets through, by id.</summary>
    public async IAsyncEnumerable<PointRecord> ScrollAllAsync(
        string name, QdrantFilter filter, int pointsPerPage, IReadOnlyList<string> withPayload, IReadOnlyList<string>? withVector,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Guid? offset = null;
        do
        {
            var scroll = new ScrollPoints(filter, pointsPerPage, offset, withPayload, withVector);
            var page = await PostAsync($"{Path(name)}/points/scroll", Body(scroll, Json.ScrollPoints), Json.QdrantResponseScrollPage, cancellationToken);
            foreach (var point in page.Points)
            {
                yield return point;
            }

            offset = page.NextPageOffset;
        }
        while (offset is not null);
    }

    /// <summary>Exactly.</summary>
    public async Task<long> CountAsync(string name, QdrantFilter filter, CancellationToken cancellationToken) =>
        (await PostAsync($"{Path(name)}/points/count", Body(new CountPoints(filter, Exact: true), Json.CountPoints), Json.QdrantResponseCountResult, cancellationToken)).Count;

    /// <returns>An answer to each query, in their order.</returns>
    public Task<IReadOnlyList<QueryResponse>> QueryAsync(string name, IReadOnlyList<QueryPoints> queries, CancellationToken cancellationToken) =>
        PostAsync($"{Path(name)}/points/query/batch", Body(new QueryBatch(queries), Json.QueryBatch), Json.QdrantResponseIReadOnlyListQueryResponse, cancellationToken);

    public async Task<IReadOnlyList<FacetHit>> CountFacetAsync(string name, FacetPoints facet, CancellationToken cancellationToken) =>
        (await PostAsync($"{Path(name)}/facet", Body(facet, Json.FacetPoints), Json.QdrantResponseFacetResponse, cancellationToken)).Hits;

    private static string Path(string name) => $"collections/{Uri.EscapeDataString(name)}";

    private static Func<HttpContent> Body<T>(T body, JsonTypeInfo<T> type) => () => JsonContent.Create(body, type);

    private Task<UpdateResult> DeleteAsync(string name, DeletePoints points, CancellationToken cancellationToken) =>
        PostAsync($"{Path(name)}/points/delete?{Applied}", Body(points, Json.DeletePoints), Json.QdrantResponseUpdateResult, cancellationToken);

    private async Task<TResult> PostAsync<TResult>(string path, Func<HttpContent> body, JsonTypeInfo<QdrantResponse<TResult>> type, CancellationToken cancellationToken)
        where TResult : class =>
        (await connection.SendAsync(HttpMethod.Post, path, body, type, cancellationToken))!;
}
