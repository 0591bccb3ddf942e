using System.Security.Cryptography;

namespace RagPlatform.Embedding.Models;

/// <summary>What became of comparing a file with its pin.</summary>
public enum FileCheckOutcome
{
    AsPinned,
    Different,
    Missing,
    /// <summary>There is nothing to compare it with.</summary>
    NotPinned,
}

/// <param name="File">Within the model's folder.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Expected">The pinned SHA-256, and the size where that differs; empty without a pin.</param>
/// <param name="Actual">The same of the file; empty where it is missing.</param>
public sealed record FileCheck(string File, FileCheckOutcome Outcome, string Expected, string Actual);

/// <summary>Reads files to their end, to see whether they are what they are pinned to.</summary>
internal static class PinnedFiles
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Lower-case hex SHA-256.</summary>
    /// <param name="path">Read once, front to back.</param>
    /// <param name="read">Told the bytes of each piece.</param>
    /// <param name="cancellationToken">Looked at between pieces.</param>
    public static async Task<string> HashAsync(string path, Action<int> read, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        var buffer = new byte[BufferBytes];
        int bytes;
        while ((bytes = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, bytes);
            read(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static async Task<FileCheck> CheckAsync(string folder, ModelFile pin, Action<int> read, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, pin.Name);
        if (new FileInfo(path) is not { Exists: true } info)
        {
            return new FileCheck(pin.Name, FileCheckOutcome.Missing, pin.Sha256, "");
        }

        var hash = await HashAsync(path, read, cancellationToken);
        return hash == pin.Sha256
            ? new FileCheck(pin.Name, FileCheckOutcome.AsPinned, pin.Sha256, hash)
            : info.Length == pin.Bytes
                ? new FileCheck(pin.Name, FileCheckOutcome.Different, pin.Sha256, hash)
                : new FileCheck(pin.Name, FileCheckOutcome.Different, $"{pin.Sha256}, {pin.Bytes} bytes", $"{hash}, {info.Length} bytes");
    }
}
