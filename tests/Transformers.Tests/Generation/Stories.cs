using RagPlatform.Transformers.Constraints;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Generation;

namespace RagPlatform.Transformers.Tests.Generation;

/// <summary>stories260K of llama2.c, with its vocabulary: a real model, if a small one.</summary>
internal static class Stories
{
    public const int Begin = 1;

    private static readonly Lazy<TextGenerator> Loaded = new(() => new TextGenerator(
        Decoder.LoadLlama2c(new MemoryStream(File.ReadAllBytes(PathOf("stories260K.bin")))), ReadTokens()));

    public static TextGenerator Generator => Loaded.Value;

    public static DecoderSession Session(int capacity = 256) => new(Generator.Decoder, capacity);

    /// <summary>llama2.c's tokenizer file: the longest token's length, then score, length and bytes of each token.</summary>
    private static TokenTexts ReadTokens()
    {
        using var reader = new BinaryReader(File.OpenRead(PathOf("tok512.bin")));
        reader.ReadInt32();
        var texts = new List<byte[]?>();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            reader.ReadSingle();
            var text = reader.ReadBytes(reader.ReadInt32());
            // <unk>, <s> and </s>, then the 256 bytes by name.
            texts.Add(texts.Count < 3 ? null : texts.Count < 259 ? [(byte)(texts.Count - 3)] : text);
        }

        return new TokenTexts(texts);
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Reference", "stories260K", file);
}
