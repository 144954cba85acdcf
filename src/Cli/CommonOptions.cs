using System.CommandLine;
using LienThong.Platform.Storage;

namespace LienThong.Cli;

/// <summary>Options that mean the same in every verb: where things are kept.</summary>
internal static class CommonOptions
{
    public static Option<string?> Data { get; } = new("--data") { Description = "Thư mục dữ liệu (biến LIENTHONG_DATA; mặc định ./data).", Recursive = true };

    public static Option<string?> Database { get; } = new("--db") { Description = "Chuỗi kết nối PostgreSQL (biến LIENTHONG_DB; không có thì dùng SQLite trong thư mục dữ liệu).", Recursive = true };

    public static Option<int> Port { get; } = new("--port") { Description = "Cổng lắng nghe.", DefaultValueFactory = _ => 5080 };

    public static StorageOptions Storage(ParseResult result, string defaultFolder = "data")
    {
        var folder = result.GetValue(Data) ?? Environment.GetEnvironmentVariable("LIENTHONG_DATA") ?? defaultFolder;
        var database = result.GetValue(Database) ?? Environment.GetEnvironmentVariable("LIENTHONG_DB");
        return new StorageOptions(Path.GetFullPath(folder), string.IsNullOrWhiteSpace(database) ? null : database)
        {
            KeyCertificate = Environment.GetEnvironmentVariable("LIENTHONG_KEYS_CERT") is { Length: > 0 } certificate ? Path.GetFullPath(certificate) : null,
        };
    }
}
