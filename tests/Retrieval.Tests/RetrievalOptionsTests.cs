using System.ComponentModel.DataAnnotations;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval.Tests;

public class RetrievalOptionsTests
{
    public static TheoryData<string, RetrievalOptions> OutOfRange => new()
    {
        { nameof(RetrievalOptions.Store), new RetrievalOptions { Store = "elsewhere" } },
        { nameof(RetrievalOptions.VectorWeight), new RetrievalOptions { VectorWeight = 1.01 } },
        { nameof(RetrievalOptions.VectorWeight), new RetrievalOptions { VectorWeight = double.NaN } },
        { nameof(RetrievalOptions.TitleWeight), new RetrievalOptions { TitleWeight = 0 } },
        { nameof(RetrievalOptions.Language), new RetrievalOptions { Language = (AnalyzerLanguage)99 } },
        { nameof(RetrievalOptions.ConcurrentMessages), new RetrievalOptions { ConcurrentMessages = 65 } },
        { nameof(RetrievalOptions.PrefetchedMessages), new RetrievalOptions { PrefetchedMessages = 0 } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void Options_OutOfRange_AreRefusedByName(string name, RetrievalOptions options)
    {
        var results = Validate(options);

        results.ShouldHaveSingleItem().ErrorMessage!.ShouldContain(name);
    }

    [Fact]
    public void Options_Defaults_AreValid() => Validate(new RetrievalOptions()).ShouldBeEmpty();

    private static List<ValidationResult> Validate(RetrievalOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results;
    }
}
