using System.Globalization;
using System.Text;
using RagPlatform.Tokenization.Json.Decoders;
using RagPlatform.Tokenization.Json.PreTokenizers;

namespace RagPlatform.Tokenization.Json;

/// <summary>The bytes that one token adds to a text that has begun.</summary>
internal static class TokenBytes
{
    private const string Before = "a";

    public static byte[] Of(string token, IDecoder decoder)
    {
        if (token.Length == 0)
        {
            return [];
        }

        var steps = Steps(decoder).ToArray();
        if (steps.OfType<ByteLevelDecoder>().Any())
        {
            return Spelled(token) ?? Encoding.UTF8.GetBytes(token);
        }

        if (steps.OfType<ByteFallbackDecoder>().Any() && token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return [value];
        }

        // What decoders do at a text's beginning, such as taking a space away, they must not do here.
        return Encoding.UTF8.GetBytes(string.Concat(decoder.Decode([Before, token]))[Before.Length..]);
    }

    private static IEnumerable<IDecoder> Steps(IDecoder decoder) => decoder is DecoderSequence sequence ? sequence.Decoders.SelectMany(Steps) : [decoder];

    private static byte[]? Spelled(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!ByteAlphabet.TryGetByte(token[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }
}
