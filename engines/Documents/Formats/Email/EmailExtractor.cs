using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// A message as its reader sees it: the subject as heading and title, who wrote to whom and when, the text, and each attachment
/// under its name. What cannot be read of it is a warning; only a message that is encrypted as a whole fails.
/// </summary>
internal sealed class EmailExtractor(ExtractionContext context)
{
    /// <summary>Of multiparts inside one another; people's mail has four. Each level is read anew.</summary>
    private const int MaxDepth = 16;

    private static readonly string[] Shown = ["From", "To", "Cc", "Date"];

    private static readonly string[] Kept = ["From", "To", "Cc", "Reply-To", "Date", "Subject", "Message-ID", "In-Reply-To"];

    private readonly DocumentTextBuilder _builder = new();
    private int _parts;

    public ExtractedDocument Extract(ReadOnlyMemory<byte> content)
    {
        var message = MimePart.Parse(content);
        if (message.Headers.Count == 0)
        {
            throw ExtractionException.Damaged("e-mail", "it starts with no header field such as \"From: \"");
        }

        if (IsEncrypted(message))
        {
            throw new ExtractionException(
                ExtractionErrorCode.Encrypted, $"content: the e-mail is encrypted ({message.Type.Value}).", "Decrypt it in a mail program, save it again and send that.");
        }

        var subject = message.Headers.Text("Subject");
        _builder.AddHeading(1, subject);
        _builder.AddParagraph(string.Join('\n', Shown.Where(message.Headers.Has).Select(name => $"{name}: {message.Headers.Text(name)}")));
        Write(message, depth: 0);
        return _builder.Build(subject, new DocumentProperties
        {
            Author = message.Headers.Text("From"),
            CreatedAt = MailDate.Parse(message.Headers.Raw("Date")),
            Metadata = Kept.Where(message.Headers.Has).ToDictionary(name => name.ToLowerInvariant(), message.Headers.Text),
        });
    }

    private static bool IsEncrypted(MimePart part) =>
        part.Type.Value == "multipart/encrypted"
        || (part.Type.Value is "application/pkcs7-mime" or "application/x-pkcs7-mime" && !part.Type["smime-type"].Equals("signed-data", StringComparison.OrdinalIgnoreCase));

    private void Write(MimePart part, int depth)
    {
        Count(depth);
        if (IsEncrypted(part))
        {
            _builder.AddWarning($"A part of the e-mail is encrypted ({part.Type.Value}) and was not read.");
        }
        else if (part.IsMultipart)
        {
            WriteMultipart(part, depth);
        }
        else if (!part.IsAttachment && part.Type.Value is ContentTypes.Html)
        {
            _builder.AddDocument(Html(part), headingLevel: 1);
        }
        else if (!part.IsAttachment && part.Type.Value is not "text/calendar")
        {
            MailText.Write(_builder, Plain(part));
        }
        else if (!IsSilent(part))
        {
            WriteAttachment(part);
        }
    }

    private void WriteMultipart(MimePart part, int depth)
    {
        var hasParts = false;
        foreach (var child in part.Type.Value == "multipart/alternative" ? Best([.. part.Parts()]) : part.Parts())
        {
            hasParts = true;
            Write(child, depth + 1);
        }

        if (!hasParts)
        {
            var missing = part.Type["boundary"] is { Length: > 0 } boundary ? $"its boundary \"{boundary}\" is nowhere in it" : "it names no boundary";
            _builder.AddWarning($"A part of the e-mail is {part.Type.Value} and {missing}; it was read as text.");
            MailText.Write(_builder, Decode(part));
        }
    }

    /// <summary>
    /// Of the same text in several types, plain text: it is what the author's words are, without the layout of newsletters. HTML
    /// where it has more to it: headings, lists or tables, more than twice as much text, or attachments inside.
    /// </summary>
    private IEnumerable<MimePart> Best(List<MimePart> alternatives)
    {
        var plain = alternatives.Find(part => part.Type.Value == ContentTypes.PlainText);
        var rich = alternatives.FindLast(part => part.Type.Value == ContentTypes.Html || part.IsMultipart);
        if (plain is null || rich is null)
        {
            return alternatives.Count == 0 ? [] : [rich ?? plain ?? alternatives[^1]];
        }

        return IsRicher(rich, Plain(plain)) ? [rich] : [plain];
    }

