using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>The prompt, version 1: rules as the system's message, sources and question as the user's.</summary>
internal static class GroundedPrompt
{
    /// <summary>What the model is to say when the sources do not hold the answer.</summary>
    public const string Abstention = "NOT IN THE SOURCES";

    private const string Resource = "RagPlatform.Generation.Features.Answer.Chat.Prompts.grounded-answer.v1.txt";

    private static readonly string Rules = Load();

    public static IReadOnlyList<ChatMessage> Write(string question, IReadOnlyList<PromptSource> sources)
    {
        var boundary = Boundary(question, sources);
        var user = new StringBuilder();
        foreach (var source in sources)
        {
            user.Append(CultureInfo.InvariantCulture, $"<{boundary} source=\"{source.Number}\">\n{source.Text}\n</{boundary}>\n\n");
        }

        user.Append(CultureInfo.InvariantCulture, $"Question: {question}");
        var system = Rules.Replace("{{boundary}}", boundary, StringComparison.Ordinal).Replace("{{abstention}}", Abstention, StringComparison.Ordinal);
        return [new ChatMessage(ChatRole.System, system), new ChatMessage(ChatRole.User, user.ToString())];
    }

    /// <summary>A word that no source can hold by foresight: it depends on the question and on every source.</summary>
    private static string Boundary(string question, IReadOnlyList<PromptSource> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(question));
        foreach (var source in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(source.Text));
        }

        return "data-" + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static string Load()
    {
        using var stream = typeof(GroundedPrompt).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
