using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Transformers.Generation;

namespace RagPlatform.Transformers.Tests.Generation;

public sealed class StopSequencesTests
{
    [Fact]
    public void Check_TooManyOrTooLongOrEmpty_NamesThem()
    {
        Refused([.. Enumerable.Repeat("a", 65)]).ShouldContain("64 at most");
        Refused([new string('a', 1025)]).ShouldContain("1024 characters");
        Refused(["a", ""]).ShouldContain("empty");
        new GenerationSettings { StopSequences = [.. Enumerable.Repeat(new string('a', 1024), 64)] }.Check();

        static string Refused(string[] stops) =>
            Should.Throw<ArgumentOutOfRangeException>(() => new GenerationSettings { StopSequences = stops }.Check()).Message;
    }

    [Fact]
    public void Append_AnyCutOfAnyText_PassesOnWhatIsBeforeTheFirstStop()
    {
        var text = Gen.Elements('a', 'b', 'c').ListOf().Select(characters => string.Concat(characters));
        var stop = Gen.Elements('a', 'b').NonEmptyListOf().Select(characters => string.Concat(characters.Take(4)));
        var cases = from stops in stop.ListOf() from parts in text.ListOf() select (stops, parts);
        Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            var (stops, parts) = (drawn.stops.Take(3).ToList(), drawn.parts.ToList());
            var all = string.Concat(parts);
            var first = stops.Select(sequence => all.IndexOf(sequence, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(all.Length).Min();
            var sequences = new StopSequences(stops);
            var passed = "";
            foreach (var part in parts)
            {
                passed += sequences.Append(part);
                all.ShouldStartWith(passed);
            }

            // Where two overlap, the one that is whole first ends the text, though the other began earlier.
            var whole = passed + sequences.Finish();
            sequences.IsStopped.ShouldBe(first < all.Length || stops.Any(sequence => all.Contains(sequence, StringComparison.Ordinal)));
            stops.ShouldAllBe(sequence => !whole.Contains(sequence, StringComparison.Ordinal));
            (sequences.IsStopped || whole == all).ShouldBeTrue();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Append_WhatCouldBecomeAStop_IsHeldBackAndGivenAtTheEnd()
    {
        var sequences = new StopSequences(["\n\nUser:"]);
        sequences.Append("Hello.\n").ShouldBe("Hello.");
        sequences.Append("\nUs").ShouldBe("");
        sequences.Append("ing").ShouldBe("\n\nUsing");
        sequences.Append("\n").ShouldBe("");
        sequences.Finish().ShouldBe("\n");
    }
}
