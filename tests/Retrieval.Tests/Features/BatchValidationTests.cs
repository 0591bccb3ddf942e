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
        { "not a number", "not finite" },
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
        _ => throw new ArgumentOutOfRangeException(nameof(wrong)),
    };

    private static ChunksEmbedded WithChunk(EmbeddedChunk chunk) => Valid with { Chunks = [chunk] };
}
