using Google.Protobuf;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.GetTokenizer;

internal static class GetTokenizerMapping
{
    public static GetTokenizerResponse ToResponse(this TokenizerAnswer answer) => new()
    {
        Model = answer.Model,
        Kind = answer.Kind,
        Vocabulary = UnsafeByteOperations.UnsafeWrap(answer.Vocabulary),
        LowerCase = answer.LowerCase,
        MaxTokens = answer.MaxTokens,
        Dimension = answer.Dimension,
        PassagePrefixTokens = answer.PassagePrefixTokens,
    };

    public static ReadTokenizerResponse ToResponse(this ReadOnlyMemory<byte> part) => new() { Part = UnsafeByteOperations.UnsafeWrap(part) };
}
