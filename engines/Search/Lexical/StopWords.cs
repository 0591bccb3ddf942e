using System.Collections.Frozen;

namespace RagPlatform.Search.Lexical;

/// <summary>Words too common to tell one chunk from another. What an apostrophe leaves behind ("s", "t") is among them.</summary>
public static class StopWords
{
    public static readonly FrozenSet<string> None = FrozenSet<string>.Empty;

    /// <summary>Of German, folded as <see cref="TextFolding"/> folds: "für" is "fur", "daß" "dass".</summary>
    public static readonly FrozenSet<string> German = Words(
        """
        aber alle allem allen aller alles als also am an auch auf aus bei bin bis bist da damit dann das dass dein deine dem
        den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer
        eines er es etwas euch euer eure fur gegen habe haben hat hatte hatten hier hinter ich ihm ihn ihnen ihr ihre ihrem
        ihren ihrer im in ist ja jede jedem jeden jeder jedes jetzt kann kein keine keinem keinen keiner konnen konnte man
        mein meine mich mir mit muss mussen nach nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner
        seit sich sie sind so soll sollen sollte sondern sonst uber um und uns unser unsere unter vom von vor wann war waren
        warum was weil welche welchem welchen welcher welches wenn wer werde werden wie wieder will wir wird wo wurde wurden
        zu zum zur zwischen
        """);

    /// <summary>Of French, folded. What elision leaves behind ("l", "qu") is among them.</summary>
    public static readonly FrozenSet<string> French = Words(
        """
        a ai au aucun aussi autre aux avec avoir c ce cela ces cet cette ceux chez ci comme comment d dans de des du elle
        elles en est et etaient etait ete etre eu fait il ils j je l la le les leur leurs lui m ma mais me meme mes moi mon n
        ne ni nos notre nous on ont ou par pas plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se
        sera ses si son sont sur t ta te tes toi ton tous tout toute toutes tu un une vos votre vous y
        """);

    /// <summary>Of Spanish, folded.</summary>
    public static readonly FrozenSet<string> Spanish = Words(
        """
        a al algo ante antes aquel aquella como con contra cual cuales cuando de del desde donde dos el ella ellas ellos en
        entre era eran es esa esas ese eso esos esta estaba estan estar estas este esto estos fue fueron ha habia han hasta
        hay la las le les lo los mas me mi mis muy nada ni no nos nosotros o os otra otro para pero por porque que quien
        quienes se sea ser si sido sin sobre son su sus tambien te tiene tienen todo todos tu tus un una uno unos y ya yo
        """);

    /// <summary>Function words and question words of English.</summary>
    public static readonly FrozenSet<string> English = new[]
    {
        "a", "about", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do", "does", "for", "from",
        "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or",
        "our", "s", "so", "such", "t", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this",
        "those", "to", "was", "we", "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "will",
        "with", "would", "you", "your",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static FrozenSet<string> Of(AnalyzerLanguage language) => language switch
    {
        AnalyzerLanguage.English => English,
        AnalyzerLanguage.German => German,
        AnalyzerLanguage.French => French,
        AnalyzerLanguage.Spanish => Spanish,
        _ => None,
    };

    private static FrozenSet<string> Words(string list) =>
        list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
