namespace RagPlatform.Provisioning.Tests;

/// <summary>A machine that has the given programs and answers as it is told; remembers what was run.</summary>
internal sealed class FakeCommands(params string[] programs) : ICommands
{
    private readonly Dictionary<string, CommandResult> answers = new(StringComparer.Ordinal);

    public List<string> Ran { get; } = [];

    public Action<string, IReadOnlyList<string>> OnRun { get; set; } = static (_, _) => { };

    public FakeCommands Answers(string commandStart, int exitCode, string output = "", string error = "")
    {
        answers[commandStart] = new CommandResult(exitCode, output, error);
        return this;
    }

    public string? Find(string program) => programs.Contains(program, StringComparer.Ordinal) ? program : null;

    public Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var line = string.Join(' ', [program, .. arguments]);
        Ran.Add(line);
        OnRun(program, arguments);
        var answer = answers.Where(pair => line.StartsWith(pair.Key, StringComparison.Ordinal)).OrderByDescending(pair => pair.Key.Length).Select(pair => pair.Value).FirstOrDefault();
        return Task.FromResult(answer ?? new CommandResult(0, "", ""));
    }
}
