using System.Diagnostics.CodeAnalysis;

namespace LienThong.Kernel;

/// <summary>An id of one kind of noun; a <see cref="Guid"/> inside, so that nouns cannot be mixed up.</summary>
public interface IStrongId<TSelf> where TSelf : struct, IStrongId<TSelf>
{
    Guid Value { get; }

    [SuppressMessage("Design", "CA1000", Justification = "A factory on the id type itself is what route binding and EF look for.")]
    static abstract TSelf From(Guid value);
}

/// <summary>Making and reading ids. New ids are UUID version 7 of the injected clock, so they sort by birth.</summary>
public static class StrongId
{
    public static TId New<TId>(TimeProvider clock) where TId : struct, IStrongId<TId> => TId.From(Guid.CreateVersion7(clock.GetUtcNow()));

    public static bool TryParse<TId>(string? text, out TId id) where TId : struct, IStrongId<TId>
    {
        var read = Guid.TryParse(text, out var value);
        id = TId.From(value);
        return read;
    }

    /// <summary>Every id type of the product: the list of the province's nouns.</summary>
    public static IReadOnlyList<Type> AllTypes { get; } =
        [.. typeof(StrongId).Assembly.GetTypes().Where(t => t.IsValueType && t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IStrongId<>)))];
}

/// <summary>A person who signs in.</summary>
public readonly record struct UserId(Guid Value) : IStrongId<UserId>
{
    public static UserId From(Guid value) => new(value);
    public static bool TryParse(string? text, out UserId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A body of the political system, for all of its life. (Cơ quan, đơn vị.)</summary>
public readonly record struct OrgUnitId(Guid Value) : IStrongId<OrgUnitId>
{
    public static OrgUnitId From(Guid value) => new(value);
    public static bool TryParse(string? text, out OrgUnitId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A class of units such as "các sở, ban, ngành".</summary>
public readonly record struct UnitClassId(Guid Value) : IStrongId<UnitClassId>
{
    public static UnitClassId From(Guid value) => new(value);
    public static bool TryParse(string? text, out UnitClassId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A directing document or legal instrument. (Văn bản chỉ đạo, căn cứ.)</summary>
public readonly record struct DirectiveId(Guid Value) : IStrongId<DirectiveId>
{
    public static DirectiveId From(Guid value) => new(value);
    public static bool TryParse(string? text, out DirectiveId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>One version of a plan that assigns tasks.</summary>
public readonly record struct PlanId(Guid Value) : IStrongId<PlanId>
{
    public static PlanId From(Guid value) => new(value);
    public static bool TryParse(string? text, out PlanId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A governance task. (Nhiệm vụ.)</summary>
public readonly record struct TaskId(Guid Value) : IStrongId<TaskId>
{
    public static TaskId From(Guid value) => new(value);
    public static bool TryParse(string? text, out TaskId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>One unit's part of one task.</summary>
public readonly record struct AssignmentId(Guid Value) : IStrongId<AssignmentId>
{
    public static AssignmentId From(Guid value) => new(value);
    public static bool TryParse(string? text, out AssignmentId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>One progress report of one assignment.</summary>
public readonly record struct ReportId(Guid Value) : IStrongId<ReportId>
{
    public static ReportId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ReportId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>One evidence item and its versions.</summary>
public readonly record struct EvidenceId(Guid Value) : IStrongId<EvidenceId>
{
    public static EvidenceId From(Guid value) => new(value);
    public static bool TryParse(string? text, out EvidenceId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>Something that blocks a task. (Vướng mắc.)</summary>
public readonly record struct ObstacleId(Guid Value) : IStrongId<ObstacleId>
{
    public static ObstacleId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ObstacleId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A request to move a deadline and its decision.</summary>
public readonly record struct ExtensionId(Guid Value) : IStrongId<ExtensionId>
{
    public static ExtensionId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ExtensionId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>One attempt to read one file into a plan.</summary>
public readonly record struct ImportId(Guid Value) : IStrongId<ImportId>
{
    public static ImportId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ImportId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A durable job.</summary>
public readonly record struct JobId(Guid Value) : IStrongId<JobId>
{
    public static JobId From(Guid value) => new(value);
    public static bool TryParse(string? text, out JobId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>One audit record.</summary>
public readonly record struct AuditId(Guid Value) : IStrongId<AuditId>
{
    public static AuditId From(Guid value) => new(value);
    public static bool TryParse(string? text, out AuditId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A frozen period.</summary>
public readonly record struct PeriodCloseId(Guid Value) : IStrongId<PeriodCloseId>
{
    public static PeriodCloseId From(Guid value) => new(value);
    public static bool TryParse(string? text, out PeriodCloseId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A power lent for a while. (Ủy quyền.)</summary>
public readonly record struct DelegationId(Guid Value) : IStrongId<DelegationId>
{
    public static DelegationId From(Guid value) => new(value);
    public static bool TryParse(string? text, out DelegationId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>One stay of a person, from sign-in to sign-out. (Phiên đăng nhập.)</summary>
public readonly record struct SessionId(Guid Value) : IStrongId<SessionId>
{
    public static SessionId From(Guid value) => new(value);
    public static bool TryParse(string? text, out SessionId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A role given to a person in one unit for a period. (Phân quyền.)</summary>
public readonly record struct RoleGrantId(Guid Value) : IStrongId<RoleGrantId>
{
    public static RoleGrantId From(Guid value) => new(value);
    public static bool TryParse(string? text, out RoleGrantId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>What another party knows a person by: a subject of an identity provider, a certificate.</summary>
public readonly record struct AccountLinkId(Guid Value) : IStrongId<AccountLinkId>
{
    public static AccountLinkId From(Guid value) => new(value);
    public static bool TryParse(string? text, out AccountLinkId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>An information system of a body. (Hệ thống thông tin.)</summary>
public readonly record struct InformationSystemId(Guid Value) : IStrongId<InformationSystemId>
{
    public static InformationSystemId From(Guid value) => new(value);
    public static bool TryParse(string? text, out InformationSystemId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>The part of an information system that offers or uses services. (Hệ thống con.)</summary>
public readonly record struct SubsystemId(Guid Value) : IStrongId<SubsystemId>
{
    public static SubsystemId From(Guid value) => new(value);
    public static bool TryParse(string? text, out SubsystemId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A public key by which a subsystem is known to the gateway.</summary>
public readonly record struct CredentialId(Guid Value) : IStrongId<CredentialId>
{
    public static CredentialId From(Guid value) => new(value);
    public static bool TryParse(string? text, out CredentialId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A code with which a system gets its first certificate.</summary>
public readonly record struct EnrolmentCodeId(Guid Value) : IStrongId<EnrolmentCodeId>
{
    public static EnrolmentCodeId From(Guid value) => new(value);
    public static bool TryParse(string? text, out EnrolmentCodeId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A gateway that the control plane knows. (Cổng trao đổi.)</summary>
public readonly record struct GatewayNodeId(Guid Value) : IStrongId<GatewayNodeId>
{
    public static GatewayNodeId From(Guid value) => new(value);
    public static bool TryParse(string? text, out GatewayNodeId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A data service of the register. (Dịch vụ chia sẻ dữ liệu.)</summary>
public readonly record struct DataServiceId(Guid Value) : IStrongId<DataServiceId>
{
    public static DataServiceId From(Guid value) => new(value);
    public static bool TryParse(string? text, out DataServiceId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>One version of a data service's interface.</summary>
public readonly record struct ServiceVersionId(Guid Value) : IStrongId<ServiceVersionId>
{
    public static ServiceVersionId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ServiceVersionId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A request to use a data service. (Yêu cầu chia sẻ.)</summary>
public readonly record struct SharingRequestId(Guid Value) : IStrongId<SharingRequestId>
{
    public static SharingRequestId From(Guid value) => new(value);
    public static bool TryParse(string? text, out SharingRequestId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>What two bodies agreed about sharing. (Nội dung thống nhất chia sẻ.)</summary>
public readonly record struct AgreementId(Guid Value) : IStrongId<AgreementId>
{
    public static AgreementId From(Guid value) => new(value);
    public static bool TryParse(string? text, out AgreementId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>An open question between provider and consumer, with its way upwards. (Vướng mắc khi chia sẻ.)</summary>
public readonly record struct DisputeId(Guid Value) : IStrongId<DisputeId>
{
    public static DisputeId From(Guid value) => new(value);
    public static bool TryParse(string? text, out DisputeId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>A paper letter that asks for data. (Văn bản giấy xin số liệu.)</summary>
public readonly record struct PaperLetterId(Guid Value) : IStrongId<PaperLetterId>
{
    public static PaperLetterId From(Guid value) => new(value);
    public static bool TryParse(string? text, out PaperLetterId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>The contract by which an enterprise performs a public service. (Doanh nghiệp được giao.)</summary>
public readonly record struct EnterpriseContractId(Guid Value) : IStrongId<EnterpriseContractId>
{
    public static EnterpriseContractId From(Guid value) => new(value);
    public static bool TryParse(string? text, out EnterpriseContractId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}

/// <summary>Something about a log, a service or a connection that somebody must look at. (Cảnh báo.)</summary>
public readonly record struct AlertId(Guid Value) : IStrongId<AlertId>
{
    public static AlertId From(Guid value) => new(value);
    public static bool TryParse(string? text, out AlertId id) => StrongId.TryParse(text, out id);   // Route binding looks for it here.
    public override string ToString() => Value.ToString();
}
