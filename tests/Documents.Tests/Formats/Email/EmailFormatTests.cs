using System.Globalization;
using System.Text;

namespace RagPlatform.Documents.Tests.Formats.Email;

public sealed class EmailFormatTests
{
    private const string Mail = "message/rfc822";

    private const string Report =
        """
        Received: from mx (mx [192.0.2.1]) by here; Fri, 21 Nov 1997 09:55:07 -0600
        From: =?utf-8?Q?J=C3=BCrgen_M=C3=BCller?= <jm@example.org>
        To: a@example.org,
         "B, C" <b@example.org>
        Cc: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <y@example.jp>
        Subject: =?utf-8?B?UXVhcnRlcmx5IHJlcG9ydCDi?= =?utf-8?B?gqw=?= and more
        Date: Fri, 21 Nov 1997 09:55:06 -0600 (CST)
        Message-ID: <1@example.org>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="=outer"

        This is a message in MIME format.
        --=outer
        Content-Type: multipart/alternative; boundary=inner (a comment; with=one)

        --inner
        Content-Type: text/plain; charset=iso-8859-1; format=flowed
        Content-Transfer-Encoding: quoted-printable

        Dear all, the price is 5=20
        =80 now, which is more th=
        an before.

        > Is it =FCber 4?=20
        > I ask.
        >> Deeper.

        --=20
        J=FCrgen
        --inner
        Content-Type: text/html

        <p>Dear all, the price is <b>5 &euro;</b> now, which is more than before.
        --inner--
        --=outer
        Content-Type: application/octet-stream
        Content-Disposition: attachment; filename*0*=UTF-8''Zahlen%20%C3%BCber; filename*1="sicht.csv"
        Content-Transfer-Encoding: base64

        bW9kZWwscHJpY2UKUC0xLDUKUC0yLDcK
        --=outer
        Content-Type: image/png; name="logo.png"
        Content-Disposition: inline
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --=outer
        Content-Type: application/x-thing; name="../../plan.bin"
        Content-Disposition: attachment
        Content-Transfer-Encoding: base64

        AAECAwQ=
        --=outer
        Content-Type: message/rfc822

        From: x@example.org
        Subject: The inner one
        Date: 1 Jan 24 7:5 GMT

        Inner words.
        --=outer--
        This is no part of it.
        """;

    [Fact]
    public void Extract_Report_ReadsAsItsReaderSeesIt() => Read(Report).ShouldBeAsApproved("report.eml");

    [Theory]
    [InlineData("plain =?us-ascii?q?a_b?= c", "plain a b c")]
    [InlineData("=?utf-8?q?=E6=BC?= =?utf-8?q?=A2?=", "漢")]
    [InlineData("=?utf-8*en?Q?lang?=", "lang")]
    [InlineData("=?windows-1251?B?z/Do4uXy?=", "Привет")]
    [InlineData("=?unknown-1?Q?=FCber?=", "über")]
    [InlineData("=?utf-8?Q?broken", "=?utf-8?Q?broken")]
    [InlineData("=?utf-8?X?no?= =?", "=?utf-8?X?no?= =?")]
    [InlineData("=?utf-8?B?not base64!?=", "\uFFFD")]
    public void Extract_EncodedWords_AreDecoded(string subject, string expected)
    {
        var title = Read($"From: a@b\nSubject: {subject}\n\nx").Title;

        if (expected == "\uFFFD")
        {
            title.ShouldNotContain("=?");
            return;
        }

        title.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T09:55:06-06:00")]
    [InlineData("1 Jan 24 7:5 GMT", "2024-01-01T07:05:00+00:00")]
    [InlineData("Mon, 3 Feb 2025 23:59:59 EST (Eastern)", "2025-02-03T23:59:59-05:00")]
    [InlineData("3 Feb 2025 23:59:59", "2025-02-03T23:59:59+00:00")]
    [InlineData("yesterday at noon", null)]
    [InlineData("31 Feb 2025 10:00:00 +0000", null)]
    public void Extract_Date_IsReadOrUnknown(string date, string? expected) =>
        Read($"From: a@b\nDate: {date}\n\nx").Properties.CreatedAt?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture).ShouldBe(expected);

    [Theory]
    [InlineData("Just words.", "<p>Just words.</p>", "Just words.")]
    [InlineData("View in a browser", "<p>All that was written, which is a lot more than the hint.</p>", "All that was written")]
    [InlineData("Prices: A 1", "<table><tr><th>n<th>p</tr><tr><td>A<td>1</table>", "A | 1")]
    [InlineData("", "<p>Only here.</p>", "Only here.")]
    public void Extract_Alternatives_PlainUnlessHtmlHasMore(string plain, string html, string expected)
    {
        var text = Read($"From: a@b\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\n{plain}\n--x\nContent-Type: text/html\n\n{html}\n--x--\n").Text;

        text.ShouldContain(expected);
    }

    [Fact]
    public void Extract_AlternativeWithAttachmentsInside_LosesNone() =>
        Read("From: a@b\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\nplain\n--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\nContent-Type: text/html\n\n<p>rich</p>\n--y\nContent-Type: text/plain; name=notes.txt\n\nattached words\n--y--\n--x--\n")
            .Text.ShouldContain("attached words");

