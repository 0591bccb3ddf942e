namespace RagPlatform.Documents.Tests.Extraction;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("en", "The pump was replaced in March, and it has run without a fault since then. We do not know if this is for good.")]
    [InlineData("de", "Die Pumpe wurde im März ersetzt und läuft seitdem ohne Störung. Wir wissen nicht, ob das so bleibt.")]
    [InlineData("fr", "La pompe a été remplacée en mars et elle fonctionne depuis sans panne. On ne sait pas si cela va durer pour les autres.")]
    [InlineData("it", "La pompa è stata sostituita a marzo e da allora funziona senza guasti. Non si sa se questo durerà per tutta la vita della macchina.")]
    [InlineData("pt", "A bomba foi substituída em março e desde então não teve falhas. Não se sabe se isso vai durar, mas os técnicos acham que sim.")]
    [InlineData("nl", "De pomp is in maart vervangen en werkt sindsdien zonder storing. We weten niet of dat zo zal blijven voor de rest van het jaar.")]
    [InlineData("sv", "Pumpen byttes i mars och har sedan dess fungerat utan fel. Det är inte känt om det kommer att hålla, men vi hoppas att så är fallet.")]
    [InlineData("fi", "Pumppu vaihdettiin maaliskuussa ja se on toiminut sen jälkeen hyvin. Ei tiedetä, onko se niin kuin pitää, mutta se on hyvä.")]
    [InlineData("uk", "Насос замінили у березні, і він працює без поломок. Це не означає, що так буде завжди, але для нас це добре.")]
    [InlineData("ar", "جميع الناس يولدون أحراراً متساوين في الكرامة والحقوق.")]
    [InlineData("he", "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.")]
    [InlineData("th", "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ")]
    [InlineData("vi", "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền, và không một ai là của người khác.")]
    public void Extract_Prose_LanguageIsRecognised(string language, string text) => Documents.Plain(text).Properties.Language.ShouldBe(language);

    [Theory]
    [InlineData("Müller; Meier; Schulze; Schmidt; Fischer; Weber; Wagner; Becker")]
    [InlineData("x = f(y) + g(z); if (x > 0) { print(x); }")]
    [InlineData("key_1: a0e5; id: 5b64c88c-b3c3-4510-bcb8-da0b200602d8, e3a, o7, de5, e e e e e e")]
    [InlineData("OK")]
    [InlineData("12.5 13.7 14.1 kPa")]
    public void Extract_NothingThatTells_LanguageIsEmpty(string text) => Documents.Plain(text).Properties.Language.ShouldBeEmpty();
}
