using RagPlatform.Numerics.Threads;

namespace RagPlatform.Numerics.Tests;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Run_ManyRoundsOfAnySize_DoesEveryPieceOnce(int threads)
    {
        using var team = new ThreadTeam(threads);
        var random = new Random(threads);
        var counts = new int[40];
        for (var round = 0; round < 3000; round++)
        {
            var pieces = random.Next(counts.Length + 1);
            Array.Clear(counts);
            team.Run(pieces, new Work((thread, piece) =>
            {
                thread.ShouldBeInRange(0, threads - 1);
                Interlocked.Increment(ref counts[piece]);
            }));
            counts[..pieces].ShouldAllBe(count => count == 1);
            counts[pieces..].ShouldAllBe(count => count == 0);
        }
    }

    [Fact]
    public void Run_PiecesThatWaitForEachOther_AreDoneByDifferentThreads()
    {
        using var team = new ThreadTeam(3);
        using var barrier = new Barrier(3);
        var threads = new int[3];
        for (var round = 0; round < 20; round++)
        {
            team.Run(3, new Work((thread, piece) =>
            {
                threads[piece] = thread;
                barrier.SignalAndWait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
            }));
            threads.Order().ShouldBe([0, 1, 2]);
        }
    }

    [Fact]
    public void Run_PieceThrows_IsRethrownOnceTheOthersAreDone()
    {
        using var team = new ThreadTeam(2);
        for (var round = 0; round < 50; round++)
        {
            var done = 0;
            Should.Throw<InvalidOperationException>(() => team.Run(20, new Work((_, piece) =>
            {
                if (piece == 7)
                {
                    throw new InvalidOperationException("seven");
                }
                Interlocked.Increment(ref done);
            }))).Message.ShouldBe("seven");
            done.ShouldBe(19);
            team.Run(2, new Work((_, _) => { }));
        }
    }

    [Fact]
    public void Run_ArgumentsOutOfRange_AreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new ThreadTeam(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new ThreadTeam(ThreadTeam.MaxThreads + 1));
        var team = new ThreadTeam(2);
        Should.Throw<ArgumentOutOfRangeException>(() => team.Run(-1, new Work((_, _) => { })));
        team.Run(0, new Work((_, _) => throw new InvalidOperationException()));
        team.Dispose();
        Should.Throw<ObjectDisposedException>(() => team.Run(1, new Work((_, _) => { })));
    }

    private sealed class Work(Action<int, int> act) : ITeamWork
    {
        public void Do(int thread, int piece) => act(thread, piece);
    }
}
