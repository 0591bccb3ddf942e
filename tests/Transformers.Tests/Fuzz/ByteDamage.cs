using System.Buffers.Binary;

namespace RagPlatform.Transformers.Tests.Fuzz;

/// <summary>Damages any file without knowing what it is.</summary>
internal static class ByteDamage
{
    private static readonly long[] Extremes =
        [0, -1, 1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 0x7FFF_FFF0, 1 << 30, 100_000_001, 255, 65_536];

    public static byte[] Damage(byte[] file, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            file = Once(file, random);
        }

        return file;
    }

    /// <summary>Puts an extreme number in the place of the one there.</summary>
    public static byte[] Inflate(byte[] file, int at, int size, Random random)
    {
        byte[] damaged = [.. file];
        var value = Extremes[random.Next(Extremes.Length)] + random.Next(-1, 2);
        if (size == 4)
        {
            BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(at), unchecked((int)value));
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(at), value);
        }

        return damaged;
    }

    private static byte[] Once(byte[] file, Random random)
    {
        if (file.Length < 16)
        {
            return [.. file, (byte)random.Next(256)];
        }

        var (at, length) = (random.Next(file.Length), random.Next(1, 64));
        var end = Math.Min(file.Length, at + length);
        switch (random.Next(8))
        {
            case 0:
                return file[..at];
            case 1:
                return [.. file[..at], .. file[end..]];
            case 2:
                return [.. file[..end], .. file[at..]];
            case 3:
                var more = new byte[length];
                random.NextBytes(more);
                return [.. file[..at], .. more, .. file[at..]];
            case 4:
                return Inflate(file, random.Next(file.Length - 8), random.Next(2) == 0 ? 4 : 8, random);
            case 5:
                byte[] filled = [.. file];
                filled.AsSpan(at, end - at).Fill((byte)(random.Next(3) * 127));
                return filled;
            default:
                byte[] flipped = [.. file];
                for (var flips = random.Next(1, 9); flips > 0; flips--)
                {
                    flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                }

                return flipped;
        }
    }
}
