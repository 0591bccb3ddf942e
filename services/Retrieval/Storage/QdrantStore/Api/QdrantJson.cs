using System.Text.Json.Serialization;

namespace RagPlatform.Retrieval.Storage.QdrantStore.Api;

/// <summary>What every answer is wrapped in.</summary>
internal sealed record QdrantResponse<T>([property: JsonRequired] T Result);

/// <summary>The form of every refusal.</summary>
internal sealed record QdrantRefusal(QdrantRefusalStatus? Status);

internal sealed record QdrantRefusalStatus(string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateCollection))]
[JsonSerializable(typeof(CreateFieldIndex))]
[JsonSerializable(typeof(UpsertPoints))]
[JsonSerializable(typeof(DeletePoints))]
[JsonSerializable(typeof(RetrievePoints))]
[JsonSerializable(typeof(ScrollPoints))]
[JsonSerializable(typeof(CountPoints))]
[JsonSerializable(typeof(FacetPoints))]
[JsonSerializable(typeof(QueryBatch))]
[JsonSerializable(typeof(SparseVector))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(QdrantResponse<bool>))]
[JsonSerializable(typeof(QdrantResponse<CollectionList>))]
[JsonSerializable(typeof(QdrantResponse<CollectionInfo>))]
[JsonSerializable(typeof(QdrantResponse<UpdateResult>))]
[JsonSerializable(typeof(QdrantResponse<IReadOnlyList<PointRecord>>))]
[JsonSerializable(typeof(QdrantResponse<ScrollPage>))]
[JsonSerializable(typeof(QdrantResponse<CountResult>))]
[JsonSerializable(typeof(QdrantResponse<FacetResponse>))]
[JsonSerializable(typeof(QdrantResponse<IReadOnlyList<QueryResponse>>))]
[JsonSerializable(typeof(QdrantRefusal))]
internal sealed partial class QdrantJson : JsonSerializerContext;
