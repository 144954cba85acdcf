using LienThong.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LienThong.Platform.Shared;

/// <summary>Turns a refusal into problem+json (RFC 9457), once for the whole product. The stable code travels in <c>code</c>.</summary>
public static class Problems
{
    public static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    public static ProblemHttpResult AsProblem(this Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return TypedResults.Problem(
            type: "urn:lienthong:problem:" + refusal.Code,
            title: refusal.Code,
            statusCode: StatusOf(refusal.Kind),
            extensions: new Dictionary<string, object?> { ["code"] = refusal.Code, ["arguments"] = refusal.Arguments });
    }
}
