using Markdig.Parsers;

namespace RagPlatform.Documents;

/// <summary>Opens nothing: stops the parse where blocks nest too deep, before time and stack go with the depth.</summary>
internal sealed class NestingGuard : BlockParser
{
    public static ExtractionException TooDeep() => new(
        ExtractionErrorCode.TooDeep,
        $"content nests quotes and lists deeper than {DocumentExtractor.MaxNestingDepth}, which is the limit.",
        "Flatten the lists or quotes, or send the document as text/plain.");

    public override BlockState TryOpen(BlockProcessor processor)
    {
        // An item of a list is two containers.
        const int maxContainers = 2 * DocumentExtractor.MaxNestingDepth;
        var depth = 0;
        for (var container = processor.CurrentContainer; container is not null; container = container.Parent)
        {
            if (++depth > maxContainers)
            {
                throw TooDeep();
            }
        }

        return BlockState.None;
    }
}
