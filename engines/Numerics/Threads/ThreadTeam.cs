using System.Runtime.ExceptionServices;

namespace RagPlatform.Numerics.Threads;

/// <summary>
/// Threads that share out pieces of work too short for the thread pool: a token of a small decoder has hundreds of
/// rounds of microseconds. Between rounds they spin for a while, then sleep. The caller is one of them and does
/// alone what no other thread comes for, so a round never waits for a thread that the machine does not run.
/// </summary>
/// <remarks>
/// One caller at a time. Allocates nothing per round. <see cref="Dispose"/> ends the threads, or gives them back to the
/// thread pool.
/// </remarks>
public sealed class ThreadTeam : IDisposable
{
    public const int MaxThreads = 256;

    private const long NextMask = (1L << 32) - 1;

    /// <summary>About 50 microseconds: longer than the gaps within a token, shorter than a time slice.</summary>
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] owned;
    private int joined;
    private readonly SemaphoreSlim wake = new(0);
    private ITeamWork work = NoWork.Instance;

    // Pieces of the round in the upper half, the next piece to take in the lower, so that one atomic addition both
    // takes a piece and says of how many: a thread that comes late can not take a new round's count for an old one's.
    private long round;
    private int unfinished;
    private int sleeping;
    private volatile bool ended;
    private Exception? failure;

    /// <summary>A team with threads of its own, for long use.</summary>
    /// <param name="threads">The caller included; from 1 to <see cref="MaxThreads"/>.</param>
    public ThreadTeam(int threads)
        : this(threads, new Thread[Math.Max(0, threads - 1)])
    {
        for (var i = 0; i < owned.Length; i++)
        {
            var thread = i + 1;
            owned[i] = new Thread(() => Serve(thread)) { IsBackground = true, Name = $"decoder {thread}" };
            owned[i].Start();
        }
    }

    private ThreadTeam(int threads, Thread[] owned)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MaxThreads);
        (Threads, this.owned) = (threads, owned);
    }

    /// <summary>A team of the thread pool's threads, for a few milliseconds: they join when the pool has them to spare.</summary>
    /// <param name="threads">The caller included; from 1 to <see cref="MaxThreads"/>.</param>
    public static ThreadTeam OnPool(int threads)
    {
        var team = new ThreadTeam(threads, []);
        for (var i = 1; i < threads; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static team => team.Serve(Interlocked.Increment(ref team.joined)), team, preferLocal: false);
        }
        return team;
    }

    /// <summary>The caller included.</summary>
    public int Threads { get; }

    /// <summary>Does every piece once and returns when all are done.</summary>
    /// <param name="pieces">At least 0.</param>
    /// <param name="teamWork">An exception of a piece is rethrown here once the others have ended.</param>
    public void Run(int pieces, ITeamWork teamWork)
    {
        ArgumentNullException.ThrowIfNull(teamWork);
        ArgumentOutOfRangeException.ThrowIfNegative(pieces);
        ObjectDisposedException.ThrowIf(ended, this);
        if (Threads == 1 || pieces <= 1)
        {
            for (var piece = 0; piece < pieces; piece++)
            {
                teamWork.Do(0, piece);
            }
            return;
        }
        work = teamWork;
        unfinished = pieces;
        Interlocked.Exchange(ref round, (long)pieces << 32);
        var sleepers = Interlocked.Exchange(ref sleeping, 0);
        if (sleepers > 0)
        {
            wake.Release(sleepers);
        }
        Take(0);
        var spin = new SpinWait();
        while (Volatile.Read(ref unfinished) > 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
        work = NoWork.Instance;
        if (failure is { } thrown)
        {
            failure = null;
            ExceptionDispatchInfo.Throw(thrown);
        }
    }

    public void Dispose()
    {
        if (!ended)
        {
            ended = true;
            // Never disposed: without a wait handle it holds nothing, and a thread of the pool may come to it late.
            wake.Release(Threads);
            foreach (var thread in owned)
            {
                thread.Join();
            }
        }
    }

    private void Serve(int thread)
    {
        var spins = 0;
        while (!ended)
        {
            if (HasWork(Volatile.Read(ref round)))
            {
                Take(thread);
                spins = 0;
            }
            else if (++spins < SpinsBeforeSleep)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Interlocked.Increment(ref sleeping);
                // Work that came before the line above was read wakes nobody; later work does.
                if (!HasWork(Volatile.Read(ref round)))
                {
                    wake.Wait();
                }
                spins = 0;
            }
        }
    }

    private void Take(int thread)
    {
        // Counted here and told once, because every write to what threads share costs the others a cache miss. All
        // pieces are of one round: the next cannot begin before these are told.
        var done = 0;
        for (var taken = Interlocked.Increment(ref round) - 1; HasWork(taken); taken = Interlocked.Increment(ref round) - 1)
        {
            try
            {
                work.Do(thread, (int)(taken & NextMask));
            }
            catch (Exception exception)
            {
                failure ??= exception;
            }
            done++;
        }
        if (done > 0)
        {
            Interlocked.Add(ref unfinished, -done);
        }
    }

    private static bool HasWork(long state) => (state & NextMask) < state >> 32;

    private sealed class NoWork : ITeamWork
    {
        public static readonly NoWork Instance = new();

        public void Do(int thread, int piece) => throw new InvalidOperationException("There is no round.");
    }
}
