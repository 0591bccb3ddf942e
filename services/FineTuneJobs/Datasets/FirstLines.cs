using System.Buffers;
using System.Text.Json;

namespace RagPlatform.FineTuneJobs.Datasets;

/// <summary>Looks at a file while it passes: counts the lines that are not empty, and tells the format by the first that can be read.</summary>
internal sealed class FirstLines
{
    private const int MaxLinesTried = 20;
    private const int MaxHeadBytes = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isLineEmpty = true;
    private bool _isLineTooLong;
    private int _tried;

    public long Lines { get; private set; }

    public FileFormat Format { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Extend(bytes[..end]);
            EndLine();
            bytes = bytes[(end + 1)..];
        }

        Extend(bytes);
    }

    /// <summary>After the last byte.</summary>
    public void Complete() => EndLine();

    private void Extend(ReadOnlySpan<byte> bytes)
    {
        _isLineEmpty &= !bytes.ContainsAnyExcept(" \t\r"u8);
        if (Format is not FileFormat.Unspecified || _tried >= MaxLinesTried || _isLineTooLong)
        {
            return;
        }

        if (_line.WrittenCount + bytes.Length > MaxHeadBytes)
        {
            _isLineTooLong = true;
        }
        else
        {
            _line.Write(bytes);
        }
    }

    private void EndLine()
    {
        if (!_isLineEmpty)
        {
            Lines++;
            if (Format is FileFormat.Unspecified && _tried++ < MaxLinesTried && !_isLineTooLong)
            {
                Format = Tell(_line.WrittenMemory);
            }
        }

        _line.ResetWrittenCount();
        _isLineEmpty = true;
        _isLineTooLong = false;
    }

    private static FileFormat Tell(ReadOnlyMemory<byte> line)
    {
        try
        {
            var text = line.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? line[3..] : line;
            using var json = JsonDocument.Parse(text);
            return json.RootElement switch
            {
                { ValueKind: not JsonValueKind.Object } => FileFormat.Unspecified,
                var example when example.TryGetProperty("messages", out _) => FileFormat.Chat,
                var example when example.TryGetProperty("prompt", out _) => FileFormat.Completion,
                var example when example.TryGetProperty("query", out _) => FileFormat.Pairs,
                _ => FileFormat.Unspecified,
            };
        }
        // A name with half a surrogate pair cannot be compared.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return FileFormat.Unspecified;
        }
    }
}
