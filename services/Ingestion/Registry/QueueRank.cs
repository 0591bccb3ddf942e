namespace RagPlatform.Ingestion.Registry;

/// <summary>
/// The order within a collection: small documents first, large ones not for ever last. A document is put behind those that
/// came after it by a minute for each mebibyte, ten at most: the time that has passed makes up for the size, so that nothing
/// is overtaken by what came more than ten minutes later. A rank never changes, so an index can hold it.
/// </summary>
internal static class QueueRank
{
    public const long MillisecondsPerMebibyte = 60_000;
    public const long MaxHandicapMilliseconds = 600_000;

    /// <param name="receivedAt">Unix milliseconds.</param>
    /// <param name="contentBytes">Of the content.</param>
    /// <returns>Lower comes first.</returns>
    public static long Of(long receivedAt, long contentBytes) =>
        receivedAt + Math.Min(contentBytes * MillisecondsPerMebibyte / (1024 * 1024), MaxHandicapMilliseconds);
}
