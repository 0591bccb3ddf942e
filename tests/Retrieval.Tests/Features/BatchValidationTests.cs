using RagPlatform.Contracts.Embedding;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Features.IndexChunks;

namespace RagPlatform.Retrieval.Tests.Features;

public class BatchValidationTests
{
    private static readonly ChunksEmbedded Valid = Batches.Version(Batches.Document(), 1)[0];

    public static TheoryData<string, string> Wrongs => new()
    {
        { "version", "version 0" },
        { "index", "its index is not in 0 to 1" },
        { "negative index", "its index is not in 0 to 1" },
        { "too many", "33 chunks, the limit is 32" },
        { "dimension", "dimension 0" },
        { "model", "names no model" },
        { "ordinal", "ordinal 4 is not in 0 to 3" },
        { "offsets", "ends (1) before it starts (2)" },
        { "vector length", "has 12 bytes, 4 dimensions have 16" },
        { "not a number", "vector of chunk 0 is not finite" },
        { "not of unit length", "vector of chunk 0 has length 2, it must be 1" },
        { "zero vector", "vector of chunk 0 has length 0, it must be 1" },
        { "no document", "names no document" },
        { "no title", "title" },
        { "no chunks", "chunks are null" },
        { "no model", "names no model" },
        { "no chunk", "a chunk, or its id" },
        { "no text", "text" },
        { "no heading", "a heading of chunk 0 is null" },
    };

    [Fact]
    public void Check_ValidBatch_Passes() => Should.NotThrow(() => BatchValidation.Check(Valid));

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void Check_WrongBatch_IsRefusedByName(string wrong, string expected)
    {
        var failure = Should.Throw<ServiceException>(() => BatchValidation.Check(Make(wrong)));

        failure.Kind.ShouldBe(FailureKind.InvalidArgument);
        failure.Message.ShouldContain(expected);
    }

    [Fact]
    public void Check_BadDocumentId_IsRefused() =>
        Should.Throw<ServiceException>(() => BatchValidation.Check(Valid with { Document = Valid.Document with { DocumentId = "a\nb" } })).Field.ShouldBe("document_id");

    private static ChunksEmbedded Make(string wrong) => wrong switch
    {
        "version" => Valid with { Version = 0 },
        "index" => Valid with { BatchIndex = 2 },
        "negative index" => Valid with { BatchIndex = -1 },
        "too many" => Valid with { Chunks = [.. Enumerable.Repeat(Valid.Chunks[0], 33)] },
        "dimension" => Valid with { Dimension = 0 },
        "model" => Valid with { Model = "" },
        "ordinal" => WithChunk(Valid.Chunks[0] with { Ordinal = 4 }),
        "offsets" => WithChunk(Valid.Chunks[0] with { StartOffset = 2, EndOffset = 1 }),
        "vector length" => WithChunk(Valid.Chunks[0] with { Vector = new byte[12] }),
        "not a number" => WithChunk(Valid.Chunks[0] with { Vector = [.. BitConverter.GetBytes(float.NaN), .. new byte[12]] }),
        "not of unit length" => WithChunk(Valid.Chunks[0] with { Vector = [.. BitConverter.GetBytes(2f), .. new byte[12]] }),
        "zero vector" => WithChunk(Valid.Chunks[0] with { Vector = new byte[16] }),
        "no document" => Valid with { Document = null! },
        "no title" => Valid with { Title = null! },
        "no chunks" => Valid with { Chunks = null! },
        "no model" => Valid with { Model = null! },
        "no chunk" => Valid with { Chunks = [null!] },
        "no text" => WithChunk(Valid.Chunks[0] with { Text = null! }),
        "no heading" => WithChunk(Valid.Chunks[0] with { HeadingPath = [null!] }),
        _ => throw new ArgumentOutOfRangeException(nameof(wrong)),
    };

    private static ChunksEmbedded WithChunk(EmbeddedChunk chunk) => Valid with { Chunks = [chunk] };
}
