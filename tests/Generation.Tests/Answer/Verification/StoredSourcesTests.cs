using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Generation.Dependencies;
using RagPlatform.Generation.Features.Answer;
using RagPlatform.Generation.Features.Answer.Verification;

namespace RagPlatform.Generation.Tests.Answer.Verification;

public sealed class StoredSourcesTests
{
    private static readonly AnswerQuestion Question = new("acme", "docs", "q", "", 8);

    [Fact]
    public async Task Cite_AnyQuoteAtAnyOffset_IsCitedOnlyWhereItIsStored()
    {
        const string document = "aab aab aba 12 112 21";
        var stored = await StoredSources.ReadAsync(new Documents(document), Question, [Source(1, 4, document.Length)], CancellationToken.None);
        var cite = Prop.ForAll(
            Arb.From(Gen.Elements("aab", "ab", "12", "112", "", "b a", "zz", document)), Arb.From(Gen.Choose(-3, 30)), (quote, start) =>
            {
                var citation = stored.Cite(1, quote, start);
                var isThere = quote.Length > 0 && start >= 0 && start + 4 + quote.Length <= document.Length && document.Substring(start + 4, quote.Length) == quote;
                return isThere
                    ? citation is not null && document[citation.Start..citation.End] == quote
                    : citation is null;
            });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20260717, 1), cite);
    }

    [Theory]
    [InlineData(0, 99)]
    [InlineData(-1, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 2)]
    [InlineData(0, 16_385)]
    public async Task Read_RangeThatIsNotStored_SupportsNothing(int start, int end)
    {
        var stored = await StoredSources.ReadAsync(new Documents("Ten chars."), Question, [Source(1, start, end)], CancellationToken.None);

        stored.TextOf(1).ShouldBeNull();
        stored.Cite(1, "Ten", 0).ShouldBeNull();
    }

    [Fact]
    public async Task Cite_SourceThatWasNotRead_IsNull()
    {
        var stored = await StoredSources.ReadAsync(new Documents("Ten chars."), Question, [Source(1, 0, 10)], CancellationToken.None);

        stored.Cite(2, "Ten", 0).ShouldBeNull();
    }

    private static Source Source(int number, int start, int end) =>
        new(number, "c", "d", 1, "", "", [], "claimed", start, end, 1, 1, 1, new Dictionary<string, string>());

    private sealed class Documents(string text) : IStoredTextReader
    {
        public Task<IReadOnlyList<StoredPassage?>> ReadAsync(string tenant, string collection, IReadOnlyList<StoredRange> ranges, bool widen, CancellationToken cancellationToken)
        {
            ranges.ShouldAllBe(range => range.Start >= 0 && range.End > range.Start && range.End - range.Start <= StoredRange.MaxCharacters);
            return Task.FromResult<IReadOnlyList<StoredPassage?>>(
                [.. ranges.Select(range => range.End <= text.Length ? new StoredPassage(text[range.Start..range.End], range.Start, range.End, "") : null)]);
        }
    }
}
