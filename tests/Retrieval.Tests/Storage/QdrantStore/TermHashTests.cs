using RagPlatform.Retrieval.Storage.QdrantStore;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

public sealed class TermHashTests
{
    /// <summary>From the reference implementation (SMHasher's MurmurHash3_x86_32, seed 0): every length of tail.</summary>
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("test", 0xBA6BD213u)]
    [InlineData("hello", 0x248BFA47u)]
    [InlineData("Hello, world!", 0xC0363E43u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x2E4FF723u)]
    public void Of_Term_IsMurmur3(string term, uint expected) => TermHash.Of(term).ShouldBe(expected);
}
