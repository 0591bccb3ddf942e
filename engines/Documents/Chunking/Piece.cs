namespace RagPlatform.Documents;

/// <summary>The smallest range the chunker moves: a whole block, or a sentence, line or word run of one that is too large.</summary>
/// <param name="Start">UTF-16 offset into the stored text, inclusive.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Tokens">At most the budget.</param>
/// <param name="Block">The block it is, or is part of.</param>
/// <param name="IsSentence">A whole sentence of a split block: it may be repeated as overlap.</param>
internal readonly record struct Piece(int Start, int End, int Tokens, Block Block, bool IsSentence)
{
    public bool IsHeading => Block.Kind == BlockKind.Heading;
}
