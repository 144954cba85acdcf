using System.Security.Cryptography.X509Certificates;
using LienThong.Platform.Accounts.Contracts;
using LienThong.Platform.Shared.Parameters;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LienThong.Platform.Accounts;

/// <summary>Accounts, roles, sessions and second factors on one screen.</summary>
public static class AccountsModule
{
    public static IServiceCollection AddAccounts(this IServiceCollection services, Storage.StorageOptions storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        Directory.CreateDirectory(storage.KeyFolder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(storage.KeyFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var keys = services.AddDataProtection().SetApplicationName("lienthong").PersistKeysToFileSystem(new DirectoryInfo(storage.KeyFolder));
        if (storage.KeyCertificate is { } file)
        {
            // Made and used in memory: the file with its key may lie on another volume, or only be mounted while the program starts.
            var certificate = X509Certificate2.CreateFromPemFile(file);
            keys.ProtectKeysWithCertificate(certificate).UnprotectKeysWithAnyCertificate(certificate);
        }

        services.TryAddSingleton(new SignInOptions());
        services.TryAddSingleton<ParameterBook>();
        services.AddScoped<FindParameters>().AddScoped<SetParameter>();
        services.AddSingleton<PersonalNumbers>();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<AccountSnapshots>();

        // OWASP's figure for PBKDF2-HMAC-SHA512; about a tenth of a second here, which guessing pays and a person does not notice.
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = 210_000);
        services.AddIdentityCore<UserAccount>().AddUserStore<AccountStore>();
        services.TryAddScoped<IPasskeyHandler<UserAccount>, PasskeyHandler<UserAccount>>();
        services.AddSingleton<IPasswordHasher<UserAccount>, PasswordHasher<UserAccount>>();
        services.AddSingleton<Passwords>();

        services.AddScoped<UnitCheck>();
        services.AddScoped<Sessions>();
        services.AddScoped<SignInWithPassword>();
        services.AddScoped<SignInWithCode>();
        services.AddScoped<SignInWithIdentity>();
        services.AddScoped<ChangePassword>();
        services.AddScoped<SetUpTotp>();
        services.AddScoped<CreateUser>();
        services.AddScoped<GrantRole>();
        services.AddScoped<RevokeRole>();
        services.AddScoped<LockUser>();
        services.AddScoped<ResetSecondFactor>();
        services.AddScoped<SetTemporaryPassword>();
        services.AddScoped<FindUsers>();
        services.AddScoped<OpenUser>();
        services.AddScoped<ReviewAccess>();
        services.AddScoped<LinkIdentity>();
        services.AddScoped<SearchAudit>();
        services.AddSingleton<AccessTrail>();
        services.AddScoped<KeepPasskeys>();
        services.AddScoped<IPeople, People>();
        return services;
    }
}
