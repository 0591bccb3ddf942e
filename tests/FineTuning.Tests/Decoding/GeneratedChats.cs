using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuning.Tests.Decoding;

/// <summary>
/// Short conversations from a seed, in the words of children's stories: who has what is told and asked for; what was not told is refused.
/// Each is told once: no two are the same.
/// </summary>
internal static class GeneratedChats
{
    private static readonly string[] Names = ["Tom", "Lily", "Sara", "Ben", "Mia", "Tim", "Anna", "Max", "Jack", "Lucy"];
    private static readonly string[] Colors = ["red", "blue", "big", "little", "green", "pretty", "old", "new"];
    private static readonly string[] Things = ["ball", "car", "cat", "dog", "hat", "book", "box", "bird", "toy", "flower"];

    public const string Refusal = "I'm sorry, I do not know.";

    /// <param name="count">At most 2,000.</param>
    /// <param name="seed">The same gives the same conversations.</param>
    public static IReadOnlyList<ChatExample> Make(int count, int seed)
    {
        var random = new Random(seed);
        var (chats, told) = (new List<ChatExample>(), new HashSet<string>(StringComparer.Ordinal));
        while (chats.Count < count)
        {
            var (one, other) = (Names[random.Next(Names.Length)], Names[random.Next(Names.Length)]);
            string first = Thing(), second = Thing();
            var isKnown = random.Next(5) > 0;
            var asked = isKnown ? (random.Next(2) == 0 ? first : second) : Thing();
            if (one == other || first == second || (!isKnown && (asked == first || asked == second)))
            {
                continue;
            }

            var question = $"{one} has a {first}. {other} has a {second}. Who has the {asked}?";
            if (told.Add(question))
            {
                var answer = isKnown ? $"{(asked == first ? one : other)} has the {asked}." : Refusal;
                chats.Add(new ChatExample(chats.Count + 1, "", [new ChatTurn("user", question, null, 1), new ChatTurn("assistant", answer, null, 1)], null));
            }
        }

        return chats;

        string Thing() => $"{Colors[random.Next(Colors.Length)]} {Things[random.Next(Things.Length)]}";
    }
}