    [Theory]
    [InlineData("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nfirst\n--x\n\nnever closed", "never closed")]
    [InlineData("Content-Type: multipart/mixed; boundary=x\n\nno boundary at all", "no boundary at all")]
    [InlineData("Content-Type: multipart/mixed\n\nno boundary named", "no boundary named")]
    [InlineData("Content-Type: text/plain; charset=no-such\n\nwords", "words")]
    [InlineData("Content-Transfer-Encoding: base64\n\nd29yZ\nHM=", "words")]
    [InlineData("Content-Transfer-Encoding: base64\n\nd29yZHM", "words")]
    [InlineData("Content-Transfer-Encoding: quoted-printable\n\nwor=64=\ns =ZZ=", "words =ZZ=")]
    [InlineData("Broken header without a colon\n\nwords", "words")]
    [InlineData("Subject: folded\n\t  subject\n\nwords", "folded subject")]
    [InlineData("Content-Type: ;;;\"\n\nwords", "words")]
    public void Extract_MailAsItComes_IsRead(string rest, string expected) => Read("From: a@b\n" + rest).Text.ShouldContain(expected);

    [Fact]
    public void Extract_EightBitHeaderAndMailboxLine_AreRead()
    {
        byte[] mail = [.. "From someone Fri Nov 21 1997\nFrom: J"u8, 0xFC, .. "rgen <j@x>\nSubject: caf\u00e9\n\nx"u8];

        var document = Documents.Extract(mail, Mail);

        document.Properties.Author.ShouldBe("Jürgen <j@x>");
        document.Title.ShouldBe("café");
    }

    [Theory]
    [InlineData("Content-Type: multipart/encrypted; boundary=x\n\n--x\n\na\n--x--")]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB")]
    public void Extract_EncryptedMail_SaysSo(string rest) =>
        Should.Throw<ExtractionException>(() => Read("From: a@b\n" + rest)).Code.ShouldBe(ExtractionErrorCode.Encrypted);

    [Fact]
    public void Extract_NoMail_SaysSo() =>
        Should.Throw<ExtractionException>(() => Read("just some words\nand more")).Code.ShouldBe(ExtractionErrorCode.Damaged);

    [Fact]
    public void Extract_PartsInsideParts_AreReadUpToTheLimit()
    {
        var mail = new StringBuilder("From: a@b\n");
        for (var depth = 0; depth < 200; depth++)
        {
            mail.Append(CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n");
        }

        var failure = Should.Throw<ExtractionException>(() => Read(mail + "\nwords"));

        failure.Code.ShouldBe(ExtractionErrorCode.TooDeep);
        failure.Message.ShouldContain("16");
    }

    [Fact]
    public void Extract_MessagesInsideMessages_AreReadUpToTheLimitAndTheRestIsTold()
    {
        var mail = string.Concat(Enumerable.Range(1, 8).Select(depth => $"From: a@b\nSubject: level {depth}\nContent-Type: message/rfc822\n\n")) + "From: z@z\n\nwords";

        var document = Read(mail);

        document.Text.ShouldContain("level 5");
        document.Text.ShouldNotContain("level 6");
        document.Warnings.ShouldContain(warning => warning.Contains("deep"));
    }

    [Theory]
    [InlineData("--x\n", 50_000)]
    [InlineData("--x\n\na\n", 50_000)]
    public void Extract_PartsWithoutEnd_AreRefused(string unit, int times) =>
        Should.Throw<ExtractionException>(() => Read("From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n" + string.Concat(Enumerable.Repeat(unit, times))))
            .Message.ShouldContain("10000");

    [Fact]
    public void Extract_EndlessFileName_IsShortened() =>
        Read($"From: a@b\nContent-Type: text/plain; name=\"{string.Concat(Enumerable.Repeat("😀x", 400))}\"\n\nwords").Blocks[^1].Location!.Part.Length.ShouldBeInRange(250, 256);

    [Fact]
    public void Extract_EndlessHeader_IsRefused() =>
        Should.Throw<ExtractionException>(() => Read("From: a@b\n" + string.Concat(Enumerable.Repeat("X-A: 1\n", 200_000)))).Code.ShouldBe(ExtractionErrorCode.TooLarge);

    [Theory]
    [InlineData(Report, Mail)]
    [InlineData("From: a\nTo: b\nDate: today\nSubject: a memo\n\nwords", "text/plain")]
    [InlineData("Note: this is\nTo: do\n\nwords", "text/plain")]
    public void Detect_WithoutAName_OnlyMailIsMail(string text, string expected) =>
        DocumentFormats.OfContent(Encoding.UTF8.GetBytes(text))!.ContentType.ShouldBe(expected);

    [Fact]
    public void Extract_DamagedMail_IsReadOrRefused() => Mutations.ShouldBeReadOrRefused(Encoding.UTF8.GetBytes(Report), Mail, times: 600);

    private static ExtractedDocument Read(string mail) => Documents.Extract(Encoding.UTF8.GetBytes(mail), Mail);
}
