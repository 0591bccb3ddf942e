namespace RagPlatform.Search.Tests.Vectors;

internal static class TestOptions
{
    public static CollectionIndexOptions Of(int dimension, int graphFromChunks = int.MaxValue) =>
        new() { Dimension = dimension, GraphFromChunks = graphFromChunks };
}
