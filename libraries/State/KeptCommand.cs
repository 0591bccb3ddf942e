using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace RagPlatform.State;

/// <summary>
/// A command whose statement comes from its connection when it is run and goes back when it is disposed. One that failed does
/// not, nor one with a large value, which would stay in memory with it.
/// </summary>
internal sealed class KeptCommand(WriterConnection connection) : DbCommand
{
    /// <summary>Bytes, or characters, of a value that may stay bound.</summary>
    private const int MaxKeptLength = 64 * 1024;

    /// <summary>Its own, whatever its text is by the time it is run: a list of values changes both.</summary>
    private readonly SqliteParameterCollection _parameters = new SqliteCommand().Parameters;

    private SqliteCommand? _command;
    private bool _hasFailed;

    [AllowNull]
    public override string CommandText { get; set => field = value ?? ""; } = "";

    public override int CommandTimeout { get; set; } = connection.DefaultTimeout;

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("A kept command stays with its connection.");
    }

    protected override DbParameterCollection DbParameterCollection => _parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel() => _command?.Cancel();

    public override void Prepare()
    {
        // Its statement is, from the second time on.
    }

    public override int ExecuteNonQuery() => Run(static command => command.ExecuteNonQuery());

    public override object? ExecuteScalar() => Run(static command => command.ExecuteScalar());

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Run(command => command.ExecuteReader(behavior));

    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Leave();
        }

        base.Dispose(disposing);
    }

    private T Run<T>(Func<SqliteCommand, T> execute)
    {
        if (_command?.CommandText != CommandText)
        {
            Leave();
            _command = connection.Take(CommandText);
        }

        _command.CommandTimeout = CommandTimeout;
        _command.CommandType = CommandType;
        _command.Transaction = (SqliteTransaction?)DbTransaction;
        _command.Parameters.Clear();
        _command.Parameters.AddRange(_parameters.Cast<SqliteParameter>());
        try
        {
            return execute(_command);
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }

    private static bool IsLarge(SqliteParameter parameter) => parameter.Value is byte[] { Length: > MaxKeptLength } or string { Length: > MaxKeptLength };

    private void Leave()
    {
        if (_command is { } command)
        {
            _command = null;
            if (_hasFailed || command.Parameters.Cast<SqliteParameter>().Any(IsLarge))
            {
                command.Dispose();
            }
            else
            {
                connection.Give(command);
            }
        }

        _hasFailed = false;
    }
}
