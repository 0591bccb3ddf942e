namespace RagPlatform.CommandLine;

/// <summary>What scripts can tell apart. Documented in <c>rag --help</c>.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>The documents do not hold the answer, nothing matched, or what was named is not there.</summary>
    public const int NothingFound = 3;

    /// <summary>No platform answers.</summary>
    public const int NotRunning = 4;

    /// <summary>Ended by Ctrl-C; 128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;

    public const string Explanation = "0 done · 1 failed · 2 wrong usage · 3 abstained, or nothing found · 4 the platform is not running · 130 interrupted";
}
