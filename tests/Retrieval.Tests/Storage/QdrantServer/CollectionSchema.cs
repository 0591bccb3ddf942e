using System.Text.Json;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantServer;

/// <summary>What a collection was created with.</summary>
internal sealed record CollectionSchema(IReadOnlyDictionary<string, DenseSchema> Dense, IReadOnlyDictionary<string, bool> SparseWithIdf, JsonElement Body)
{
    public static CollectionSchema Read(JsonElement body)
    {
        var request = new StrictObject(
            body, "CreateCollection", "vectors", "shard_number", "sharding_method", "replication_factor", "write_consistency_factor", "on_disk_payload",
            "hnsw_config", "wal_config", "optimizers_config", "quantization_config", "sparse_vectors", "strict_mode_config");
        request.Integer("shard_number", 1, otherwise: 1);
        var replicas = request.Integer("replication_factor", 1, otherwise: 1);
        if (request.Integer("write_consistency_factor", 1, otherwise: 1) > replicas)
        {
            throw Refusal.WrongInput("write consistency factor exceeds the replication factor");
        }

        request.Flag("on_disk_payload", otherwise: true);
        return new CollectionSchema(
            request.Map("vectors").ToDictionary(entry => entry.Name, entry => ReadDense(entry.Value), StringComparer.Ordinal),
            request.Map("sparse_vectors").ToDictionary(entry => entry.Name, entry => IsIdf(entry.Value), StringComparer.Ordinal),
            body.Clone());
    }

    private static DenseSchema ReadDense(JsonElement vector)
    {
        var request = new StrictObject(vector, "VectorParams", "size", "distance", "hnsw_config", "quantization_config", "on_disk", "datatype", "multivector_config");
        request.Flag("on_disk", otherwise: false);
        if (request.Has("quantization_config"))
        {
            CheckQuantization(request.Get("quantization_config"));
        }

        return new DenseSchema(request.Integer("size", 1), request.OneOf("distance", "Cosine", "Euclid", "Dot", "Manhattan"));
    }

    private static void CheckQuantization(JsonElement quantization)
    {
        var request = new StrictObject(quantization, "QuantizationConfig", "scalar", "binary");
        if (request.Has("scalar") == request.Has("binary"))
        {
            throw Refusal.Format("QuantizationConfig", "data did not match any variant");
        }

        if (request.Has("binary"))
        {
            new StrictObject(request.Get("binary"), "BinaryQuantizationConfig", "always_ram", "encoding", "query_encoding").Flag("always_ram", otherwise: false);
            return;
        }

        var scalar = new StrictObject(request.Get("scalar"), "ScalarQuantizationConfig", "type", "quantile", "always_ram");
        scalar.OneOf("type", "int8");
        scalar.Flag("always_ram", otherwise: false);
        if (scalar.Has("quantile"))
        {
            scalar.Number("quantile", 0.5, 1);
        }
    }

    private static bool IsIdf(JsonElement vector)
    {
        var request = new StrictObject(vector, "SparseVectorParams", "index", "modifier");
        if (request.Has("index"))
        {
            new StrictObject(request.Get("index"), "SparseIndexParams", "full_scan_threshold", "on_disk", "datatype").Flag("on_disk", otherwise: false);
        }

        return request.Has("modifier") && request.OneOf("modifier", "none", "idf") == "idf";
    }
}

internal sealed record DenseSchema(int Size, string Distance);
