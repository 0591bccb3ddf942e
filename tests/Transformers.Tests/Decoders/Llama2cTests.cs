using System.Text.Json;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Tests.Decoders;

/// <summary>A real model of llama2.c, stories260K, and damaged copies of it.</summary>
public sealed class Llama2cTests
{
    private const int Begin = 1;
    private const int Tokens = 256;

    private static readonly byte[] File = System.IO.File.ReadAllBytes(PathOf("stories260K.bin"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Append_Greedily_ContinuesAsLlama2cDoes(int threads)
    {
        var expected = Expected();
        expected.Length.ShouldBe(Tokens);
        var decoder = Decoder.LoadLlama2c(new MemoryStream(File));
        using var session = new DecoderSession(decoder, decoder.MaxPositions, threads: threads);
        Greedy(session, Begin, Tokens).ShouldBe(expected);
    }

    [Fact]
    public void Fixture_Greedily_IsWhatTheReferenceComputes() =>
        new ReferenceLlama2c(File).Greedy(Begin, Tokens).ShouldBe(Expected());

    [Fact]
    public void Append_PromptAtOnce_ContinuesAsTokenByToken()
    {
        var expected = Expected();
        var decoder = Decoder.LoadLlama2c(new MemoryStream(File));
        using var session = new DecoderSession(decoder, decoder.MaxPositions);
        int[] prompt = [Begin, .. expected[..100]];
        var next = Highest(session.Append(prompt, CancellationToken.None));
        next.ShouldBe(expected[100]);
        Greedy(session, next, 100).ShouldBe(expected[101..201]);
    }

    [Fact]
    public void LoadLlama2c_EveryTruncation_IsRefused()
    {
        for (var length = 0; length < File.Length; length += length < 64 ? 1 : 9973)
        {
            Should.Throw<InvalidDataException>(() => Decoder.LoadLlama2c(new MemoryStream(File[..length])), $"{length} bytes");
        }
        Should.Throw<InvalidDataException>(() => Decoder.LoadLlama2c(new MemoryStream([.. File, 0])));
    }

    [Theory]
    [InlineData(0, 0, "dim")]
    [InlineData(0, int.MaxValue, "dim")]
    [InlineData(1, -1, "hidden_dim")]
    [InlineData(2, 1025, "n_layers")]
    [InlineData(3, 7, "n_heads")]
    [InlineData(4, 9, "n_kv_heads")]
    [InlineData(5, 0, "vocab_size")]
    [InlineData(5, 1, "vocab_size")]
    [InlineData(5, int.MinValue, "vocab_size")]
    [InlineData(6, 0, "seq_len")]
    [InlineData(6, 511, "asks for")]
    public void LoadLlama2c_HostileHeader_NamesTheField(int field, int value, string named)
    {
        var damaged = File.ToArray();
        BitConverter.GetBytes(value).CopyTo(damaged, 4 * field);
        Should.Throw<InvalidDataException>(() => Decoder.LoadLlama2c(new MemoryStream(damaged))).Message.ShouldContain(named);
    }

    private static int[] Greedy(DecoderSession session, int first, int count)
    {
        var ids = new int[count];
        var token = first;
        for (var i = 0; i < count; i++)
        {
            token = Highest(session.Append([token], CancellationToken.None));
            ids[i] = token;
        }
        return ids;
    }

    private static int Highest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private static int[] Expected() => JsonSerializer.Deserialize<int[]>(System.IO.File.ReadAllText(PathOf("greedy.json")))!;

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Reference", "stories260K", file);
}
