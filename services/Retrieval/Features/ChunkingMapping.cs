using RagPlatform.Retrieval.Storage;
using Proto = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Retrieval.Features;

/// <summary>How a collection says how to cut.</summary>
internal static class ChunkingMapping
{
    private const string Field = "settings.chunking";

    /// <exception cref="Grpc.Errors.ServiceException">Names the setting that is wrong, its value and its range.</exception>
    public static ChunkingSettings ToChunking(this Proto.ChunkingSettings? settings)
    {
        if (settings is null)
        {
            return ChunkingSettings.Unset;
        }

        var strategy = ToStrategy(settings.Strategy);
        var maxTokens = settings.MaxTokens == 0 ? (int?)null : Require("max_tokens", settings.MaxTokens, ChunkingSettings.LeastMaxTokens, ChunkingSettings.MostTokens);
        if (settings.ParentTokens != 0 && strategy is not ChunkingStrategy.ParentChild)
        {
            throw RetrievalErrors.ParentsWithoutChildren($"{Field}.parent_tokens", settings.ParentTokens);
        }

        return new ChunkingSettings(
            strategy,
            maxTokens,
            settings.HasOverlapTokens ? Require("overlap_tokens", settings.OverlapTokens, 0, (maxTokens ?? ChunkingSettings.MostTokens) / 2) : null,
            settings.ParentTokens == 0 ? null : Require("parent_tokens", settings.ParentTokens, maxTokens ?? ChunkingSettings.LeastMaxTokens, ChunkingSettings.MostTokens));
    }

    /// <summary>Null where nothing is set.</summary>
    public static Proto.ChunkingSettings? ToProto(this ChunkingSettings settings)
    {
        if (settings == ChunkingSettings.Unset)
        {
            return null;
        }

        var proto = new Proto.ChunkingSettings
        {
            Strategy = settings.Strategy is { } strategy ? (Proto.ChunkingStrategy)((int)strategy + 1) : Proto.ChunkingStrategy.Unspecified,
            MaxTokens = settings.MaxTokens ?? 0,
            ParentTokens = settings.ParentTokens ?? 0,
        };
        if (settings.OverlapTokens is { } overlap)
        {
            proto.OverlapTokens = overlap;
        }

        return proto;
    }

    private static ChunkingStrategy? ToStrategy(Proto.ChunkingStrategy strategy) => strategy switch
    {
        Proto.ChunkingStrategy.Unspecified => null,
        _ when Enum.IsDefined(strategy) => (ChunkingStrategy)((int)strategy - 1),
        _ => throw RetrievalErrors.SettingUnknown($"{Field}.strategy", (int)strategy),
    };

    private static int Require(string name, int tokens, int lowest, int highest) =>
        tokens >= lowest && tokens <= highest ? tokens : throw RetrievalErrors.ChunkingOutOfRange($"{Field}.{name}", tokens, lowest, highest);
}
