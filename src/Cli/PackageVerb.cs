using System.CommandLine;
using LienThong.Gateway.Forward;

namespace LienThong.Cli;

/// <summary><c>lienthong package read FILE --keys FILE</c>: what the receiver of a carried package does, without any server.</summary>
internal static class PackageVerb
{
    public static Command Build()
    {
        var file = new Argument<string>("tệp") { Description = "Gói dữ liệu (.goi)." };
        var keys = new Option<string>("--keys") { Description = "Tệp khóa công khai của cổng gửi (nội dung địa chỉ /oauth/jwks, nhận qua đường khác với gói).", Required = true };
        var receiver = new Option<string?>("--receiver") { Description = "Mã của bên nhận; gói gửi cho bên khác thì bị từ chối." };
        var output = new Option<string?>("--out") { Description = "Ghi nội dung ra tệp này khi gói đúng." };
        var read = new Command("read", "Kiểm một gói dữ liệu được mang đến và lấy nội dung.") { file, keys, receiver, output };
        read.SetAction(result =>
        {
            var (say, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var to = result.GetValue(output);
            try
            {
                using var package = File.OpenRead(result.GetValue(file)!);
                var part = to is null ? null : to + ".part";
                PackageManifest? manifest;
                PackageFault fault;
                using (Stream body = part is null ? Stream.Null : new FileStream(part, FileMode.Create, FileAccess.Write))
                {
                    (manifest, fault) = PackageReading.Read(package, File.ReadAllText(result.GetValue(keys)!), result.GetValue(receiver), body);
                }

                if (fault is not PackageFault.None || manifest is null)
                {
                    if (part is not null) File.Delete(part);
                    error.WriteLine("✗ " + Words(fault));
                    return 1;
                }

                if (part is not null) File.Move(part, to!, overwrite: true);
                say.WriteLine($"Đúng: gói {manifest.Id} của {manifest.From} gửi {manifest.To}, thỏa thuận {manifest.Agreement}, {manifest.Method} {manifest.Target}, {LienThong.Kernel.Vietnamese.Number(manifest.Bytes, 0)} byte, lập lúc {LienThong.Kernel.Vietnamese.Instant(manifest.MadeAt)}.");
                return 0;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Text.Json.JsonException or KeyNotFoundException or InvalidOperationException)
            {
                error.WriteLine("✗ Không đọc được gói hoặc khóa: " + fault.Message);
                return 2;
            }
        });
        return new Command("package", "Gói dữ liệu có chữ ký, chuyển bằng vật mang tin.") { read };
    }

    private static string Words(PackageFault fault) => fault switch
    {
        PackageFault.NoSignature => "Gói không có chữ ký đúng dạng.",
        PackageFault.UnknownKey => "Gói ký bằng khóa không có trong tệp khóa.",
        PackageFault.ManifestChanged => "Tờ khai của gói đã bị sửa sau khi ký.",
        PackageFault.BodyChanged => "Nội dung của gói đã bị sửa hoặc thiếu.",
        PackageFault.WrongReceiver => "Gói gửi cho bên khác.",
        _ => "Tệp không phải gói dữ liệu, hoặc đã hỏng.",
    };
}
