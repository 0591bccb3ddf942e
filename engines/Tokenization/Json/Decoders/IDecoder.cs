using System.Text;
using RagPlatform.Tokenization.Json.PreTokenizers;

namespace RagPlatform.Tokenization.Json.Decoders;

/// <summary>Makes text of tokens again (Hugging Face tokenizers, "decoder"): parts in, parts out, joined in the end.</summary>
internal interface IDecoder
{
    IReadOnlyList<string> Decode(IReadOnlyList<string> tokens);
}

internal sealed class DecoderSequence(IReadOnlyList<IDecoder> decoders) : IDecoder
{
    private const int MaxGrowth = 32;
    private const int MaxAdded = 1024;

    public IReadOnlyList<IDecoder> Decoders => decoders;

    /// <exception cref="InvalidDataException">The steps, each of which may repeat what the one before made, make too much of the tokens.</exception>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var spelled = CharactersOf(tokens);
        foreach (var decoder in decoders)
        {
            tokens = decoder.Decode(tokens);
            if (CharactersOf(tokens) > (MaxGrowth * spelled) + MaxAdded)
            {
                throw new InvalidDataException(
                    $"tokenizer.json.decoder makes {CharactersOf(tokens)} characters of {spelled}; the limit is {MaxGrowth} for each and {MaxAdded} more.");
            }
        }

        return tokens;
    }

    private static long CharactersOf(IReadOnlyList<string> tokens) => tokens.Sum(token => (long)token.Length);
}

internal sealed class FuseDecoder : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [string.Concat(tokens)];
}

internal sealed class ReplaceDecoder(string pattern, string replacement) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select(token => token.Replace(pattern, replacement, StringComparison.Ordinal))];
}

/// <summary>Takes a character away at the ends of every part, so many times at most.</summary>
internal sealed class StripDecoder(string content, int start, int stop) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Strip)];

    private string Strip(string token)
    {
        for (var i = 0; i < start && token.StartsWith(content, StringComparison.Ordinal); i++)
        {
            token = token[content.Length..];
        }

        for (var i = 0; i < stop && token.EndsWith(content, StringComparison.Ordinal); i++)
        {
            token = token[..^content.Length];
        }

        return token;
    }
}

/// <summary>SentencePiece's marks back to spaces, without the one that was put first.</summary>
internal sealed class MetaspaceDecoder(string mark, bool wasPrepended) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select((token, at) => (at == 0 && wasPrepended && token.StartsWith(mark, StringComparison.Ordinal) ? token[mark.Length..] : token).Replace(mark, " ", StringComparison.Ordinal))];
}

/// <summary>Runs of byte tokens to the characters they spell; each byte of what is no UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var parts = new List<string>(tokens.Count);
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
                && byte.TryParse(token.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            {
                bytes.Add(value);
                continue;
            }

            Flush();
            parts.Add(token);
        }

        Flush();
        return parts;

        void Flush()
        {
            if (bytes.Count == 0)
            {
                return;
            }

            try
            {
                parts.Add(Strict.GetString([.. bytes]));
            }
            catch (DecoderFallbackException)
            {
                parts.AddRange(bytes.Select(_ => "\uFFFD"));
            }

            bytes.Clear();
        }
    }
}

/// <summary>GPT-2's alphabet back to bytes, and these to text; a token with another character is text as it is.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>();
        var spelled = new List<byte>();
        foreach (var token in tokens)
        {
            spelled.Clear();
            foreach (var character in token)
            {
                if (!ByteAlphabet.TryGetByte(character, out var value))
                {
                    spelled.Clear();
                    spelled.AddRange(Encoding.UTF8.GetBytes(token));
                    break;
                }

                spelled.Add(value);
            }

            bytes.AddRange(spelled);
        }

        return [Encoding.UTF8.GetString([.. bytes])];
    }
}
