namespace RagPlatform.Documents;

/// <summary>How a language of several that share a script is told: by its commonest words and its letters beyond a to z.</summary>
/// <param name="Code">BCP 47 primary tag.</param>
/// <param name="Words">Lower case.</param>
/// <param name="Letters">Lower case.</param>
internal sealed record LanguageProfile(string Code, IReadOnlySet<string> Words, string Letters)
{
    private const string Cyrillic = "абвгдежзийклмнопрстуфхцчшщъыьэюя";

    public static IReadOnlyList<LanguageProfile> All { get; } =
    [
        Of("en", "the of and to in is that it for was on are as with be by this have from at not which or an were you can we if", "éï"),
        Of("de", "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei", "äöüß"),
        Of("fr", "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont avec son aux cette ou mais comme elle été leur nous vous ces tout", "àâæçéèêëîïôœùûüÿ"),
        Of("es", "de la que el en y los se del las un por con no una su para es al lo como más pero sus le ha este sí porque esta entre cuando muy sin sobre también fue son", "áéíñóúü"),
        Of("it", "di e il la che in per un è del non sono le con si una da della nel anche come ma al dei gli alla più lo nella questo essere delle", "àèéìòù"),
        Of("pt", "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito são foi também pelo pela", "áâãàçéêíóôõú"),
        Of("nl", "de en van het een in is dat op te zijn voor met die niet aan er om ook als maar bij uit door naar wordt heeft of hij nog kan deze worden", "éëïóö"),
        Of("sv", "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när eller detta efter", "åäöé"),
        Of("da", "og i at det en til er som på de med den for ikke der af et han har men var jeg sig fra vi kan når eller dette efter", "åæøé"),
        Of("nb", "og i det som en på er av for til med at de har den ikke om et han men var jeg seg fra vi kan når eller dette etter", "åæøé"),
        Of("fi", "ja on ei että se oli hän mutta ovat kun joka myös tai sen niin kuin mukaan jos olla ole sekä vain jo nyt", "åäö"),
        Of("pl", "w i na z do się nie to że o jest po jak od za przez dla są tym ale jego co który oraz tego może", "ąćęłńóśźż"),
        Of("cs", "a se v na je že s z do o i to k ve by pro jako jsou ale za které po ze který byl má jeho také", "áčďéěíňóřšťúůýž"),
        Of("sk", "a sa v na je že s z do o i to k vo by pre ako sú ale za ktoré po zo ktorý bol má jeho tiež", "áäčďéíĺľňóôŕšťúýž"),
        Of("hu", "a az és hogy nem is egy ez meg volt de csak mint vagy már el még lesz van ha azt", "áéíóöőúüű"),
        Of("ro", "de și în a la cu pe din o că nu un mai este care se pentru sunt sau au prin ce al ale", "ăâîșțşţ"),
        Of("tr", "ve bir bu da de için ile çok olarak daha en olan gibi kadar ne var ama sonra her mi o", "çğıöşüâî"),
        Of("vi", "và của là có không được cho một trong với các người này đã những khi đến từ", "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"),
        Of("id", "dan yang di untuk dengan tidak ini dari dalam akan pada itu adalah atau juga ke oleh karena bisa sebagai", ""),
        Of("ru", "и в не на что он с как это по но из у за от к так все был для его она то было", Cyrillic + "ё"),
        Of("uk", "і в не на що з як до це та у за від є він про але був також для його", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
        Of("bg", "и на в да се за от с е не са по като това ще че до или", Cyrillic),
        Of("el", "και το να του η της με που την από για είναι στο τα ο οι δεν θα", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    ];

    private static LanguageProfile Of(string code, string words, string letters) => new(code, words.Split(' ').ToHashSet(StringComparer.Ordinal), letters);
}
