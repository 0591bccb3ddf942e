using System.Text;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Tests.Segments;

public sealed class ChecksumTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xE3069283u)] // The check value of CRC-32C in Cook's catalogue of parametrised CRC algorithms.
    public void Of_KnownBytes_IsCrc32C(string text, uint expected) => Checksum.Of(Encoding.ASCII.GetBytes(text)).ShouldBe(expected);

    [Fact]
    public void Extend_InPiecesOfAnyLength_EqualsTheWhole()
    {
        var bytes = new byte[300];
        new Random(1).NextBytes(bytes);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Checksum.Extend(Checksum.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)).ShouldBe(Checksum.Of(bytes));
        }
    }
}
