using System.Security.Cryptography;

namespace RagPlatform.CommandLine.Watch;

/// <summary>A file's bytes as they were between two equal stamps.</summary>
/// <param name="Bytes">The whole file.</param>
/// <param name="Hash">SHA-256, its first 32 hex digits.</param>
internal sealed record FileContent(byte[] Bytes, string Hash)
{
    /// <summary>What the platform takes of one document at most, however it is set.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <returns>Null when the file changed while it was read: it is to be read again later.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static async Task<FileContent?> ReadAsync(ScannedFile file, CancellationToken cancellationToken)
    {
        var stream = new FileStream(file.Path, new FileStreamOptions
        {
            Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });
        await using (stream.ConfigureAwait(false))
        {
            if (StampOf(stream) != file.Stamp)
            {
                return null;
            }

            var bytes = new byte[file.Stamp.Bytes];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return length == bytes.Length && StampOf(stream) == file.Stamp
                ? new FileContent(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16)))
                : null;
        }
    }

    private static FileStamp StampOf(FileStream stream) => new(stream.Length, new DateTimeOffset(File.GetLastWriteTimeUtc(stream.SafeFileHandle)));
}
