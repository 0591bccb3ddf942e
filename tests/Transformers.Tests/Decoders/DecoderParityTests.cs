using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Tests.Decoders;

/// <summary>Every kind of decoder that is built against what PyTorch computes with the same weights.</summary>
public sealed class DecoderParityTests
{
    public static TheoryData<string> Cases => ["llama", "linear", "dynamic", "llama3", "yarn", "qwen2", "qwen3"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Append_AllPositions_EqualsPyTorch(string name)
    {
        var reference = ReferenceDecoder.Of(name);
        var decoder = reference.Load();
        using var session = new DecoderSession(decoder, reference.Ids.Length, threads: 2);
        var logits = new float[reference.Logits.Length];
        session.Append(reference.Ids, logits, CancellationToken.None);

        var largest = reference.Logits.Max(Math.Abs);
        for (var i = 0; i < logits.Length; i++)
        {
            Math.Abs(logits[i] - reference.Logits[i]).ShouldBeLessThan(
                2e-5f * largest, $"position {i / decoder.VocabularySize}, token {i % decoder.VocabularySize}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Append_TokenByToken_EqualsAllAtOnceBitForBit(string name)
    {
        var reference = ReferenceDecoder.Of(name);
        var decoder = reference.Load();
        using var whole = new DecoderSession(decoder, reference.Ids.Length);
        var expected = new float[reference.Logits.Length];
        whole.Append(reference.Ids, expected, CancellationToken.None);

        using var stepped = new DecoderSession(decoder, reference.Ids.Length, threads: 2);
        for (var i = 0; i < reference.Ids.Length; i++)
        {
            stepped.Append([reference.Ids[i]], CancellationToken.None).ToArray()
                .ShouldBe(expected[(i * decoder.VocabularySize)..((i + 1) * decoder.VocabularySize)], $"position {i}");
        }
    }

    [Theory]
    [InlineData(WeightStorage.Float32, 2e-5f)]
    [InlineData(WeightStorage.Float16, 0.01f)]
    [InlineData(WeightStorage.BFloat16, 0.08f)]
    public void Load_AnotherStorage_StaysWithinItsRounding(WeightStorage storage, float tolerance)
    {
        var reference = ReferenceDecoder.Of("llama");
        var decoder = reference.Load(storage);
        using var session = new DecoderSession(decoder, reference.Ids.Length);
        var logits = new float[reference.Logits.Length];
        session.Append(reference.Ids, logits, CancellationToken.None);
        var largest = reference.Logits.Max(Math.Abs);
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i].ShouldBe(reference.Logits[i], tolerance * largest);
        }
    }

    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Load_SixteenBitFileIntoFp32_GivesTheSameLogitsBitForBit(string name)
    {
        var reference = ReferenceDecoder.Of(name);
        var (stored, widened) = (reference.Load(), reference.Load(WeightStorage.Float32));
        stored.WeightBytes.ShouldBe(widened.WeightBytes / 2);
        using var one = new DecoderSession(stored, reference.Ids.Length);
        using var other = new DecoderSession(widened, reference.Ids.Length);
        one.Append(reference.Ids, CancellationToken.None).ToArray().ShouldBe(other.Append(reference.Ids, CancellationToken.None).ToArray());
        one.Truncate(5);
        other.Truncate(5);
        one.Append([3], CancellationToken.None).ToArray().ShouldBe(other.Append([3], CancellationToken.None).ToArray());
    }

    [Fact]
    public void Load_ValueBeyondTheStorage_IsRefused()
    {
        var reference = ReferenceDecoder.Of("llama");
        var file = reference.Files.Files["model.safetensors"];
        // The embeddings come first, after the head.
        BitConverter.GetBytes(1e6f).CopyTo(file, 8 + (int)BitConverter.ToInt64(file));
        reference.Load(WeightStorage.BFloat16).VocabularySize.ShouldBe(40);
        Should.Throw<InvalidDataException>(() => reference.Load(WeightStorage.Float16)).Message.ShouldContain("1000000");
    }
}
