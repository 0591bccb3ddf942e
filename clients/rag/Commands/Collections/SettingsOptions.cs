using System.CommandLine;
using RagPlatform.Client;

namespace RagPlatform.CommandLine.Commands;

/// <summary>All options that change a collection's settings: how it is searched, and how its documents are cut.</summary>
internal sealed class SettingsOptions(Command command)
{
    private readonly RankingOptions ranking = new(command);
    private readonly ChunkingOptions chunking = new(command);

    public static IReadOnlyList<string> Names { get; } = [.. RankingOptions.Names, .. ChunkingOptions.Names];

    /// <summary>The settings as these options change them.</summary>
    public CollectionSettings Change(CollectionSettings settings, ParseResult parsed) =>
        ranking.Change(settings, parsed) with { Chunking = chunking.Change(settings.Chunking, parsed) };
}
