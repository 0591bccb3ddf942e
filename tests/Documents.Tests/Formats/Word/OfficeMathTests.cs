using static RagPlatform.Documents.Tests.Formats.Word.WordFile;

namespace RagPlatform.Documents.Tests.Formats.Word;

public sealed class OfficeMathTests
{
    private static readonly string X = Run("x");

    public static TheoryData<string, string> Equations => new()
    {
        { $"<m:f><m:num>{Run("a+b")}</m:num><m:den>{Run("2")}</m:den></m:f>", "(a+b)/2" },
        { $"<m:sSup><m:e>{X}</m:e><m:sup>{Run("2")}</m:sup></m:sSup>", "x^2" },
        { $"<m:sSubSup><m:e>{X}</m:e><m:sub>{Run("i+1")}</m:sub><m:sup>{Run("n")}</m:sup></m:sSubSup>", "x_(i+1)^n" },
        { $"<m:rad><m:deg/><m:e>{X}</m:e></m:rad>", "√(x)" },
        { $"<m:rad><m:deg>{Run("3")}</m:deg><m:e>{X}</m:e></m:rad>", "√(3&x)" },
        { $"<m:nary><m:naryPr><m:chr m:val=\"∑\"/></m:naryPr><m:sub>{Run("i=1")}</m:sub><m:sup>{Run("n")}</m:sup><m:e>{X}</m:e></m:nary>", "∑_(i=1)^n x" },
        { $"<m:d><m:dPr><m:begChr m:val=\"[\"/><m:endChr m:val=\"]\"/></m:dPr><m:e>{X}</m:e></m:d>", "[x]" },
        { $"<m:func><m:fName>{Run("sin")}</m:fName><m:e>{X}</m:e></m:func>", "sin x" },
        { $"<m:m><m:mr><m:e>{Run("1")}</m:e><m:e>{Run("0")}</m:e></m:mr><m:mr><m:e>{Run("0")}</m:e><m:e>{Run("1")}</m:e></m:mr></m:m>", "[1, 0; 0, 1]" },
        { $"<m:acc><m:accPr><m:chr m:val=\"⃗\"/></m:accPr><m:e>{Run("v")}</m:e></m:acc>", "v⃗" },
    };

    [Theory]
    [MemberData(nameof(Equations))]
    public void Extract_Equation_IsLinear(string equation, string expected) =>
        Read($"<w:p>{R("So ")}<m:oMath>{equation}</m:oMath></w:p>").Show().ShouldBe([$"Paragraph: So {expected}"]);

    [Fact]
    public void Extract_EquationsInsideOneAnother_TakeTimeOfTheirLength()
    {
        // Twice the work at each of 80 levels would not end before the sun does.
        var equation = X;
        for (var depth = 0; depth < 80; depth++)
        {
            equation = $"<m:nary><m:sub>{equation}</m:sub><m:e>{X}</m:e></m:nary>";
        }

        Read($"<w:p><m:oMath>{equation}</m:oMath></w:p>").Text.Count(character => character == '∫').ShouldBe(80);
    }

    private static string Run(string text) => $"<m:r><m:t>{text}</m:t></m:r>";
}
