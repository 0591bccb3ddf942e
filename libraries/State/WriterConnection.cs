using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace RagPlatform.State;

/// <summary>
/// A connection that keeps the statements it has prepared. SQLite takes longer to parse and plan a short statement than to
/// run it. Those of commands that are made through <see cref="DbConnection"/> are kept, as Dapper makes them (<see cref="KeptCommand"/>).
/// </summary>
internal sealed class WriterConnection(string connectionString) : SqliteConnection(connectionString)
{
    /// <summary>Statements kept at most; texts that are made for one occasion must not grow into a store of their own.</summary>
    public const int MaxStatements = 256;

    private readonly Dictionary<string, SqliteCommand> _idle = new(StringComparer.Ordinal);

    /// <summary>Of this text, prepared, and used by no one else until it is given back.</summary>
    public SqliteCommand Take(string text)
    {
        if (_idle.Remove(text, out var command))
        {
            return command;
        }

        command = CreateCommand();
        command.CommandText = text;
        return command;
    }

    /// <summary>Keeps it for the next time.</summary>
    public void Give(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.Transaction = null;
        if (_idle.Count >= MaxStatements || !_idle.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    protected override DbCommand CreateDbCommand() => new KeptCommand(this);
}