    private bool IsRicher(MimePart rich, string plain)
    {
        if (rich.IsMultipart)
        {
            return rich.Parts().Any(part => part.IsMultipart || (part.IsAttachment ? !IsSilent(part) : part.Type.Value == ContentTypes.Html && IsRicher(part, plain)));
        }

        var html = Html(rich);
        return html.Blocks.Any(block => block.Kind is BlockKind.Heading or BlockKind.ListItem or BlockKind.TableHeader or BlockKind.TableRow)
            || html.Text.Length > 2 * plain.Trim().Length;
    }

    private string Plain(MimePart part)
    {
        var text = Decode(part);
        return part.Type["format"].Equals("flowed", StringComparison.OrdinalIgnoreCase)
            ? MailText.Unflow(text, part.Type["delsp"].Equals("yes", StringComparison.OrdinalIgnoreCase))
            : text;
    }

    private ExtractedDocument Html(MimePart part) =>
        DocumentExtractor.Extract(new DocumentSource(Encoding.UTF8.GetBytes(Decode(part)), ContentTypes.Html + "; charset=utf-8"), context);

    private string Decode(MimePart part)
    {
        var text = MailCharset.Decode(part.Content().Span, part.Type["charset"], out var isKnown);
        if (!isKnown)
        {
            _builder.AddWarning($"A part of the e-mail names the charset \"{part.Type["charset"]}\", which is unknown; it was read as UTF-8 or Windows-1252.");
        }

        return text.Length <= DocumentExtractor.MaxTextCharacters ? text : throw ExtractionException.TextTooLong();
    }

    /// <summary>Signatures, and pictures that stand in the text.</summary>
    private static bool IsSilent(MimePart part) =>
        part.Type.Value is "application/pgp-signature" or "application/pkcs7-signature" or "application/x-pkcs7-signature"
        || (part.Type.Value.StartsWith("image/", StringComparison.Ordinal) && part.Disposition.Value != "attachment");

    private void WriteAttachment(MimePart part)
    {
        var isMessage = part.Type.Value is "message/rfc822" or "message/global";
        var name = part.FileName.Length > 0 ? part.FileName : isMessage ? "attached message" : $"attachment {part.Type.Value}";
        ExtractedDocument document;
        try
        {
            // Reports of mail servers are text that no program reads.
            var type = part.Type.Value is "message/delivery-status" or "message/disposition-notification" or "text/rfc822-headers" ? ContentTypes.PlainText : part.Type.Value;
            var charset = part.Type["charset"] is { Length: > 0 } declared && type.StartsWith("text/", StringComparison.Ordinal) ? $"; charset={declared}" : "";
            document = context.ExtractPart(part.Content(), ContentTypes.Normalize(type) is null ? "" : type + charset, name);
        }
        catch (ExtractionException failure) when (failure.Code != ExtractionErrorCode.UnsafeArchive && !context.IsSpent)
        {
            _builder.AddWarning($"The attachment {name} was not read: {ArchiveFiles.Reason(failure)}");
            return;
        }

        if (document.Blocks.Count > 0)
        {
            _builder.Location = new SourceLocation(LocationKind.Part, 0, name);
            _builder.AddHeading(2, name);
            _builder.AddDocument(document with { Warnings = [.. document.Warnings.Select(warning => $"{name}: {warning}")] }, headingLevel: 2);
            _builder.Location = null;
        }
    }

    private void Count(int depth)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        if (depth > MaxDepth)
        {
            throw new ExtractionException(
                ExtractionErrorCode.TooDeep, $"content nests parts of an e-mail deeper than {MaxDepth}, which is the limit.", "Save the inner messages by themselves.");
        }

        if (++_parts > DocumentExtractor.MaxParts)
        {
            throw MimePart.TooManyParts();
        }
    }
}
