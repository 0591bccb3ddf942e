using Search = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Client;

internal static class ChunkingMapping
{
    public static Search.ChunkingSettings ToRequest(this ChunkingSettings settings)
    {
        var request = new Search.ChunkingSettings
        {
            Strategy = (Search.ChunkingStrategy)settings.Strategy, MaxTokens = settings.MaxTokens, ParentTokens = settings.ParentTokens,
        };
        if (settings.OverlapTokens is { } overlap)
        {
            request.OverlapTokens = overlap;
        }

        return request;
    }

    public static ChunkingSettings ToSettings(this Search.ChunkingSettings settings) =>
        new((ChunkingStrategy)settings.Strategy, settings.MaxTokens, settings.HasOverlapTokens ? settings.OverlapTokens : null, settings.ParentTokens);
}
