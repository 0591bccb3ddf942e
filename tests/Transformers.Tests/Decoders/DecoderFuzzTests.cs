using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Decoders;

/// <summary>Damaged files end in a clear error or in a model that can be run, never in anything else.</summary>
public sealed class DecoderFuzzTests
{
    [Fact]
    public void Load_DamagedModel_IsRefusedOrRuns()
    {
        var random = new Random(4);
        var refused = 0;
        for (var round = 0; round < 1500; round++)
        {
            var files = Copy(ReferenceDecoder.Of(round % 2 == 0 ? "qwen3" : "yarn").Files);
            Damage(files.Files[round % 3 == 0 ? "model.safetensors" : "config.json"], random);
            refused += Try(() =>
            {
                var decoder = Decoder.Load(files);
                using var session = new DecoderSession(decoder, Math.Min(8, decoder.MaxPositions));
                session.Append([0], CancellationToken.None);
            });
        }
        refused.ShouldBeInRange(300, 1499);
    }

    [Fact]
    public void LoadAdapter_Damaged_IsRefusedOrRuns()
    {
        var decoder = ReferenceDecoder.Of("llama").Load();
        var random = new Random(5);
        var refused = 0;
        for (var round = 0; round < 1500; round++)
        {
            var files = new TinyAdapter(1, 3, ["q_proj", "down_proj"]).Files();
            Damage(files.Files[round % 2 == 0 ? "adapter_model.safetensors" : "adapter_config.json"], random);
            refused += Try(() =>
            {
                using var session = new DecoderSession(decoder, 8, LoraAdapter.Load(files, decoder));
                session.Append([0], CancellationToken.None);
            });
        }
        refused.ShouldBeInRange(300, 1499);
    }

    /// <summary>Any appending and cutting leaves what appending the same tokens at once leaves.</summary>
    [Fact]
    public void Session_AnySteps_EqualsAFreshOne()
    {
        var decoder = ReferenceDecoder.Of("llama3").Load();
        var step = Gen.Choose(-20, 30);
        Prop.ForAll(step.ListOf().ToArbitrary(), steps =>
        {
            using var session = new DecoderSession(decoder, decoder.MaxPositions, threads: 2);
            var ids = new List<int>();
            foreach (var count in steps)
            {
                if (count <= 0)
                {
                    session.Truncate(Math.Max(0, session.Length + count));
                    ids.RemoveRange(session.Length, ids.Count - session.Length);
                }
                else if (count <= session.Capacity - session.Length)
                {
                    int[] more = [.. Enumerable.Range(ids.Count, count).Select(i => i * 11 % decoder.VocabularySize)];
                    session.Append(more, CancellationToken.None);
                    ids.AddRange(more);
                }
            }
            if (ids.Count == session.Capacity)
            {
                return true;
            }
            using var fresh = new DecoderSession(decoder, decoder.MaxPositions);
            return fresh.Append([.. ids, 3], CancellationToken.None).SequenceEqual(session.Append([3], CancellationToken.None));
        }).QuickCheckThrowOnFailure();
    }

    private static void Damage(byte[] file, Random random)
    {
        for (var flips = random.Next(1, 4); flips > 0; flips--)
        {
            file[random.Next(Math.Min(file.Length, 4096))] = (byte)random.Next(256);
        }
    }

    private static int Try(Action load)
    {
        try
        {
            load();
            return 0;
        }
        catch (InvalidDataException exception)
        {
            exception.Message.ShouldNotBeEmpty();
            return 1;
        }
    }

    private static MemoryModelFiles Copy(MemoryModelFiles files)
    {
        var copy = new MemoryModelFiles();
        foreach (var (name, bytes) in files.Files)
        {
            copy.Files[name] = [.. bytes];
        }
        return copy;
    }
}
