namespace RagPlatform.Transformers.Tests.Fuzz;

/// <summary>
/// Whatever a model's files hold, they are read or refused with InvalidDataException or FileNotFoundException whose message
/// says where; within a second, and without allocating by the file's say-so.
/// </summary>
public sealed class FuzzTests
{
    private static readonly FuzzSubject[] All = [.. WeightSubjects.All, .. TokenizerSubjects.All, .. ConfigurationSubjects.All];

    public static TheoryData<string> Subjects => [.. All.Select(subject => subject.Name)];

    [Theory]
    [MemberData(nameof(Subjects))]
    public void Read_DamagedFiles_AreReadOrRefusedAndNothingElse(string name)
    {
        var subject = All.Single(subject => subject.Name == name);

        var outcome = FuzzRun.Run(subject);

        outcome.Complaints.ShouldBeEmpty();
        (outcome.Read + outcome.Refused).ShouldBe(subject.Cases);
        // Damage that is always or never noticed would try little.
        outcome.Read.ShouldBeGreaterThan(0);
        outcome.Refused.ShouldBeGreaterThan(subject.Cases / 10);
    }

    [Fact]
    public void Subjects_Together_AreTenThousandCases() => All.Sum(subject => subject.Cases).ShouldBeGreaterThanOrEqualTo(10_000);
}
