using Microsoft.Extensions.Options;

namespace RagPlatform.FineTuneJobs.Workers.Commands;

/// <summary>Commands are checked when the service starts, each by name.</summary>
internal sealed class TrainingCommandValidation : IValidateOptions<FineTuneJobsOptions>
{
    public ValidateOptionsResult Validate(string? name, FineTuneJobsOptions options)
    {
        var problems = options.Commands.Select(command => command.Value.Problem(command.Key)).OfType<string>().ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
