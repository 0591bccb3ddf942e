using System.Globalization;

namespace RagPlatform.Bench.Engines.Crash;

/// <summary>What the killed processes said: of each document the version acknowledged last, 0 for none, and the one that was under way.</summary>
internal sealed class CrashJournal
{
    private readonly Dictionary<string, long> _acknowledged = [];
    private readonly Dictionary<string, long> _underWay = [];
    private readonly Dictionary<string, long> _found = [];

    public int Operations { get; private set; }

    /// <summary>Times an index was found as it must be.</summary>
    public int Comparisons { get; private set; }

    /// <summary>Acknowledged after all: under way when the process was killed, and there when the next one looked.</summary>
    public int Finished { get; private set; }

    public List<string> Failures { get; } = [];

    public void Read(string line)
    {
        if (!line.EndsWith(';'))
        {
            return;
        }

        var words = line[..^1].Split(' ');
        switch (words)
        {
            case ["opening"]:
                _found.Clear();
                break;
            case ["held", var id, var version]:
                _found.Add(id, Number(version));
                break;
            case ["wrong" or "lost", ..]:
                Failures.Add(line);
                break;
            case ["ready"]:
                Compare();
                break;
            case ["begin", var id, var version]:
                _underWay[id] = Number(version);
                break;
            case ["done", var id, var version]:
                _acknowledged[id] = Number(version);
                _underWay.Remove(id);
                Operations++;
                break;
        }
    }

    private void Compare()
    {
        Comparisons++;
        foreach (var id in _acknowledged.Keys.Union(_underWay.Keys).Union(_found.Keys).ToList())
        {
            var found = _found.GetValueOrDefault(id);
            var acknowledged = _acknowledged.GetValueOrDefault(id);
            var isUnderWay = _underWay.TryGetValue(id, out var underWay);
            if (found != acknowledged && !(isUnderWay && found == underWay))
            {
                Failures.Add($"{id} is of version {found}; {acknowledged} was acknowledged, {(isUnderWay ? underWay : "nothing")} was under way.");
            }

            Finished += isUnderWay && found == underWay ? 1 : 0;
            _acknowledged[id] = found;
        }

        _underWay.Clear();
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
