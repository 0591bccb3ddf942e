using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Features.Embed;

/// <summary>What is to be embedded: texts as they are, or passages as the bus's chunks are; one of the two lists is empty.</summary>
internal sealed record EmbedInput(IReadOnlyList<string> Texts, IReadOnlyList<EmbedPassage> Passages)
{
    public int Count => Texts.Count + Passages.Count;

    /// <summary>Those at these places.</summary>
    public EmbedInput Only(int[] places) => places.Length == Count ? this
        : Passages.Count == 0 ? this with { Texts = [.. places.Select(place => Texts[place])] }
        : this with { Passages = [.. places.Select(place => Passages[place])] };

    /// <summary>What the model is given.</summary>
    public IReadOnlyList<string> TextsFor(IEmbeddingModel model) =>
        Passages.Count == 0 ? Texts : [.. Passages.Select(passage => model.ComposePassage(passage.Title, passage.HeadingPath, passage.Text))];
}

/// <param name="Title">The document's; may be empty.</param>
/// <param name="HeadingPath">Outermost first.</param>
/// <param name="Text">The passage's own text.</param>
internal sealed record EmbedPassage(string Title, IReadOnlyList<string> HeadingPath, string Text);
