using System.Diagnostics;

namespace RagPlatform.Documents.Tests.Formats;

/// <summary>Damages a good document in many ways, the same ones each time.</summary>
internal static class Mutations
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Each damaged document is either read, and keeps the promises of all documents, or refused with a reason.</summary>
    public static void ShouldBeReadOrRefused(byte[] document, string contentType, int times, int seed = 20261120)
    {
        var random = new Random(seed);
        for (var i = 0; i < times; i++)
        {
            var damaged = Damage(document, random);
            var clock = Stopwatch.StartNew();
            try
            {
                Documents.Extract(damaged, contentType).ShouldKeepItsPromises();
            }
            catch (ExtractionException failure)
            {
                failure.Message.ShouldNotBeNullOrWhiteSpace();
                failure.Remedy.ShouldNotBeNullOrWhiteSpace();
            }
            catch (Exception failure) when (failure is not ShouldAssertException)
            {
                throw new ShouldAssertException($"seed {seed}, document {i}: {Convert.ToBase64String(damaged)}", failure);
            }

            clock.Elapsed.ShouldBeLessThan(Limit);
        }
    }

    private static byte[] Damage(byte[] document, Random random)
    {
        var bytes = document.ToList();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.Insert(at, "\0\"'<>{}[],;:=\\\n\r\t \xFF"u8.ToArray()[random.Next(20)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
