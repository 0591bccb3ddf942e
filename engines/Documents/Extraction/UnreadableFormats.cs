using System.Text;

namespace RagPlatform.Documents;

/// <summary>Formats that are known by their first bytes and hold no text that is read here.</summary>
internal static class UnreadableFormats
{
    private const string Ocr = "Run a text recognition over it and send the text it gives.";
    private const string Transcript = "Send a transcript of it.";
    private const string Office = "Save it as DOCX, XLSX, PPTX or PDF and send that.";
    private const string Unpack = "Unpack it and send the files, or pack them as ZIP.";
    private const string Program = "Send documents; programs hold no text to answer from.";
    private const string Export = "Export it as CSV or JSON and send that.";

    private static readonly Signature[] Signatures =
    [
        new("a PNG picture", "\x89PNG\r\n", Ocr), new("a JPEG picture", "\xFF\xD8\xFF", Ocr), new("a GIF picture", "GIF8", Ocr), new("a TIFF picture", "II*\0", Ocr), new("a TIFF picture", "MM\0*", Ocr),
        new("a WebP picture", "RIFF????WEBP", Ocr), new("a Photoshop picture", "8BPS", Ocr), new("a DjVu document", "AT&TFORM", Ocr), new("an icon", "\0\0\x01\0", Ocr),
        new("an HEIF picture", "????ftyphei", Ocr), new("an HEIF picture", "????ftypmif1", Ocr), new("an AVIF picture", "????ftypavif", Ocr),
        new("an MP3 recording", "ID3", Transcript), new("a WAV recording", "RIFF????WAVE", Transcript), new("an Ogg recording", "OggS", Transcript), new("a FLAC recording", "fLaC", Transcript),
        new("an AVI video", "RIFF????AVI ", Transcript), new("an MP4 or QuickTime video", "????ftyp", Transcript), new("a Matroska or WebM video", "\x1A\x45\xDF\xA3", Transcript),
        new("an RTF document", "{\\rtf", Office), new("a PostScript document", "%!PS", "Convert it to PDF (for example with ps2pdf) and send that."),
        new("a 7-Zip archive", "7z\xBC\xAF\x27\x1C", Unpack), new("a RAR archive", "Rar!\x1A\x07", Unpack), new("an xz archive", "\xFD" + "7zXZ\0", Unpack), new("a Zstandard archive", "\x28\xB5\x2F\xFD", Unpack), new("a bzip2 archive", "BZh?1AY&SY", Unpack),
        new("a program (ELF)", "\x7F" + "ELF", Program), new("a program (Windows)", "MZ?\0", Program), new("a program (macOS)", "\xCF\xFA\xED\xFE", Program), new("a Java class", "\xCA\xFE\xBA\xBE", Program), new("a WebAssembly module", "\0asm", Program),
        new("an SQLite database", "SQLite format 3\0", Export), new("a Parquet file", "PAR1", Export), new("an Arrow file", "ARROW1", Export), new("an Avro file", "Obj\x01", Export),
        new("a font", "OTTO", Program), new("a font", "wOF", Program), new("a font", "\0\x01\0\0\0", Program),
    ];

    /// <summary>Null when it is none of them.</summary>
    public static ExtractionException? Find(ReadOnlySpan<byte> content)
    {
        foreach (var signature in Signatures)
        {
            if (signature.IsAtStartOf(content))
            {
                return new ExtractionException(
                    ExtractionErrorCode.UnsupportedContentType, $"content is {signature.Name}, of which no text can be read; supported are {ContentTypes.Supported}.", signature.Remedy);
            }
        }

        return null;
    }

    /// <param name="Name">With its article.</param>
    /// <param name="Pattern">A character for each byte; "?" stands for any.</param>
    /// <param name="Remedy">What its owner can do.</param>
    private sealed record Signature(string Name, string Pattern, string Remedy)
    {
        private readonly byte[] _bytes = Encoding.Latin1.GetBytes(Pattern);

        public bool IsAtStartOf(ReadOnlySpan<byte> content)
        {
            if (content.Length < _bytes.Length)
            {
                return false;
            }

            for (var i = 0; i < _bytes.Length; i++)
            {
                if (_bytes[i] != '?' && _bytes[i] != content[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
