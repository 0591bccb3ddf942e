using System.Text;

namespace RagPlatform.Documents.Tests.Extraction;

public sealed class EncodingTests
{
    /// <summary>A sentence or two of each language, by people who would write it so.</summary>
    public static TheoryData<string, string, string> Undeclared => new()
    {
        { "windows-1252", "de", "Die Prüfung der Anlage fällt auf den Donnerstag. Über die Größe des Gebäudes ist nichts bekannt, und für die Straße gilt das auch." },
        { "windows-1252", "fr", "L'été dernier, les élèves de la première année ont visité le château. Ils étaient très contents et ne voulaient plus rentrer à l'école." },
        { "windows-1252", "es", "El niño comió una manzana y después se fue a la montaña con su mamá. Mañana será otro día, pero no lo sé." },
        { "windows-1250", "pl", "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem i sumieniem, i powinni postępować wobec innych w duchu braterstwa. Nie jest to żadną tajemnicą dla nikogo." },
        { "windows-1250", "cs", "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím a mají spolu jednat v duchu bratrství, které je pro všechny." },
        { "windows-1250", "hu", "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az emberek, ésszel és lelkiismerettel bírván, egymással szemben testvéri szellemben kell hogy viseltessenek, és ez nem csak egy szó." },
        { "windows-1251", "ru", "Все люди рождаются свободными и равными в своём достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства, и это не всё." },
        { "koi8-r", "ru", "Все люди рождаются свободными и равными в своём достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства, и это не всё." },
        { "windows-1253", "el", "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι προικισμένοι με λογική και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης." },
        { "windows-1254", "tr", "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler. Bu çok güzel bir gün için daha ne var." },
        { "shift_jis", "ja", "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。" },
        { "euc-jp", "ja", "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。" },
        { "gb18030", "zh", "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。" },
        { "big5", "zh", "人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係的精神相對待。" },
        { "ks_c_5601-1987", "ko", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았다." },
        { "utf-16le", "en", "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience." },
        { "utf-16be", "en", "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience." },
    };

    [Theory]
    [MemberData(nameof(Undeclared))]
    public void Extract_UndeclaredEncoding_IsGuessed_AndToldSo(string charset, string language, string text)
    {
        var document = Documents.Extract(Encode(text, charset), "text/plain");

        document.Text.ShouldBe(text);
        document.Properties.Metadata["encoding"].ShouldBe(charset);
        document.Properties.Language.ShouldBe(language);
        document.Warnings.ShouldHaveSingleItem().ShouldContain(charset);
    }

    [Theory]
    [MemberData(nameof(Undeclared))]
    public void Extract_Declared_IsReadSo_WithoutAWarning(string charset, string language, string text)
    {
        var document = Documents.Extract(Encode(text, charset), $"text/plain; charset=\"{charset.ToUpperInvariant()}\"");

        document.Text.ShouldBe(text);
        document.Properties.Language.ShouldBe(language);
        document.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Extract_NamesInNecsRowsOfShiftJis_AreRead() =>
        // U+9AD9 stands at EE E0 and at FB FC.
        Documents.Extract([.. Encode("佐藤太郎,30,東京\n", "shift_jis"), 0xEE, 0xE0, 0xFB, 0xFC, .. Encode("橋淳,35,名古屋\n", "shift_jis")], "text/plain").Text
            .ShouldBe("佐藤太郎,30,東京\n髙髙橋淳,35,名古屋\n");

    [Fact]
    public void Extract_ShortTableInShiftJis_IsRead() =>
        Documents.Extract(Encode("名前,年齢,住所\n佐藤太郎,30,東京\n三木英子,25,大阪\n", "shift_jis"), "text/plain").Text.ShouldContain("佐藤太郎,30,東京");

    [Theory]
    [InlineData("<html><head><meta charset='windows-1251'></head><p>Привет")]
    [InlineData("<html><meta http-equiv=Content-Type content='text/html; charset=windows-1251'><p>Привет")]
    [InlineData("<?xml version='1.0' encoding='windows-1251'?><html><p>Привет</p></html>")]
    public void Extract_CharsetInThePage_IsRead(string page)
    {
        var document = Documents.Extract(Encode(page, "windows-1251"), "text/html");

        document.Text.ShouldBe("Привет");
        document.Properties.Metadata["encoding"].ShouldBe("windows-1251");
    }

    [Fact]
    public void Extract_ByteOrderMarks_AreReadAndNotStored()
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(true, true) })
        {
            byte[] content = [.. encoding.GetPreamble(), .. encoding.GetBytes("Grüße 😀 \uFFFD")];

            Documents.Extract(content, "text/plain").Text.ShouldBe("Grüße 😀 \uFFFD");
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x62, 0xC3, 0x28 }, "byte 2")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0x61, 0xFF }, "byte 4")]
    [InlineData(new byte[] { 0x61, 0xE2, 0x82 }, "byte 1")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0x00, 0x3D, 0xD8, 0x61, 0x00 }, "byte 4")]
    [InlineData(new byte[] { 0xFE, 0xFF, 0x00, 0x61, 0xDE, 0x00 }, "byte 4")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61 }, "byte 2")]
    [InlineData(new byte[] { 0x61, 0x00, 0x62 }, "U+0000")]
    public void Extract_InvalidBytes_NamesWhere(byte[] content, string expected)
    {
        var failure = Should.Throw<ExtractionException>(() => Documents.Extract(content, "text/plain"));

        failure.Code.ShouldBe(ExtractionErrorCode.InvalidEncoding);
        failure.Message.ShouldContain(expected);
    }

    [Fact]
    public void Extract_DeclaredCharsetThatTheBytesAreNot_NamesItAndWhere()
    {
        var failure = Should.Throw<ExtractionException>(() => Documents.Extract([0x61, 0x62, 0x81, 0xFF], "text/plain; charset=Shift_JIS"));

        failure.Code.ShouldBe(ExtractionErrorCode.InvalidEncoding);
        failure.Message.ShouldContain("shift_jis at byte 2");
    }

    [Fact]
    public void Extract_UnknownCharset_IsReadAsWhatItIs() =>
        Documents.Extract("Grüße"u8.ToArray(), "text/plain; charset=klingon").Text.ShouldBe("Grüße");

    [Fact]
    public void Extract_MostlyValidUtf8_IsNotReadAsSomethingElse()
    {
        byte[] content = [.. Encoding.UTF8.GetBytes("Grüße aus Köln, schöne Tage, müde Füße, "), 0xFF, .. Encoding.UTF8.GetBytes(" und Äpfel")];

        Should.Throw<ExtractionException>(() => Documents.Extract(content, "text/plain")).Message.ShouldContain("not valid utf-8 at byte");
    }

    [Fact]
    public void Extract_RandomBytes_NeverCrash_AndAreNoText()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var content = new byte[256];
            new Random(seed).NextBytes(content);

            Should.Throw<ExtractionException>(() => Documents.Extract(content, "text/plain"), $"seed {seed}").Code.ShouldBe(ExtractionErrorCode.InvalidEncoding);
        }
    }

    [Theory]
    [InlineData("text/plain", " \r\n\t ")]
    [InlineData("text/markdown", "---\ntitle: only this\n---\n<!-- nothing -->\n")]
    [InlineData("text/html", "<title>t</title><script>let x = 1</script><nav>menu</nav>")]
    [InlineData("text/html", "")]
    public void Extract_NothingToRead_IsNoText(string contentType, string content) =>
        Should.Throw<ExtractionException>(() => Documents.Extract(Encoding.UTF8.GetBytes(content), contentType))
            .Code.ShouldBe(ExtractionErrorCode.NoText);

    [Fact]
    public void Extract_TooLarge_NamesSizeAndLimit()
    {
        var failure = Should.Throw<ExtractionException>(() => Documents.Extract(new byte[DocumentExtractor.MaxContentBytes + 1], "text/plain"));

        failure.Code.ShouldBe(ExtractionErrorCode.TooLarge);
        failure.Message.ShouldContain("67108865");
        failure.Message.ShouldContain("67108864");
    }

    private static byte[] Encode(string text, string charset) => charset switch
    {
        "utf-16le" => Encoding.Unicode.GetBytes(text),
        "utf-16be" => Encoding.BigEndianUnicode.GetBytes(text),
        _ => CodePagesEncodingProvider.Instance.GetEncoding(charset, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!.GetBytes(text),
    };
}
