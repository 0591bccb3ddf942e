using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training.Decoder;

namespace RagPlatform.FineTuning.Tests.Decoding;

/// <summary>stories260K of llama2.c as a folder in Hugging Face's layout, in memory: weights, configuration and tokenizer.json.</summary>
internal sealed class StoriesFolder : IModelFiles
{
    private const int FirstPiece = 259;

    private readonly Dictionary<string, MemoryStream> files = new(StringComparer.Ordinal);

    /// <param name="path">With stories260K.bin and tok512.bin.</param>
    public static StoriesFolder Read(string path)
    {
        var folder = new StoriesFolder();
        using (var decoder = TrainableDecoder.LoadLlama2c(File.OpenRead(Path.Combine(path, "stories260K.bin")), new DecoderTuning { Rank = 1 }, seed: 0, threads: 1))
        {
            // Pairs begin as nothing: what is merged is the checkpoint itself.
            MergedDecoderWriter.Write(decoder, null, name => folder.files[name] = new MemoryStream());
        }

        folder.files["tokenizer.json"] = new MemoryStream(Encoding.UTF8.GetBytes(Tokenizer(Path.Combine(path, "tok512.bin")).ToJsonString()));
        return folder;
    }

    public bool Exists(string name) => files.ContainsKey(name);

    public Stream Open(string name) => new MemoryStream(files[name].ToArray(), writable: false);

    /// <summary>llama2.c's file: the longest token's length, then score, length and bytes of each; the best score is merged first.</summary>
    private static JsonObject Tokenizer(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        reader.ReadInt32();
        var (vocabulary, pieces) = (new JsonObject(), new List<string>());
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            reader.ReadSingle();
            var text = Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadInt32())).Replace(' ', '▁');
            var id = vocabulary.Count;
            vocabulary[id switch { 0 => "<unk>", 1 => "<s>", 2 => "</s>", < FirstPiece => $"<0x{id - 3:X2}>", _ => text }] = id;
            pieces.AddRange(id < FirstPiece ? [] : [text]);
        }

        var known = pieces.ToHashSet(StringComparer.Ordinal);
        // Pieces come by their score, best first.
        var merges = pieces.Where(piece => piece.Length > 1).SelectMany(piece => Enumerable.Range(1, piece.Length - 1)
            .Where(at => known.Contains(piece[..at]) && known.Contains(piece[at..])).Select(at => (JsonNode)$"{piece[..at]} {piece[at..]}"));
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added(0, "<unk>"), Added(1, "<s>"), Added(2, "</s>")),
            ["normalizer"] = JsonNode.Parse("""{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}"""),
            ["decoder"] = JsonNode.Parse("""{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["vocab"] = vocabulary, ["unk_token"] = "<unk>", ["fuse_unk"] = true, ["byte_fallback"] = true, ["merges"] = new JsonArray([.. merges]),
            },
        };
    }

    private static JsonObject Added(int id, string content) => new()
    {
        ["id"] = id, ["content"] = content, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
    };
}
