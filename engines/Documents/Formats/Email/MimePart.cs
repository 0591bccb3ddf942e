namespace RagPlatform.Documents;

/// <summary>A message, or a part of one (RFC 2045, RFC 2046): its header fields and its body as it was sent.</summary>
internal sealed class MimePart
{
    /// <summary>As file systems have it.</summary>
    private const int MaxNameCharacters = 255;

    private readonly ReadOnlyMemory<byte> _body;

    private MimePart(MimeHeaders headers, ReadOnlyMemory<byte> body, string defaultType)
    {
        _body = body;
        Headers = headers;
        Type = MimeParameters.Parse(headers.Has("Content-Type") ? headers.Raw("Content-Type") : defaultType);
        Disposition = MimeParameters.Parse(headers.Raw("Content-Disposition"));
    }

    public MimeHeaders Headers { get; }

    public MimeParameters Type { get; }

    public MimeParameters Disposition { get; }

    public bool IsMultipart => Type.Value.StartsWith("multipart/", StringComparison.Ordinal);

    /// <summary>As the sender named it, without folders; empty when it did not.</summary>
    public string FileName
    {
        get
        {
            var name = Disposition["filename"] is { Length: > 0 } file ? file : Type["name"];
            name = string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
            return name.Length <= MaxNameCharacters ? name : name[..(MaxNameCharacters - (char.IsHighSurrogate(name[MaxNameCharacters - 1]) ? 1 : 0))] + "…";
        }
    }

    /// <summary>Something to be opened, not to be read in place.</summary>
    public bool IsAttachment => Disposition.Value == "attachment" || FileName.Length > 0 || !(Type.Value.StartsWith("text/", StringComparison.Ordinal) || IsMultipart);

    public static MimePart Parse(ReadOnlyMemory<byte> content, string defaultType = ContentTypes.PlainText)
    {
        var headers = MimeHeaders.Parse(content, out var bodyStart);
        return new MimePart(headers, content[bodyStart..], defaultType);
    }

    /// <summary>Without its transfer encoding.</summary>
    public ReadOnlyMemory<byte> Content() => TransferEncoding.Decode(_body, Headers.Raw("Content-Transfer-Encoding"));

    /// <summary>The parts between lines of the boundary, the last to the end where no closing line follows; none where no such line is.</summary>
    public IEnumerable<MimePart> Parts()
    {
        var boundary = Type["boundary"];
        if (boundary.Length == 0)
        {
            yield break;
        }

        var mark = System.Text.Encoding.UTF8.GetBytes("--" + boundary);
        var defaultType = Type.Value == "multipart/digest" ? "message/rfc822" : ContentTypes.PlainText;
        var start = -1;
        var parts = 0;
        for (var position = 0; position < _body.Length;)
        {
            var newLine = _body.Span[position..].IndexOf((byte)'\n');
            var next = newLine < 0 ? _body.Length : position + newLine + 1;
            var (isBoundary, isLast) = Boundary(_body.Span[position..next], mark);
            if (isBoundary)
            {
                if (++parts > DocumentExtractor.MaxParts)
                {
                    throw TooManyParts();
                }

                if (start >= 0)
                {
                    yield return Parse(WithoutLastBreak(start, position), defaultType);
                }

                if (isLast)
                {
                    yield break;
                }

                start = next;
            }

            position = next;
        }

        if (start >= 0 && start < _body.Length)
        {
            yield return Parse(_body[start..], defaultType);
        }
    }

    public static ExtractionException TooManyParts() => new(
        ExtractionErrorCode.TooLarge, $"content: the e-mail has more than {DocumentExtractor.MaxParts} parts, which is the limit.", "Save its attachments by themselves.");

    private static (bool IsBoundary, bool IsLast) Boundary(ReadOnlySpan<byte> line, ReadOnlySpan<byte> mark)
    {
        if (!line.StartsWith(mark))
        {
            return (false, false);
        }

        var rest = line[mark.Length..].TrimEnd(" \t\r\n"u8);
        return (rest.IsEmpty || rest.SequenceEqual("--"u8), rest.SequenceEqual("--"u8));
    }

    /// <summary>The line break before a boundary belongs to the boundary.</summary>
    private ReadOnlyMemory<byte> WithoutLastBreak(int start, int end)
    {
        end -= end > start && _body.Span[end - 1] == '\n' ? 1 : 0;
        end -= end > start && _body.Span[end - 1] == '\r' ? 1 : 0;
        return _body[start..end];
    }
}
