using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Models;

/// <summary>All that the store knows of one name.</summary>
/// <param name="Id">The name.</param>
/// <param name="Pin">Null of a folder that somebody put there.</param>
/// <param name="Source">Which of the pin's sources its files come from, judged by their sizes; null where they are not here, or are others.</param>
/// <param name="Folder">Null while it holds no whole model.</param>
/// <param name="Description">Of a whole model.</param>
/// <param name="Problem">Why its folder holds no whole model; empty where it does, or where there is none.</param>
/// <param name="PartialBytes">That an interrupted pull left.</param>
public sealed record ModelEntry(
    string Id, CatalogModel? Pin, ModelSource? Source, ModelFolder? Folder, ModelDescription? Description, string Problem, long PartialBytes)
{
    public ModelKind? Kind => Description?.Kind ?? Pin?.Kind;
}
