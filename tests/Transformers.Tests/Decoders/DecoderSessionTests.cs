using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Tests.Decoders;

public sealed class DecoderSessionTests
{
    private static readonly byte[] Stories = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "stories260K", "stories260K.bin"));

    private readonly Decoder decoder = Decoder.LoadLlama2c(new MemoryStream(Stories));

    /// <summary>Steps that cross the borders of blocks, of panels of keys and of blocks of keys.</summary>
    [Theory]
    [InlineData(1, 1, 500)]
    [InlineData(2, 255, 246)]
    [InlineData(2, 256, 245)]
    [InlineData(1, 47, 454)]
    [InlineData(2, 384, 117)]
    [InlineData(2, 385, 3)]
    public void Append_AnySteps_GivesTheSameLogitsBitForBit(int threads, int first, int second)
    {
        var ids = Ids(first + second);
        using var whole = new DecoderSession(decoder, ids.Length);
        var expected = whole.Append(ids, CancellationToken.None).ToArray();

        using var stepped = new DecoderSession(decoder, decoder.MaxPositions, threads: threads);
        stepped.Append(ids.AsSpan(0, first), CancellationToken.None);
        stepped.Append(ids.AsSpan(first), CancellationToken.None).ToArray().ShouldBe(expected);
        stepped.Length.ShouldBe(ids.Length);
    }

    [Fact]
    public void Append_AllLogits_AreThoseOfEachToken()
    {
        var ids = Ids(300);
        using var session = new DecoderSession(decoder, 300, threads: 2);
        var all = new float[ids.Length * decoder.VocabularySize];
        session.Append(ids, all, CancellationToken.None);
        session.Truncate(0);
        for (var i = 0; i < 300; i += 60)
        {
            session.Append(ids.AsSpan(session.Length, i + 1 - session.Length), CancellationToken.None).ToArray()
                .ShouldBe(all[(i * decoder.VocabularySize)..((i + 1) * decoder.VocabularySize)], $"position {i}");
        }
    }

    [Fact]
    public void Truncate_ToASharedPrefix_ContinuesAsAFreshSession()
    {
        var (prefix, one, other) = (Ids(100), Ids(30, seed: 2), Ids(40, seed: 3));
        using var fresh = new DecoderSession(decoder, 200);
        fresh.Append(prefix, CancellationToken.None);
        var expected = fresh.Append(other, CancellationToken.None).ToArray();

        using var reused = new DecoderSession(decoder, 200);
        reused.Append(prefix, CancellationToken.None);
        reused.Append(one, CancellationToken.None);
        reused.Truncate(prefix.Length);
        reused.Append(other, CancellationToken.None).ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Append_Cancelled_LeavesTheSessionAsItWas()
    {
        var (prefix, rest) = (Ids(20), Ids(30, seed: 2));
        using var session = new DecoderSession(decoder, 100);
        session.Append(prefix, CancellationToken.None);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Should.Throw<OperationCanceledException>(() => { session.Append(rest, cancelled.Token); });
        session.Length.ShouldBe(prefix.Length);

        var after = session.Append(rest, CancellationToken.None).ToArray();
        using var untouched = new DecoderSession(decoder, 100);
        untouched.Append([.. prefix, .. rest], CancellationToken.None).ToArray().ShouldBe(after);
    }

    [Fact]
    public void Append_MoreThanTheCapacity_IsRefusedAndChangesNothing()
    {
        using var session = new DecoderSession(decoder, 10);
        session.Append(Ids(8), CancellationToken.None);
        Should.Throw<ArgumentException>(() => { session.Append(Ids(3), CancellationToken.None); }).Message.ShouldContain("8 of at most 10");
        session.Append(Ids(2), CancellationToken.None);
        session.Length.ShouldBe(10);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(512)]
    [InlineData(int.MinValue)]
    public void Append_IdOutsideTheVocabulary_IsRefused(int id)
    {
        using var session = new DecoderSession(decoder, 10);
        Should.Throw<ArgumentException>(() => { session.Append([1, id], CancellationToken.None); }).Message.ShouldContain("512");
        session.Length.ShouldBe(0);
    }

    [Fact]
    public void Arguments_OutOfRange_AreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new DecoderSession(decoder, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new DecoderSession(decoder, decoder.MaxPositions + 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new DecoderSession(decoder, 10, threads: 0));
        using var session = new DecoderSession(decoder, 10);
        Should.Throw<ArgumentException>(() => { session.Append([], CancellationToken.None); });
        Should.Throw<ArgumentException>(() => session.Append([1], new float[3], CancellationToken.None));
        Should.Throw<ArgumentOutOfRangeException>(() => session.Truncate(1));
        Should.Throw<ArgumentOutOfRangeException>(() => session.Truncate(-1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Append_TokenByToken_AllocatesNothing(int threads)
    {
        using var session = new DecoderSession(decoder, 200, threads: threads);
        int[] token = [1];
        // The runtime may allocate on this thread while it compiles: the least of several rounds is the engine's own.
        var least = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 30; i++)
            {
                session.Append(token, CancellationToken.None);
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        least.ShouldBe(0);
    }

    [Fact]
    public void Append_ManySessionsAtOnce_DoNotDisturbEachOther()
    {
        var expected = new float[8][];
        for (var i = 0; i < expected.Length; i++)
        {
            using var alone = new DecoderSession(decoder, 64);
            expected[i] = alone.Append(Ids(50, seed: i), CancellationToken.None).ToArray();
        }
        Parallel.For(0, expected.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using var session = new DecoderSession(decoder, 64, threads: 2);
            session.Append(Ids(50, seed: i), CancellationToken.None).ToArray().ShouldBe(expected[i]);
        });
    }

    [Fact]
    public void Dispose_Twice_EndsItsThreads()
    {
        var session = new DecoderSession(decoder, 10, threads: 4);
        session.Append([1], CancellationToken.None);
        session.Dispose();
        session.Dispose();
        Should.Throw<ObjectDisposedException>(() => { session.Append([1], CancellationToken.None); });
    }

    private int[] Ids(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(decoder.VocabularySize))];
    }
}
