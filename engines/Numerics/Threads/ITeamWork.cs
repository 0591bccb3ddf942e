namespace RagPlatform.Numerics.Threads;

/// <summary>Work in pieces that any thread may do in any order.</summary>
public interface ITeamWork
{
    /// <param name="thread">Who does it, from 0: for scratch of its own.</param>
    /// <param name="piece">From 0.</param>
    void Do(int thread, int piece);
}
