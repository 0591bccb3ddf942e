namespace RagPlatform.Transformers.Bert;

/// <summary>A text as the encoder reads it.</summary>
/// <param name="Ids">Each below the vocabulary's size.</param>
/// <param name="SecondStart">Tokens from here on are of a second text; the number of ids where there is one text.</param>
internal readonly record struct BertText(int[] Ids, int SecondStart);
