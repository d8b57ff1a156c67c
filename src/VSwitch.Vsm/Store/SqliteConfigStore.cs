using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace VSwitch.Vsm;

/// <summary>
/// The configuration store on one machine: a SQLite file in the state directory.
///
/// A write-ahead log with <c>synchronous=FULL</c> means that a commit returns when the log is on the disk, and that a
/// commit cut short by a crash is not there at all. The file is locked as long as the store is open, so two supervisors
/// never share one. It is made under another name and renamed when it is whole: a file of that name that is empty or cut
/// short is therefore damaged and never "new", and is left exactly as it is. Each text carries its SHA-256, for what
/// SQLite does not notice.
/// </summary>
public sealed class SqliteConfigStore : IConfigStore
{
    private const string FileName = "vsm.db";
    private const int SchemaVersion = 1;

    private const string CreateTable = """
        CREATE TABLE configuration (
          kind TEXT NOT NULL, rank INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, sha256 BLOB NOT NULL,
          PRIMARY KEY (kind, name))
        """;

    private const string Running = "running";
    private const string Startup = "startup";

    /// <summary>SQLite's SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE (sqlite3.h): closing leaves file and log as they are.</summary>
    private const int NoCheckpointOnClose = 1006;

    private readonly SqliteConnection _connection;

    private SqliteConfigStore(SqliteConnection connection, string path)
    {
        _connection = connection;
        Location = path;
    }

    public string Location { get; }

    /// <summary>Opens the store of a state directory, and makes directory and store if they do not exist.</summary>
    /// <exception cref="StoreException">The store cannot be used; nothing was changed.</exception>
    public static SqliteConfigStore Open(string stateDirectory)
    {
        Batteries_V2.Init();
        string path = Path.Combine(stateDirectory, FileName);
        try
        {
            Directory.CreateDirectory(stateDirectory);
            if (!File.Exists(path))
                Create(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StoreException($"The state directory {stateDirectory} cannot be used: {e.Message}", e);
        }

        return OpenExisting(path);
    }

    public string? LoadRunning() => Load(Running);

    public string? LoadStartup() => Load(Startup);

    public void SaveRunning(IEnumerable<ConfigPart> changes) => Save(Running, changes);

    public void SaveStartup(string? text) => Save(Startup, [new ConfigPart(0, Startup, text)]);

    public void Dispose() => _connection.Dispose();

    /// <summary>Makes an empty store under another name and gives it its own when it is on the disk.</summary>
    private static void Create(string path)
    {
        string unfinished = path + ".new";
        File.Delete(unfinished);
        using (SqliteConnection connection = Connect(unfinished))
        {
            Execute(connection, "PRAGMA synchronous = FULL");
            Execute(connection, CreateTable);
            Execute(connection, $"PRAGMA user_version = {SchemaVersion}");
        }

        File.Move(unfinished, path);
    }

    private static SqliteConfigStore OpenExisting(string path)
    {
        var connection = Connect(path);
        try
        {
            // Until the file has proved to be whole, closing it must not touch it.
            raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
            Check(connection, path);
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = FULL");
            var store = new SqliteConfigStore(connection, path);
            store.LoadRunning();
            store.LoadStartup();
            Execute(connection, "BEGIN IMMEDIATE; ROLLBACK");
            raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 0, out _);
            return store;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            connection.Dispose();
            throw new StoreException(
                $"The configuration store {path} is in use by another vsm. Give each vsm a state directory of its own.", e);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Damaged(path, e.Message, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Check(SqliteConnection connection, string path)
    {
        if (new FileInfo(path).Length == 0)
            throw Damaged(path, "it is empty");
        if (Query(connection, "PRAGMA integrity_check(1)") is var verdict && verdict is not "ok")
            throw Damaged(path, $"{verdict}");
        if (Query(connection, "PRAGMA user_version") is var version && version is not (long)SchemaVersion)
            throw new StoreException($"The configuration store {path} has format {version}; this vsm reads format {SchemaVersion}.");
    }

    private string? Load(string kind)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT name, text, sha256 FROM configuration WHERE kind = $kind ORDER BY rank, name";
        command.Parameters.AddWithValue("$kind", kind);
        using SqliteDataReader reader = command.ExecuteReader();
        StringBuilder? whole = null;
        while (reader.Read())
        {
            string text = reader.GetString(1);
            if (!Hash(text).AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(2)))
                throw Damaged(Location, $"{reader.GetString(0)} of the {kind} configuration does not have the checksum stored with it");
            whole = (whole ?? new StringBuilder()).Append(text);
        }

        return whole?.ToString();
    }

    private void Save(string kind, IEnumerable<ConfigPart> changes)
    {
        try
        {
            Execute(_connection, "BEGIN IMMEDIATE");
            foreach (ConfigPart part in changes)
                Save(kind, part);
            Execute(_connection, "COMMIT");
        }
        catch (SqliteException e)
        {
            throw new StoreException($"The configuration store {Location} cannot be written: {e.Message}", e);
        }
        finally
        {
            // Not so after a commit, nor when SQLite has rolled back by itself, as it does when the disk is full.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                Execute(_connection, "ROLLBACK");
        }
    }

    private void Save(string kind, ConfigPart part)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = part.Text is null
            ? "DELETE FROM configuration WHERE kind = $kind AND name = $name"
            : "INSERT OR REPLACE INTO configuration (kind, rank, name, text, sha256) VALUES ($kind, $rank, $name, $text, $sha256)";
        command.Parameters.AddWithValue("$kind", kind);
        command.Parameters.AddWithValue("$name", part.Name);
        if (part.Text is not null)
        {
            command.Parameters.AddWithValue("$rank", part.Rank);
            command.Parameters.AddWithValue("$text", part.Text);
            command.Parameters.AddWithValue("$sha256", Hash(part.Text));
        }

        command.ExecuteNonQuery();
    }

    private static StoreException Damaged(string path, string how, Exception? inner = null) => new(
        $"The configuration store {path} is damaged: {how.TrimEnd('.')}. It was left as it is. Put a copy back in its place, or move it away "
        + "together with its -wal file to start with an empty configuration.", inner);

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = path.EndsWith(".new", StringComparison.Ordinal) ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql) => Query(connection, sql);

    private static object? Query(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
