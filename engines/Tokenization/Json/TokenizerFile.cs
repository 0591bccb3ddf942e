using System.Text.Json;
using RagPlatform.Tokenization.Json.Decoders;
using RagPlatform.Tokenization.Json.Models;

namespace RagPlatform.Tokenization.Json;

/// <summary>Reads a tokenizer.json. What it does not know it refuses, with the place: a tokenizer that is almost right is wrong.</summary>
internal static class TokenizerFile
{
    /// <summary>The largest published ones have about 35 MB.</summary>
    private const int MaxBytes = 256 * 1024 * 1024;

    private const int MaxAddedTokens = 100_000;

    /// <exception cref="InvalidDataException">See <see cref="JsonTokenizer.Read"/>.</exception>
    public static TokenizerParts Read(Stream stream)
    {
        try
        {
            using var json = JsonDocument.Parse(new BoundedStream(stream, MaxBytes));
            return Read(new JsonNode(json.RootElement, "tokenizer.json"));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"tokenizer.json is no JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}: {JsonNode.Shown(exception.Message)}", exception);
        }
        catch (InvalidOperationException exception) when (exception.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true)
        {
            throw new InvalidDataException($"tokenizer.json holds text that is no Unicode: {exception.Message}", exception);
        }
    }

    private static TokenizerParts Read(JsonNode root)
    {
        var added = root["added_tokens"].Items().Select(ReadAdded).ToList();
        if (added.Count > MaxAddedTokens)
        {
            throw new InvalidDataException($"tokenizer.json: added_tokens has {added.Count} entries; the limit is {MaxAddedTokens}.");
        }

        RequireUnique(added);
        var model = ModelReader.Read(root.Required("model"), added.Where(token => token.IsSpecial).Select(token => token.Id).ToHashSet());
        var ids = added.ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal);
        var (prefix, suffix) = TemplateReader.Read(root["post_processor"], Find);
        var preTokenizer = StepReader.ReadPreTokenizers(root["pre_tokenizer"], out var spellsBytes);
        return new TokenizerParts(
            added, StepReader.ReadNormalizer(root["normalizer"]), preTokenizer, model, new WordSpeller(model, spellsBytes),
            root["decoder"].IsNull ? new FuseDecoder() : StepReader.ReadDecoder(root["decoder"]), prefix, suffix);

        int? Find(string token) => ids.TryGetValue(token, out var id) || model.TryGetId(token, out id) ? id : null;
    }

    private static AddedToken ReadAdded(JsonNode node) => new(
        node.Required("id").Integer(0, 4_000_000), node.Required("content").Text(), node["special"].Flag(false),
        node["lstrip"].Flag(false), node["rstrip"].Flag(false), node["single_word"].Flag(false), node["normalized"].Flag(false));

    private static void RequireUnique(List<AddedToken> added)
    {
        if (added.CountBy(token => token.Id).FirstOrDefault(pair => pair.Value > 1) is { Value: > 1 } id)
        {
            throw new InvalidDataException($"tokenizer.json: added_tokens has the id {id.Key} {id.Value} times.");
        }

        if (added.CountBy(token => token.Content).FirstOrDefault(pair => pair.Value > 1) is { Value: > 1 } content)
        {
            throw new InvalidDataException($"tokenizer.json: added_tokens has '{JsonNode.Shown(content.Key)}' {content.Value} times.");
        }
    }

    /// <summary>Ends with an error where a file goes on past its limit.</summary>
    private sealed class BoundedStream(Stream inner, long limit) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            _read += read;
            return _read <= limit ? read : throw new InvalidDataException($"tokenizer.json has more than {limit} bytes, the limit.");
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
