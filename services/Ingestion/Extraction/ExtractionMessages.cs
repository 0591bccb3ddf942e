using System.Runtime.InteropServices;
using System.Text;
using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Extraction;

/// <summary>What is asked of a worker and what it answers, as bytes of a frame.</summary>
internal static class ExtractionMessages
{
    private const int MaxHeadBytes = 64 * 1024;

    public const int MaxRequestBytes = DocumentExtractor.MaxContentBytes + MaxHeadBytes;

    /// <summary>The longest text, twice over for its structure, and half as much for its frame.</summary>
    public const int MaxAnswerBytes = 256 * 1024 * 1024;

    /// <summary>All of a request but the content, which follows it.</summary>
    public static byte[] WriteRequestHead(DocumentSource source)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(source.ContentType);
        writer.Write(source.Name);
        writer.Write(source.Mismatch ?? "");
        return bytes.ToArray();
    }

    public static DocumentSource ReadRequest(byte[] frame)
    {
        using var reader = new BinaryReader(new MemoryStream(frame, writable: false));
        var contentType = reader.ReadString();
        var name = reader.ReadString();
        var mismatch = reader.ReadString();
        return new DocumentSource(frame.AsMemory((int)reader.BaseStream.Position), contentType, name) { Mismatch = mismatch.Length == 0 ? null : mismatch };
    }

    public static ReadOnlyMemory<byte> WriteAnswer(ExtractedDocument document)
    {
        using var bytes = new MemoryStream(sizeof(char) * document.Text.Length + MaxHeadBytes);
        using var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
        writer.Write(true);
        writer.Write(document.Text.Length);
        writer.Write(MemoryMarshal.AsBytes(document.Text.AsSpan()));
        var outline = DocumentOutline.Of(document);
        foreach (var part in new[] { outline.Description, outline.Places, outline.Structure })
        {
            writer.Write(part.Length);
            writer.Write(part.Span);
        }

        return bytes.Length <= MaxAnswerBytes
            ? bytes.GetBuffer().AsMemory(0, (int)bytes.Length)
            : WriteAnswer(new ExtractionException(
                ExtractionErrorCode.TooLarge,
                $"content gives {bytes.Length} bytes of text and structure; the limit is {MaxAnswerBytes}.",
                "Split the document into smaller ones."));
    }

    public static ReadOnlyMemory<byte> WriteAnswer(ExtractionException failure)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(false);
        writer.Write((int)failure.Code);
        writer.Write(failure.Message);
        writer.Write(failure.Remedy);
        return bytes.ToArray();
    }

    /// <exception cref="ExtractionException">It is the answer.</exception>
    /// <exception cref="InvalidDataException">It is no answer.</exception>
    /// <exception cref="EndOfStreamException">It ends too early.</exception>
    public static ExtractedDocument ReadAnswer(byte[] frame)
    {
        using var reader = new BinaryReader(new MemoryStream(frame, writable: false));
        if (reader.ReadBoolean())
        {
            var text = ReadText(reader);
            return new DocumentOutline(ReadPart(reader), ReadPart(reader), ReadPart(reader)).WithText(text);
        }

        var code = (ExtractionErrorCode)reader.ReadInt32();
        throw Enum.IsDefined(code)
            ? new ExtractionException(code, reader.ReadString(), reader.ReadString())
            : new InvalidDataException($"The answer has the unknown code {(int)code}.");
    }

    private static string ReadText(BinaryReader reader)
    {
        var characters = reader.ReadInt32();
        return characters is >= 0 and <= DocumentExtractor.MaxTextCharacters
            ? string.Create(characters, reader, static (text, reader) => reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(text)))
            : throw new InvalidDataException($"A text has {characters} characters; the limit is {DocumentExtractor.MaxTextCharacters}.");
    }

    private static byte[] ReadPart(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        return length >= 0 && length <= left ? reader.ReadBytes(length) : throw new InvalidDataException($"A part has {length} bytes; {left} are left.");
    }
}
