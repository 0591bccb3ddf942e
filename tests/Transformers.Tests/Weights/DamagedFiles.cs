namespace RagPlatform.Transformers.Tests.Weights;

/// <summary>A reader of damaged files must read them or refuse them with InvalidDataException, and nothing else.</summary>
internal static class DamagedFiles
{
    /// <summary>Cuts the file at every length; every cut must be refused.</summary>
    public static void RefusesEveryPrefix(byte[] file, Action<byte[]> readAll)
    {
        for (var length = 0; length < file.Length; length++)
        {
            Should.Throw<InvalidDataException>(() => readAll(file[..length]), $"cut at {length} of {file.Length}")
                .Message.ShouldNotBeNullOrWhiteSpace();
        }
    }

    /// <summary>Changes one to four bytes at a time, at random from a fixed seed.</summary>
    public static void SurvivesFlips(byte[] file, int seed, int rounds, Action<byte[]> readAll)
    {
        var random = new Random(seed);
        for (var round = 0; round < rounds; round++)
        {
            byte[] damaged = [.. file];
            for (var flips = random.Next(1, 5); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }
            try
            {
                readAll(damaged);
            }
            catch (InvalidDataException exception)
            {
                exception.Message.ShouldNotBeNullOrWhiteSpace();
            }
        }
    }
}
