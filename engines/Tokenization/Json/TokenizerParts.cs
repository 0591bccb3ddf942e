using RagPlatform.Tokenization.Json.Decoders;
using RagPlatform.Tokenization.Json.Models;
using RagPlatform.Tokenization.Json.Normalizers;
using RagPlatform.Tokenization.Json.PreTokenizers;

namespace RagPlatform.Tokenization.Json;

/// <summary>What a tokenizer.json is made of.</summary>
/// <param name="Words">Spells words in the model.</param>
/// <param name="Prefix">Ids that every input begins with.</param>
/// <param name="Suffix">Ids that every input ends with.</param>
internal sealed record TokenizerParts(
    IReadOnlyList<AddedToken> Added, INormalizer? Normalizer, IPreTokenizer? PreTokenizer, ITokenModel Model, WordSpeller Words, IDecoder Decoder,
    IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix);
