using System.Text;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// Equations of Office (OMML, ECMA-376 part 1, 22.1) in the linear format that Word shows and reads itself: Sargent,
/// "UnicodeMath", Unicode Technical Note 28: "(a+b)/2", "√(x)", "∑_(i=1)^n x_i".
/// </summary>
internal static class OfficeMath
{
    public static string Linear(XElement math)
    {
        var text = new StringBuilder();
        Append(text, math);
        return text.ToString().Trim();
    }

    private static void Append(StringBuilder text, XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "t":
                // Word puts invisible operators between a function and its argument, and between factors.
                text.Append(element.Value.Replace('\u2061', ' ').Replace("\u2062", "", StringComparison.Ordinal));
                break;
            case "f":
                AppendFraction(text, element);
                break;
            case "sSup":
                text.Append(Base(element)).Append('^').Append(Operand(element, "sup"));
                break;
            case "sSub":
                text.Append(Base(element)).Append('_').Append(Operand(element, "sub"));
                break;
            case "sSubSup":
                text.Append(Base(element)).Append('_').Append(Operand(element, "sub")).Append('^').Append(Operand(element, "sup"));
                break;
            case "sPre":
                text.Append('_').Append(Operand(element, "sub")).Append('^').Append(Operand(element, "sup")).Append(Base(element));
                break;
            case "limLow":
                text.Append(Base(element)).Append('_').Append(Operand(element, "lim"));
                break;
            case "limUpp":
                text.Append(Base(element)).Append('^').Append(Operand(element, "lim"));
                break;
            case "rad":
                var degree = Of(element, "deg");
                text.Append('√').Append('(').Append(degree.Length > 0 ? degree + "&" : "").Append(Of(element, "e")).Append(')');
                break;
            case "nary":
                AppendOperator(text, element);
                break;
            case "d":
                var properties = element.Child("dPr");
                text.Append(Character(properties, "begChr", "("))
                    .AppendJoin(Character(properties, "sepChr", "|"), element.Children("e").Select(Linear))
                    .Append(Character(properties, "endChr", ")"));
                break;
            case "func":
                text.Append(Of(element, "fName")).Append(Operand(element, "e", isArgument: true));
                break;
            case "m":
                text.Append('[').AppendJoin("; ", element.Children("mr").Select(row => string.Join(", ", row.Children("e").Select(Linear)))).Append(']');
                break;
            case "eqArr":
                text.AppendJoin("; ", element.Children("e").Select(Linear));
                break;
            case "acc":
                text.Append(Base(element)).Append(Character(element.Child("accPr"), "chr", "\u0302"));
                break;
            case "oMathPara":
                text.AppendJoin('\n', element.Children("oMath").Select(Linear));
                break;
            case "del" or "moveFrom":
                break;
            default:
                foreach (var child in element.Elements())
                {
                    Append(text, child);
                }

                break;
        }
    }

    private static void AppendFraction(StringBuilder text, XElement fraction)
    {
        if (fraction.Child("fPr").Child("type").Value("val") == "noBar")
        {
            text.Append(Operand(fraction, "num")).Append('¦').Append(Operand(fraction, "den"));
            return;
        }

        text.Append(Operand(fraction, "num")).Append('/').Append(Operand(fraction, "den"));
    }

    private static void AppendOperator(StringBuilder text, XElement operation)
    {
        text.Append(Character(operation.Child("naryPr"), "chr", "∫"));
        var from = Operand(operation, "sub");
        var to = Operand(operation, "sup");
        text.Append(from.Length > 0 ? "_" + from : "").Append(to.Length > 0 ? "^" + to : "");
        text.Append(' ').Append(Of(operation, "e"));
    }

    private static string Of(XElement element, string child) => element.Child(child) is { } found ? Linear(found) : "";

    private static string Base(XElement element) => Operand(element, "e");

    /// <summary>In brackets unless it reads as one.</summary>
    private static string Operand(XElement element, string child, bool isArgument = false)
    {
        var text = Of(element, child);
        var isOne = text.Length <= 1 || text.All(character => char.IsAsciiDigit(character) || character == '.') || text.All(char.IsLetter);
        return isArgument && text is ['(', .., ')'] ? text
            : isArgument && isOne ? " " + text
            : isOne ? text
            : $"({text})";
    }

    private static string Character(XElement? properties, string name, string otherwise) =>
        properties.Child(name) is { } property ? property.Value("val") ?? "" : otherwise;
}
