namespace RagPlatform.Client;

/// <summary>A model that the platform uses or can use.</summary>
public sealed record Model
{
    public required string Id { get; init; }
    /// <summary>"encoder", "reranker", "decoder" or "static"; "generation" of what answers without files of its own; empty while unknown.</summary>
    public required string Kind { get; init; }
    /// <summary>"ready", "missing", "pulling", "incomplete" (its folder holds no whole model), "failed" or "remote".</summary>
    public required string State { get; init; }
    /// <summary>Of an embedding model's vectors.</summary>
    public required int Dimension { get; init; }
    /// <summary>That the model reads at once.</summary>
    public required int MaxTokens { get; init; }
    /// <summary>On disk.</summary>
    public required long SizeBytes { get; init; }
    /// <summary>Where its files came from.</summary>
    public required string Source { get; init; }
    public required string License { get; init; }
    /// <summary>The commit, version or hash it is pinned to; empty where it is not pinned.</summary>
    public string Revision { get; init; } = "";
    /// <summary>Why it is incomplete or failed, or how far its pull is.</summary>
    public string Detail { get; init; } = "";
    /// <summary>Used where none is named: of the models that embed, or of those that answer.</summary>
    public bool IsDefault { get; init; }
    /// <summary>In memory.</summary>
    public bool IsLoaded { get; init; }
}

/// <param name="Models">Those that embed, then those that answer.</param>
/// <param name="Problems">With the platform's file of pins, each naming its entry.</param>
public sealed record ModelList(IReadOnlyList<Model> Models, IReadOnlyList<string> Problems);

/// <param name="Model">As in the list.</param>
/// <param name="Architecture">Such as "BertModel"; this and the next three are empty while its files are not here.</param>
/// <param name="Parameters">0 while unknown.</param>
/// <param name="VocabularySize">Tokens that it knows.</param>
/// <param name="WeightType">Such as "F32", "BF16" or "int4".</param>
/// <param name="Files">That are here; of a model that is not, those it is pinned to.</param>
/// <param name="Folder">On the embedding service's machine.</param>
/// <param name="Collections">Of this tenant, that need it.</param>
public sealed record ModelDetails(
    Model Model, string Architecture, long Parameters, int VocabularySize, string WeightType, IReadOnlyList<ModelFile> Files, string Folder, IReadOnlyList<string> Collections);

/// <param name="Name">Within the model's folder, with "/".</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Sha256">That it is pinned to; empty where it is not pinned.</param>
public sealed record ModelFile(string Name, long SizeBytes, string Sha256);
