using RagPlatform.Retrieval.Storage.QdrantStore.Api;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>What a new collection is made like.</summary>
internal static class CollectionSettings
{
    /// <summary>Of the components, kept at full range; the rest are cut, which costs less than a wider range for all.</summary>
    private const double ScalarQuantile = 0.99;

    public static CreateCollection Of(IndexSettings settings, QdrantOptions options)
    {
        // Our vectors have unit length: their dot product is the cosine, and "Cosine" would hand them back rounded anew.
        var dense = new DenseVectorParams(settings.Dimension, "Dot", options.OnDisk, Quantization(options.Quantization));
        var lexical = new SparseVectorParams("idf", new SparseIndexParams(options.OnDisk));
        return new CreateCollection(
            new Dictionary<string, DenseVectorParams>(StringComparer.Ordinal) { [PointVectors.DenseName] = dense },
            new Dictionary<string, SparseVectorParams>(StringComparer.Ordinal) { [PointVectors.LexicalName] = lexical },
            options.ShardNumber, options.ReplicationFactor, options.WriteConsistencyFactor, OnDiskPayload: true);
    }

    private static QuantizationConfig? Quantization(QdrantQuantization quantization) => quantization switch
    {
        QdrantQuantization.None => null,
        QdrantQuantization.Scalar => new QuantizationConfig(new ScalarQuantization("int8", ScalarQuantile, AlwaysRam: true), null),
        QdrantQuantization.Binary => new QuantizationConfig(null, new BinaryQuantization(AlwaysRam: true)),
        _ => throw new ArgumentOutOfRangeException(nameof(quantization), quantization, "No such quantization."),
    };
}
