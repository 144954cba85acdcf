using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace LienThong.Platform.Exchange.Schema;

/// <summary>Which systems only pretend, and how a service is reached where it does not stand behind plain HTTP.</summary>
[DbContext(typeof(Storage.PlatformDb))]
[Migration("2026112245_ExchangeAdapters")]
public sealed class M2026112245ExchangeAdapters : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.AddColumn<bool>("is_simulated", "exchange_system_revision", defaultValue: false);
        migrationBuilder.AddColumn<string>("adapter", "exchange_service_revision", defaultValue: nameof(UpstreamAdapter.Plain));
        foreach (var column in new[] { "adapter_client", "adapter_target", "adapter_address", "adapter_secret" }) migrationBuilder.AddColumn<string>(column, "exchange_service_revision", nullable: true);
    }
}
