using System.Text.Json;

namespace RagPlatform.FineTuneJobs.Tests.Support;

/// <summary>Small files of examples.</summary>
internal static class Examples
{
    /// <summary>Chat examples of two labels.</summary>
    public static string Chat(int count = 40, string salt = "") => string.Concat(Enumerable.Range(0, count).Select(index => JsonSerializer.Serialize(new
    {
        messages = new[]
        {
            new { role = "user", content = index % 2 == 0 ? $"please book a table for {index} people {salt}" : $"what is the weather in city {index} {salt}" },
            new { role = "assistant", content = index % 2 == 0 ? """{"intent":"book"}""" : """{"intent":"weather"}""" },
        },
    }) + "\n"));
}
