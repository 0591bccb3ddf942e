using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace RagPlatform.CommandLine.Terminal;

/// <summary>The world as commands see it: where they write, what they read, the environment, the current folder.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>Wide enough that nothing wraps in a file or a pipe.</summary>
    private const int UnlimitedWidth = 100_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions JsonLine = new(Json) { WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public required TextWriter Out { get; init; }

    public required TextWriter Err { get; init; }

    public required Func<Stream> OpenInput { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public required string CurrentDirectory { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrIsTerminal { get; init; }

    /// <summary>Data for people, with colours only on a terminal.</summary>
    public IAnsiConsole Console => field ??= Create(Out, OutIsTerminal);

    /// <summary>Progress and errors, so that they never mix into piped data.</summary>
    public IAnsiConsole ErrorConsole => field ??= Create(Err, ErrIsTerminal);

    /// <summary>How the user calls this program, to be repeated in hints.</summary>
    public string CommandName => Environment("RAG_COMMAND") is { Length: > 0 } name ? name : "rag";

    public static Session ForConsole() => new()
    {
        Out = System.Console.Out,
        Err = System.Console.Error,
        OpenInput = System.Console.OpenStandardInput,
        Environment = System.Environment.GetEnvironmentVariable,
        CurrentDirectory = Directory.GetCurrentDirectory(),
        OutIsTerminal = !System.Console.IsOutputRedirected,
        ErrIsTerminal = !System.Console.IsErrorRedirected,
    };

    /// <summary>One line or two: what: reason. remedy.</summary>
    public void Error(string what, string reason, string? remedy)
    {
        ErrorConsole.MarkupLine($"[red]{Markup.Escape(PlainText.Of(what))}:[/] {Markup.Escape(PlainText.Of(reason))}");
        if (remedy is not null)
        {
            ErrorConsole.MarkupLine(Markup.Escape(PlainText.Of(remedy)));
        }
    }

    /// <summary>One line of what is going on, for people.</summary>
    public void Note(string line) => ErrorConsole.MarkupLine($"[grey]{Markup.Escape(line)}[/]");

    public void WriteJson<T>(T document) => Out.WriteLine(JsonSerializer.Serialize(document, Json));

    /// <summary>One of many, in one line, without what is not set; whoever reads along has it at once.</summary>
    public void WriteJsonLine<T>(T document)
    {
        Out.WriteLine(JsonSerializer.Serialize(document, JsonLine));
        Out.Flush();
    }

    public void Dispose()
    {
        Out.Flush();
        Err.Flush();
    }

    private IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        var plain = !isTerminal || Environment("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = UnlimitedWidth;
        }

        return console;
    }
}
