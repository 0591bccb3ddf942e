using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// The container of Office files before 2007 and of encrypted ones since ([MS-CFB], [MS-OFFCRYPTO] 2.3). None can be read here,
/// but what it holds tells which remedy helps.
/// </summary>
internal static class CompoundFile
{
    /// <summary>Names of streams that tell what the file is, as its directory spells them.</summary>
    private static readonly (string Stream, string Format, string Remedy)[] Kinds =
    [
        ("WordDocument", "a Word document of before 2007 (.doc)", "Open it in Word and save it as DOCX."),
        ("Workbook", "an Excel workbook of before 2007 (.xls)", "Open it in Excel and save it as XLSX."),
        ("Book", "an Excel workbook of before 1997 (.xls)", "Open it in Excel and save it as XLSX."),
        ("PowerPoint Document", "a PowerPoint presentation of before 2007 (.ppt)", "Open it in PowerPoint and save it as PPTX."),
        ("__substg1.0_", "an Outlook message (.msg)", "Save it as .eml."),
    ];

    public static bool IsCompound(ReadOnlySpan<byte> content) => content.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);

    /// <exception cref="ExtractionException">Encrypted or UnsupportedContentType, when it is one.</exception>
    public static void ThrowIfCompound(ReadOnlySpan<byte> content)
    {
        if (IsCompound(content))
        {
            throw Failure(content);
        }
    }

    private static ExtractionException Failure(ReadOnlySpan<byte> content)
    {
        if (Holds(content, "EncryptedPackage"))
        {
            return new ExtractionException(
                ExtractionErrorCode.Encrypted,
                "content is an Office file that asks for a password.",
                "Open it, remove the password (File, Info, Protect) and send it again.");
        }

        foreach (var (stream, format, remedy) in Kinds)
        {
            if (Holds(content, stream))
            {
                return new ExtractionException(ExtractionErrorCode.UnsupportedContentType, $"content is {format}, which is not read.", remedy);
            }
        }

        return new ExtractionException(
            ExtractionErrorCode.UnsupportedContentType,
            "content is an OLE compound file, as Office programs of before 2007 and others write it, which is not read.",
            "Save it in the current format of its program: DOCX, XLSX or PPTX.");
    }

    /// <summary>Directory entries spell names in UTF-16 and are aligned, but a plain search finds them as well.</summary>
    private static bool Holds(ReadOnlySpan<byte> content, string stream) => content.IndexOf(Encoding.Unicode.GetBytes(stream)) >= 0;
}
