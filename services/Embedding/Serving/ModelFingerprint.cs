using System.Security.Cryptography;
using System.Text;
using RagPlatform.Embedding.Models;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>SHA-256 over a model's id, its precision and every file of its folder, by name: other weights or settings are another model.</summary>
internal static class ModelFingerprint
{
    private const int BufferBytes = 1024 * 1024;

    public static string Of(ModelFolder folder, WeightPrecision precision, CancellationToken cancellationToken)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(Encoding.UTF8.GetBytes($"{folder.Id}\0{precision}"));
        var buffer = new byte[BufferBytes];
        foreach (var path in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            all.AppendData(Encoding.UTF8.GetBytes($"\0{Path.GetRelativePath(folder.Path, path)}\0"));
            using var file = File.OpenRead(path);
            int read;
            while ((read = file.Read(buffer)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                all.AppendData(buffer.AsSpan(0, read));
            }
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}
