using System.CommandLine;
using LienThong.Cli;
using LienThong.Cli.Demo;

// The one host: `lienthong serve | gateway | node | enroll | demo | plan | log | proof | witness | simulate | package | migrate | user | doctor | version`. Composition only; each verb has a file of its own.
var root = new RootCommand("Liên Thông: nền tảng liên thông số, đo lường dữ liệu và theo dõi nhiệm vụ của tỉnh.")
{
    CommonOptions.Data,
    CommonOptions.Database,
    ServeVerb.Build(),
    GatewayVerb.Build(),
    NodeVerb.Build(),
    EnrolVerb.Build(),
    DemoVerb.Build(),
    MigrateVerb.Build(),
    DoctorVerb.Build(),
    UserVerb.Build(),
    VersionVerb.Build(),
    PlanVerb.Build(),
    LogVerb.Build(),
    ProofVerb.Build(),
    WitnessVerb.Build(),
    SimulateVerb.Build(),
    PackageVerb.Build(),
};

// SIGTERM and Ctrl-C: what is being answered is answered, what is being written is written; then the exit code is 0. The host takes at most
// twenty seconds for it (Host.cs); the frame of the verbs must not cut it off before.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(25) });
