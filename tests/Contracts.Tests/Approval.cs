using System.Runtime.CompilerServices;

namespace RagPlatform.Contracts.Tests;

/// <summary>
/// Compares a text with the approved one beside the tests. On a difference the new text is written as
/// NAME.received.txt: rename it over NAME.txt when the change is meant, and say in the commit why it is additive.
/// </summary>
internal static class Approval
{
    public static void ShouldMatchApproved(this string received, string name, [CallerFilePath] string here = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(here)!, "Approved");
        var approvedFile = Path.Combine(folder, name + ".txt");
        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile) : "";
        if (Normalise(received) != Normalise(approved))
        {
            File.WriteAllText(Path.Combine(folder, name + ".received.txt"), received);
        }

        Normalise(received).ShouldBe(Normalise(approved));
    }

    private static string Normalise(string text) => text.ReplaceLineEndings("\n").TrimEnd();
}
