using Npgsql;

namespace LienThong.Platform.Storage;

/// <summary>
/// On PostgreSQL the application need not own its tables. Given an owner's connection, the schema is made by the owner, and the application's
/// own role gets what it needs and no more: it changes no schema, and of what is append-only it may read and add, but not update, delete or
/// truncate; nor can it switch the triggers off, because only an owner can (R-NFR-04).
/// </summary>
public static class ApplicationRole
{
    /// <summary>Tables that only grow. Their triggers refuse changes to everybody; here the very right is missing.</summary>
    private static readonly string[] AppendOnly = ["storage_audit", "storage_audit_seal", "shared_parameter"];

    public static async Task GrantAsync(string ownerConnection, string applicationConnection, CancellationToken cancellationToken)
    {
        var application = new NpgsqlConnectionStringBuilder(StorageOptions.PostgresConnectionString(applicationConnection));
        var owner = new NpgsqlConnectionStringBuilder(StorageOptions.PostgresConnectionString(ownerConnection));
        if (application.Username is not { Length: > 0 } role) throw new InvalidOperationException("The application's connection names no user.");
        if (role == owner.Username) throw new InvalidOperationException("The owner and the application must be two roles.");

        await using var connection = new NpgsqlConnection(owner.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ScalarAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", cancellationToken, role) is null)
        {
            // PostgreSQL quotes the name and the password itself; neither is pasted into a statement by us.
            var create = (string)(await ScalarAsync(
                connection, "SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', $1, $2)", cancellationToken, role, application.Password ?? ""))!;
            await ExecuteAsync(connection, create, cancellationToken);
        }

        var (name, self) = (Quoted(role), Quoted(owner.Username!));
        await ExecuteAsync(connection, $"""
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            GRANT CONNECT ON DATABASE {Quoted(owner.Database ?? owner.Username!)} TO {name};
            GRANT USAGE ON SCHEMA public TO {name};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};
            ALTER DEFAULT PRIVILEGES FOR ROLE {self} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name};
            REVOKE INSERT, UPDATE, DELETE ON storage_migration FROM {name};
            """, cancellationToken);
        foreach (var table in AppendOnly) await ExecuteAsync(connection, $"REVOKE ALL ON {table} FROM {name}; GRANT SELECT, INSERT ON {table} TO {name};", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static string Quoted(string identifier) => new NpgsqlCommandBuilder().QuoteIdentifier(identifier);

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params string[] values)
    {
#pragma warning disable CA2100 // Fixed statements; values travel as parameters.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Built from quoted identifiers and names of our own tables.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
