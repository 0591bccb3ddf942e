namespace RagPlatform.Documents;

/// <summary>Tells a TAR by the checksum of its first header, which all its dialects have (POSIX.1-1988, 10.1.1).</summary>
internal static class TarHeader
{
    public const int Bytes = 512;

    private const int ChecksumOffset = 148;
    private const int ChecksumBytes = 8;

    public static bool IsHeader(ReadOnlySpan<byte> content)
    {
        if (content.Length < Bytes || content[0] == 0)
        {
            return false;
        }

        var sum = ChecksumBytes * (int)' ';
        for (var i = 0; i < Bytes; i++)
        {
            sum += i is >= ChecksumOffset and < ChecksumOffset + ChecksumBytes ? 0 : content[i];
        }

        return Octal(content.Slice(ChecksumOffset, ChecksumBytes)) == sum;
    }

    private static int Octal(ReadOnlySpan<byte> field)
    {
        var value = 0;
        var digits = 0;
        foreach (var character in field.TrimStart((byte)' '))
        {
            if (character is < (byte)'0' or > (byte)'7')
            {
                break;
            }

            value = (8 * value) + character - '0';
            digits++;
        }

        return digits > 0 ? value : -1;
    }
}
