using System.Text;

namespace RagPlatform.FineTuneJobs.Workers.Processes;

/// <summary>The first and the last that a process said that is no line of the protocol: for the message of its death.</summary>
internal sealed class LastWords
{
    private const int KeptCharacters = 300;

    private readonly Lock _lock = new();
    private string _first = "";
    private string _last = "";

    public void Add(ReadOnlySpan<byte> line) => Add(Encoding.UTF8.GetString(line.Length <= KeptCharacters ? line : line[..KeptCharacters]) + " ");

    /// <summary>Reads a stream to its end.</summary>
    public async Task DrainAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        try
        {
            while (await reader.ReadAsync(buffer) is > 0 and var read)
            {
                Add(new string(buffer, 0, read));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process is gone, and its pipe with it.
        }
    }

    /// <summary>On one line; empty when it said nothing.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join(' ', $"{_first}{_last}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private void Add(string text)
    {
        lock (_lock)
        {
            var room = Math.Min(text.Length, KeptCharacters - _first.Length);
            _first += text[..room];
            _last += text[room..];
            _last = _last.Length <= KeptCharacters ? _last : $" … {_last[^(KeptCharacters - 3)..]}";
        }
    }
}
