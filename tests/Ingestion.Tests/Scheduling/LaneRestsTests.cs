using RagPlatform.Ingestion.Scheduling;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Scheduling;

public sealed class LaneRestsTests
{
    private static readonly Lane Docs = new("default", "docs");

    private readonly ManualTime _clock = new();

    [Fact]
    public void Outage_OfYesterday_ThatNobodySawTheEndOf_IsNotTodays()
    {
        var rests = Rests();
        for (var failure = 1; failure <= 6; failure++)
        {
            rests.Failed(Docs).Failures.ShouldBe(failure);
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        _clock.Advance(TimeSpan.FromHours(25));

        rests.Failed(Docs).ShouldBe(new Outage(1, TimeSpan.Zero), "what waited for the services was deleted; what comes now has all its patience");
    }

    [Fact]
    public void Outage_WithTriesAsRareAsTheyGet_IsOne()
    {
        var rests = Rests();
        var length = TimeSpan.Zero;
        for (var hour = 0; hour < 24; hour++)
        {
            for (var postponement = 0; postponement < 4; postponement++)
            {
                length = rests.Failed(Docs).Length;
                _clock.Advance(TimeSpan.FromSeconds(PostponementSeconds));
            }
        }

        length.TotalHours.ShouldBe(24, tolerance: 1);
    }

    private const int PostponementSeconds = Ingestion.Registry.VersionProgress.MaxPostponementSeconds;

    private LaneRests Rests() => new(Microsoft.Extensions.Options.Options.Create(new IngestionOptions()), _clock);
}
