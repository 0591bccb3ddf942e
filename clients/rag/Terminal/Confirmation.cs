namespace RagPlatform.CommandLine.Terminal;

/// <summary>Asks before something is lost.</summary>
internal static class Confirmation
{
    /// <param name="session">Where the question and the answer go.</param>
    /// <param name="question">Without a question mark.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="refused">What is told when it was not confirmed.</param>
    /// <exception cref="CommandException">It was not confirmed.</exception>
    public static async Task ConfirmAsync(this Session session, string question, CancellationToken cancellationToken, string refused = "nothing was deleted.")
    {
        session.Err.Write($"{PlainText.Of(question)}? [y/N] ");
        session.Err.Flush();
        using var input = new StreamReader(session.OpenInput());
        // A console's read does not end with its token.
        var answer = await input.ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
        if (answer?.Trim() is not { } word || !(word.Equals("y", StringComparison.OrdinalIgnoreCase) || word.Equals("yes", StringComparison.OrdinalIgnoreCase)))
        {
            throw new CommandException(refused, "Answer y, or give --yes.");
        }
    }
}
