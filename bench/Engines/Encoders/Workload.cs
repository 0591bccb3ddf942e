using System.Text.Json;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Engines.Encoders;

/// <summary>Texts to embed, longest first: batches of neighbours waste the least on the peer's padding.</summary>
internal sealed record Workload(string Name, EncodedText[] Texts)
{
    private const int CutTokens = 128;

    public double MeanTokens => Texts.Average(text => text.Ids.Length);

    /// <summary>So many chunks of the corpus, evenly spread, as the platform embeds them.</summary>
    /// <param name="path">JSON Lines as the corpus verb writes them.</param>
    public static Workload Chunks(string path, int count, SentenceEncoder model)
    {
        var lines = File.ReadAllLines(path);
        var texts = Enumerable.Range(0, count).Select(i => Read(lines[(int)((long)i * lines.Length / count)], model));
        return new Workload("chunks as they come", Sorted(texts));
    }

    /// <summary>Chunks of the corpus that are long enough, cut to 128 tokens.</summary>
    public static Workload Cut(string path, int count, SentenceEncoder model)
    {
        var texts = File.ReadLines(path).Select(line => Read(line, model)).Where(text => text.Ids.Length >= CutTokens).Take(count);
        return new Workload($"{CutTokens} tokens each", [.. texts.Select(text => new EncodedText([.. text.Ids[..(CutTokens - 1)], text.Ids[^1]], 0))]);
    }

    public EncodedText[][] Batches(int size) => [.. Texts.Chunk(size)];

    /// <summary>Writes the batches for the peer.</summary>
    public string Write(int size, string folder)
    {
        var path = Path.Combine(folder, $"{Name}, {Texts.Length} by {size}.json");
        File.WriteAllText(path, JsonSerializer.Serialize(Batches(size).Select(batch => batch.Select(text => text.Ids))));
        return path;
    }

    private static EncodedText[] Sorted(IEnumerable<EncodedText> texts) => [.. texts.OrderByDescending(text => text.Ids.Length)];

    private static EncodedText Read(string line, SentenceEncoder model)
    {
        var chunk = JsonSerializer.Deserialize<Chunk>(line, JsonSerializerOptions.Web)!;
        return model.Encode(PassageText.Compose(chunk.Title, chunk.Headings, chunk.Text, model), TextKind.Passage);
    }

    private sealed record Chunk(string Title, IReadOnlyList<string> Headings, string Text);
}
