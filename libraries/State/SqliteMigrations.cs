using Microsoft.Data.Sqlite;

namespace RagPlatform.State;

/// <summary>
/// Brings a database to the version this program knows: script n leads from version n to n + 1, each in one
/// transaction with its number (PRAGMA user_version), so that a crash leaves a whole version behind. Scripts that have
/// been released are never edited; a change is a new script.
/// </summary>
internal static class SqliteMigrations
{
    public static void Apply(SqliteConnection connection, string path, IReadOnlyList<string> migrations)
    {
        while (true)
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "PRAGMA user_version";
            var version = Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
            if (version > migrations.Count)
            {
                throw new InvalidOperationException(
                    $"{path}: the database is of version {version}, this program knows up to {migrations.Count}. Run the newer program that wrote it, or restore a backup from before the upgrade.");
            }

            if (version == migrations.Count)
            {
                return;
            }

            command.CommandText = $"{migrations[version]};\nPRAGMA user_version = {version + 1}";
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }
}
