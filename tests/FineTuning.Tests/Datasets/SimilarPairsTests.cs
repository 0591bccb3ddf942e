using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Tests.Datasets;

public sealed class SimilarPairsTests
{
    [Fact]
    public void Within_FindsWhatComparingAllWithAllFinds()
    {
        var random = new Random(5);
        var texts = TrainingData.Texts(150, 5).ToList();
        for (var i = 0; i < 450; i++)
        {
            var words = texts[random.Next(texts.Count)].Split(' ');
            words[random.Next(words.Length)] += random.Next(2) == 0 ? "s" : TrainingData.Word(random);
            texts.Add(string.Join(' ', words));
        }

        texts = [.. texts.Distinct()];
        var shingles = texts.Select(Shingles.Of).ToList();
        var wanted = new HashSet<(int, int)>();
        for (var i = 0; i < texts.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Shingles.Jaccard(shingles[i], shingles[j]) >= SimilarPairs.LeastSimilarity)
                {
                    wanted.Add((j, i));
                }
            }
        }

        var found = new List<(int, int)>();
        SimilarPairs.Within(new TextSketches(texts, CancellationToken.None), (_, _) => false, (a, b, _) => found.Add((a, b)), CancellationToken.None);

        wanted.Count.ShouldBeGreaterThan(100);
        found.ShouldBeUnique("a pair is told once");
        found.ShouldAllBe(pair => wanted.Contains(pair), "what is found was measured");
        found.Count.ShouldBeGreaterThanOrEqualTo((int)Math.Floor(0.99 * wanted.Count));
    }

    [Fact]
    public void Between_FindsPairsOfOneSetWithTheOther()
    {
        var first = TrainingData.Texts(100, 1).ToList();
        var second = TrainingData.Texts(50, 2).Append(first[42] + " x").ToList();
        var found = new List<(int, int)>();

        SimilarPairs.Between(
            new TextSketches(first, CancellationToken.None), new TextSketches(second, CancellationToken.None), (a, b, _) => found.Add((a, b)), CancellationToken.None);

        found.ShouldBe([(42, 50)]);
    }

    [Fact]
    public void Estimate_IsNearTheSimilarity()
    {
        var random = new Random(3);
        var errors = new List<double>();
        foreach (var text in TrainingData.Texts(200, 3))
        {
            var words = text.Split(' ');
            words[random.Next(words.Length)] = TrainingData.Word(random);
            string[] texts = [text, string.Join(' ', words)];
            var sketches = new TextSketches(texts, CancellationToken.None);
            errors.Add(TextSketches.Estimate(sketches.Sketch(0), sketches.Sketch(1)) - Shingles.Jaccard(Shingles.Of(texts[0]), Shingles.Of(texts[1])));
        }

        Math.Abs(errors.Average()).ShouldBeLessThan(0.02, "the hash functions are not biased");
        errors.ShouldAllBe(error => Math.Abs(error) < 0.2);
    }

    [Theory]
    [InlineData("Hello,  World!", "hello world")]
    [InlineData("?!?", "?!?")]
    [InlineData("  ", "")]
    [InlineData("Ärger über\tÖl", "ärger über öl")]
    [InlineData("👍", "👍")]
    public void Normalise_KeepsLettersAndDigits(string text, string expected) => ExampleText.Normalise(text).ShouldBe(expected);
}
