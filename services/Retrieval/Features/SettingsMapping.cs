using RagPlatform.Retrieval.Features.Search;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;
using Proto = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Retrieval.Features;

/// <summary>How a search and a collection say how to search, and a collection how to cut.</summary>
internal static class SettingsMapping
{
    private const int MaxModelCharacters = 256;

    /// <exception cref="Grpc.Errors.ServiceException">Names the setting that is wrong.</exception>
    public static SearchDefaults ToDefaults(this Proto.CollectionSettings? settings) => settings is null
        ? SearchDefaults.Unset
        : new SearchDefaults(
            settings.Fusion.ToFusion("settings.fusion"),
            settings.HasVectorWeight ? RequireVectorWeight(settings.VectorWeight, "settings.vector_weight") : null,
            settings.RerankModel.Length == 0 ? null : RequireRerankModel(settings.RerankModel),
            settings.RerankCandidates == 0 ? null : RequireRerankCandidates(settings.RerankCandidates, lowest: 1))
        {
            Chunking = settings.Chunking.ToChunking(),
        };

    public static Proto.CollectionSettings ToProto(this SearchDefaults defaults)
    {
        var settings = new Proto.CollectionSettings
        {
            Fusion = defaults.Fusion.ToProto(), RerankModel = defaults.RerankModel ?? "", RerankCandidates = defaults.RerankCandidates ?? 0,
            Chunking = defaults.Chunking.ToProto(),
        };
        if (defaults.VectorWeight is { } weight)
        {
            settings.VectorWeight = weight;
        }

        return settings;
    }

    /// <summary>Null when unspecified.</summary>
    public static FusionMethod? ToFusion(this Proto.FusionMethod fusion, string field) => fusion switch
    {
        Proto.FusionMethod.Unspecified => null,
        Proto.FusionMethod.MinMax => FusionMethod.MinMax,
        Proto.FusionMethod.ReciprocalRank => FusionMethod.ReciprocalRank,
        Proto.FusionMethod.Lexical => FusionMethod.Lexical,
        Proto.FusionMethod.Vector => FusionMethod.Vector,
        _ => throw RetrievalErrors.SettingUnknown(field, (int)fusion),
    };

    public static double RequireVectorWeight(double weight, string field) =>
        weight is >= 0 and <= 1 ? weight : throw RetrievalErrors.VectorWeightOutOfRange(field, weight);

    public static string RequireRerankModel(string model) =>
        model.Length <= MaxModelCharacters ? model : throw RetrievalErrors.RerankModelTooLong(model.Length, MaxModelCharacters);

    public static int RequireRerankCandidates(int candidates, int lowest) =>
        candidates >= lowest && candidates <= SearchCommand.MaxRerankCandidates
            ? candidates
            : throw RetrievalErrors.RerankCandidatesOutOfRange(candidates, lowest, SearchCommand.MaxRerankCandidates);

    private static Proto.FusionMethod ToProto(this FusionMethod? fusion) => fusion switch
    {
        FusionMethod.MinMax => Proto.FusionMethod.MinMax,
        FusionMethod.ReciprocalRank => Proto.FusionMethod.ReciprocalRank,
        FusionMethod.Lexical => Proto.FusionMethod.Lexical,
        FusionMethod.Vector => Proto.FusionMethod.Vector,
        _ => Proto.FusionMethod.Unspecified,
    };
}
