using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LienThong.Gateway.Call;
using LienThong.Gateway.Log;
using LienThong.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LienThong.Gateway.Forward;

/// <summary>Carries a request to a provider and its answer back, both ways at once and in pieces, and lets the last piece go only when the evidence is on disk.</summary>
internal sealed class Forwarder(UpstreamDirectory upstreams, IdempotencyStore idempotency, GatewayProof proof)
{
    /// <summary>The first address, and one more: a provider that is down is not helped by being asked again and again.</summary>
    private const int AttemptsMax = 2;

    /// <summary>What of a long answer waits for the evidence; without it no client takes the answer for whole.</summary>
    private const int HeldBytes = 1_024;

    private const int PieceBytes = 32 * 1024;

    /// <summary>Reads a small body whole; a long or endless one stays where it is.</summary>
    public static async ValueTask<CallRefusal?> ReadRequestAsync(CallState call, long bytesMax)
    {
        var request = call.Http.Request;
        call.HasRequestBody = request.ContentLength is > 0 || (request.ContentLength is null && call.Http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true);
        if (!call.HasRequestBody)
        {
            call.IsRequestWhole = true;
            return null;
        }

        if (request.ContentLength > CallState.SmallBytesMax && !call.IsSoap) return null;
        var reader = request.BodyReader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                var buffer = result.Buffer;
                if (call.Body.Length + buffer.Length > bytesMax)
                {
                    reader.AdvanceTo(buffer.Start);
                    return ExchangeCall.TooLarge(call.Service!);
                }

                if (call.Body.Length + buffer.Length > CallState.SmallBytesMax)
                {
                    // It is a long one: what was taken so far goes first, and of a message that is judged by its beginning, as much as may be taken.
                    var taken = buffer.Slice(0, call.IsSoap ? CallState.SmallBytesMax - call.Body.Length : 0);
                    foreach (var piece in taken) call.Body.Add(piece.Span);
                    reader.AdvanceTo(taken.End);
                    return null;
                }

                foreach (var piece in buffer) call.Body.Add(piece.Span);
                reader.AdvanceTo(buffer.End);
                if (result.IsCompleted) break;
            }
        }
        catch (Exception fault) when (IsCallerGone(fault))
        {
            return new CallRefusal(CallFault.RequestBroken, fault.Message);
        }

        call.IsRequestWhole = true;
        call.RequestBytes = call.Body.Length;
        if (call.Body.Length > 0) call.Digests.Add(CallPart.RequestBody, call.Body.Span);
        return null;
    }

    public async ValueTask SendAsync(CallState call, OpenCall open, IdempotencyKey key, ExchangeCall exchange)
    {
        var service = call.Service!;
        var timeout = service.Entry.TimeoutMs;
        var canRepeat = IsIdempotent(call.Http.Request.Method) && call.IsRequestWhole;
        Upstream? failed = null;
        var anySent = false;
        var hasRenewed = false;
        if (service.Port is PackagePort package)
        {
            await PackAsync(package, call, open, key, exchange);
            return;
        }

        if (service.Port is { } port && await PrepareAsync(port, call) is { } unprepared)
        {
            await idempotency.AbandonAsync(key, nothingLeft: true);
            await exchange.FailAsync(call, open, unprepared);
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            var upstream = Choose(service.Upstreams, failed);
            upstream.Began();
            UpstreamConnection? connection = null;
            var hasSent = false;
            Upload? upload = null;
            try
            {
                connection = upstream.TakeIdle(upstreams.NowMs, mustBeAlive: !canRepeat) ?? await upstream.ConnectAsync(call.Http.RequestAborted);
                connection.BeginCall();
                var isStreamed = !call.IsRequestWhole;
                RequestHead.Write(call, upstream, isStreamed ? call.Http.Request.ContentLength : call.HasRequestBody ? call.Body.Length : null, isStreamed && call.Http.Request.ContentLength is null, proof.Of(service));
                if (attempt == 1 && !hasRenewed) RecordHead(call);
                hasSent = anySent = true;
                if (!isStreamed)
                {
                    // One write for head and body: one packet for most calls.
                    call.Head.Add(call.Body.Span);
                    await connection.SendAsync(call.Head.Memory, timeout);
                    await connection.ReadHeadAsync(HttpMethods.IsHead(call.Http.Request.Method), timeout);
                }
                else
                {
                    await connection.SendAsync(call.Head.Memory, timeout);
                    upload = new Upload(call, connection, timeout);
                    await connection.ReadHeadAsync(HttpMethods.IsHead(call.Http.Request.Method), int.MaxValue);
                    // The hash of the request goes into the head of the answer, so on the X-Road face the request must have come whole.
                    if (call.IsRoad && !call.IsSoap) await upload.Done;
                }

                upstream.Answered();
                if (service.Port is { } foreign && !hasRenewed && !isStreamed && foreign.RefusedCredential(connection))
                {
                    // Refused before it was carried: once more with a fresh credential, whatever the method.
                    hasRenewed = true;
                    foreign.Forget(call);
                    if (await PrepareAsync(foreign, call) is null)
                    {
                        connection.Dispose();
                        upstream.Ended();
                        attempt--;
                        continue;
                    }
                }
            }
            catch (UpstreamException fault)
            {
                connection?.Dispose();
                upstream.Ended();
                // A connection at rest that breaks before a single byte was most likely being closed; that says nothing about the provider.
                var wasClosing = connection is { Uses: > 1, HasReceived: false } && fault.Trouble is UpstreamTrouble.Broken;
                if (!wasClosing) upstream.Failed(upstreams.NowMs);
                var uploadFault = upload is null ? null : await upload.StopAsync();
                if (uploadFault is { } mine)
                {
                    await idempotency.AbandonAsync(key, nothingLeft: false);
                    await exchange.FailAsync(call, open, mine);
                    return;
                }

                var again = !hasSent || (canRepeat && (wasClosing || (service.Entry.RetryIdempotent && fault.Trouble is not UpstreamTrouble.TimedOut and not UpstreamTrouble.TooLarge)));
                if (again && (attempt < AttemptsMax || (wasClosing && attempt < AttemptsMax + 1)))
                {
                    if (!wasClosing) failed = upstream;
                    continue;
                }

                await idempotency.AbandonAsync(key, nothingLeft: !anySent);
                await exchange.FailAsync(call, open, Explain(fault, upstream));
                return;
            }
            catch (OperationCanceledException) when (call.Http.RequestAborted.IsCancellationRequested)
            {
                connection?.Dispose();
                upstream.Ended();
                if (upload is not null) await upload.StopAsync();
                await idempotency.AbandonAsync(key, nothingLeft: !anySent);
                await exchange.CloseAsync(call, open, CallOutcome.Caller, "caller_gone", 0);
                return;
            }
            catch
            {
                // A fault of our own: its words are for the log of the gateway, but nothing it held may stay behind.
                connection?.Dispose();
                upstream.Ended();
                if (upload is not null) await upload.StopAsync();
                await idempotency.AbandonAsync(key, nothingLeft: !anySent);
                throw;
            }

            if (service.Port?.Judge(connection, call) is { } theirs)
            {
                if (upload is not null) await upload.StopAsync();
                connection.Dispose();
                upstream.Ended();
                call.Digests.Add(CallPart.ResponseHead, connection.Head);
                await idempotency.AbandonAsync(key, nothingLeft: false);
                await exchange.FailAsync(call, open, theirs);
                return;
            }

            var isKept = false;
            try
            {
                if (call.IsRoad && !call.IsSoap) HashRequest(call);
                isKept = await RelayAsync(call, connection, open, key, exchange, upload, upstream);
            }
            finally
            {
                if (upload is not null && await upload.StopAsync() is not null) isKept = false;
                if (isKept && connection.IsReusable) upstream.GiveBack(connection, upstreams.NowMs);
                else connection.Dispose();
                upstream.Ended();
                // However it ended, nobody waits for it any more; a key that has its answer keeps it.
                await idempotency.AbandonAsync(key, nothingLeft: false);
            }

            return;
        }
    }

    /// <summary>The call becomes a package on disk; its receipt is the answer.</summary>
    private async ValueTask PackAsync(PackagePort port, CallState call, OpenCall open, IdempotencyKey key, ExchangeCall exchange)
    {
        (call.KeptFrom, call.KeptUntil, call.RequestIdUntil) = (0, 0, 0);
        RecordHead(call);
        CallRefusal? trouble = null;
        PackageManifest? made = null;
        if (port.Outbox is not { } outbox || !outbox.HasRoom())
        {
            trouble = new CallRefusal(CallFault.ServiceBusy, "the packages that wait for a carrier fill their folder", RetryAfterSeconds: 3_600);
        }
        else
        {
            try
            {
                made = await outbox.WriteAsync(
                    call.Id,
                    async body =>
                    {
                        trouble = await CopyBodyAsync(call, body);
                        return trouble is null;
                    },
                    (bytes, sha256) => new PackageManifest
                    {
                        Id = call.Id,
                        From = call.Consumer!.Identifier,
                        To = port.Target,
                        Service = call.ServiceName,
                        Agreement = call.Agreement!.Entry.Number,
                        Method = call.Http.Request.Method,
                        Target = call.Target[call.RestFrom..],
                        ContentType = call.Http.Request.ContentType ?? "",
                        Bytes = bytes,
                        Sha256 = sha256,
                        MadeAt = upstreams.Now,
                        Issuer = outbox.Issuer,
                    });
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                GatewayLog.CallFailed(exchange.Logger, fault, call.Id);
                trouble = new CallRefusal(CallFault.Internal, "the package cannot be written");
            }
        }

        if (made is null)
        {
            await idempotency.AbandonAsync(key, nothingLeft: true);
            await exchange.FailAsync(call, open, trouble ?? new CallRefusal(CallFault.Internal, "the package cannot be written"));
            return;
        }

        const string Type = "application/json";
        var receipt = JsonSerializer.SerializeToUtf8Bytes(made, PackageJson.Default.PackageManifest);
        call.Digests.Add(CallPart.ResponseBody, receipt);
        call.ResponseBytes = receipt.Length;
        if (!key.IsNone) await idempotency.FinishAsync(key, new IdempotentAnswer(StatusCodes.Status202Accepted, [new("Content-Type", Type)], receipt, HasBody: true));
        await exchange.CloseAsync(call, open, CallOutcome.Success, null, StatusCodes.Status202Accepted);
        var response = call.Http.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (StatusCodes.Status202Accepted, Type, receipt.Length);
        ExchangeCall.AddExchangeHeaders(call);
        await response.Body.WriteAsync(receipt);
    }

    /// <summary>The whole body of the request, as far as the service takes it.</summary>
    private static async ValueTask<CallRefusal?> CopyBodyAsync(CallState call, Stream into)
    {
        await into.WriteAsync(call.Body.Memory);
        if (call.IsRequestWhole) return null;
        if (call.Body.Length > 0) call.Digests.Add(CallPart.RequestBody, call.Body.Span);
        call.RequestBytes = call.Body.Length;
        var reader = call.Http.Request.BodyReader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(call.Http.RequestAborted);
                if (call.RequestBytes + result.Buffer.Length > call.Service!.Entry.MaxRequestBytes)
                {
                    reader.AdvanceTo(result.Buffer.End);
                    return ExchangeCall.TooLarge(call.Service);
                }

                foreach (var piece in result.Buffer)
                {
                    call.RequestBytes += piece.Length;
                    call.Digests.Add(CallPart.RequestBody, piece.Span);
                    await into.WriteAsync(piece);
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return null;
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or BadHttpRequestException or Microsoft.AspNetCore.Connections.ConnectionAbortedException or Microsoft.AspNetCore.Connections.ConnectionResetException)
        {
            return new CallRefusal(CallFault.RequestBroken, fault.Message);
        }
    }

    private static async ValueTask<CallRefusal?> PrepareAsync(ForeignPort port, CallState call)
    {
        try
        {
            return await port.PrepareAsync(call);
        }
        catch (OperationCanceledException)
        {
            return new CallRefusal(CallFault.RequestBroken, "the caller went away");
        }
    }

    /// <summary>True when the answer was read to its end and the connection may serve again.</summary>
    private async ValueTask<bool> RelayAsync(CallState call, UpstreamConnection connection, OpenCall open, IdempotencyKey key, ExchangeCall exchange, Upload? upload, Upstream upstream)
    {
        var service = call.Service!;
        var status = connection.Status;
        call.Digests.Add(CallPart.ResponseHead, connection.Head);
        var fields = status >= 400 ? call.Agreement!.FieldsOfErrors : call.Agreement!.Fields;
        FieldFilter? filter = null;
        var answer = call.Answer;
        var started = false;
        try
        {
            if (connection.ContentLength > service.Entry.MaxResponseBytes) throw new UpstreamException(UpstreamTrouble.TooLarge, $"{connection.ContentLength} bytes");
            if (fields is not null && connection.HasBody)
            {
                if (!IsPlainJson(connection) || status == 206)
                {
                    await idempotency.AbandonAsync(key, nothingLeft: false);
                    await exchange.FailAsync(call, open, new CallRefusal(CallFault.FieldsUnreadable, $"the answer ({status}) is not plain JSON in UTF-8"));
                    return false;
                }

                filter = new FieldFilter(fields);
            }

            long read = 0;
            while (connection.HasBody)
            {
                if (answer.Length > CallState.SmallBytesMax - HeldBytes || (started && answer.Length > HeldBytes))
                {
                    if (!started) await StartAsync(call, connection, filter is null ? connection.ContentLength : null);
                    started = true;
                    if (!await WriteAllButAsync(call, HeldBytes))
                    {
                        await exchange.CloseAsync(call, open, CallOutcome.Caller, "caller_gone", status);
                        return false;
                    }
                }

                int count;
                if (filter is null)
                {
                    var room = answer.GetMemory(connection.ContentLength is { } left && !started ? (int)Math.Clamp(left - read, 512, PieceBytes) : PieceBytes);
                    count = await connection.ReadBodyAsync(room.Length > PieceBytes ? room[..PieceBytes] : room, service.Entry.TimeoutMs);
                    if (count > 0)
                    {
                        call.Digests.Add(CallPart.ResponseBody, room.Span[..count]);
                        answer.Advance(count);
                    }
                }
                else
                {
                    count = await FilterAsync(call, connection, filter, answer);
                }

                read += count;
                call.ResponseBytes = filter is null ? read : call.ResponseBytes;
                if (read > service.Entry.MaxResponseBytes) throw new UpstreamException(UpstreamTrouble.TooLarge, $"more than {service.Entry.MaxResponseBytes} bytes");
            }

            if (filter is not null) Filter(call, filter, default, isLast: true, answer);
        }
        catch (Exception fault) when (fault is UpstreamException or JsonException)
        {
            var refusal = fault is UpstreamException known ? Explain(known, upstream) : new CallRefusal(CallFault.FieldsUnreadable, "the answer is no JSON that could be limited");
            if (fault is UpstreamException { Trouble: not UpstreamTrouble.TooLarge }) upstream.Failed(upstreams.NowMs);
            await idempotency.AbandonAsync(key, nothingLeft: false);
            if (started)
            {
                // Part of the answer is out; breaking the connection is the only way left to say that it is not whole.
                await exchange.CloseAsync(call, open, refusal.Fault.Outcome, refusal.Fault.Code, status);
                call.Http.Abort();
            }
            else
            {
                await exchange.FailAsync(call, open, refusal);
            }

            return false;
        }

        if (upload is not null && await upload.FaultSoFarAsync() is { } mine && !started && status < 400)
        {
            await exchange.FailAsync(call, open, mine);
            return false;
        }

        if (!key.IsNone) await FinishKeyAsync(call, connection, key, isWhole: !started, filter is not null);
        await exchange.CloseAsync(call, open, status < 400 ? CallOutcome.Success : status < 500 ? CallOutcome.Business : CallOutcome.Provider, null, status);
        if (started)
        {
            await WriteAllButAsync(call, 0);
            return true;
        }

        var response = call.Http.Response;
        CopyHead(call, connection, filter is not null);
        var hasNoBody = status is 204 or 304 or < 200 || HttpMethods.IsHead(call.Http.Request.Method);
        if (!hasNoBody) response.ContentLength = answer.Length;
        else if (status is not 204 and not 304 && connection.DeclaredLength is { } declared && filter is null) response.ContentLength = declared;
        if (answer.Length > 0 && !hasNoBody) await response.BodyWriter.WriteAsync(answer.Memory);
        return true;
    }

    private static async ValueTask<int> FilterAsync(CallState call, UpstreamConnection connection, FieldFilter filter, PooledBytes answer)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var count = await connection.ReadBodyAsync(piece.AsMemory(0, PieceBytes), call.Service!.Entry.TimeoutMs);
            if (count > 0) Filter(call, filter, piece.AsSpan(0, count), isLast: false, answer);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static void Filter(CallState call, FieldFilter filter, ReadOnlySpan<byte> piece, bool isLast, PooledBytes answer)
    {
        var before = answer.Length;
        filter.Take(piece, isLast, answer);
        // The evidence is of what left, not of what the provider sent.
        call.Digests.Add(CallPart.ResponseBody, answer.Span[before..]);
        call.ResponseBytes += answer.Length - before;
    }

    private static async ValueTask StartAsync(CallState call, UpstreamConnection connection, long? length)
    {
        CopyHead(call, connection, isFiltered: call.Agreement!.Fields is not null);
        if (length is not null) call.Http.Response.ContentLength = length;
        await call.Http.Response.StartAsync();
    }

    private static async ValueTask<bool> WriteAllButAsync(CallState call, int held)
    {
        var answer = call.Answer;
        var result = await call.Http.Response.BodyWriter.WriteAsync(answer.Memory[..(answer.Length - held)]);
        answer.RemoveFirst(answer.Length - held);
        // Kestrel takes writes to a connection that is gone and drops them; only this tells.
        return !result.IsCompleted && !call.Http.RequestAborted.IsCancellationRequested;
    }

    private static void CopyHead(CallState call, UpstreamConnection connection, bool isFiltered)
    {
        var response = call.Http.Response;
        response.StatusCode = connection.Status;
        var headers = response.Headers;
        string? nominated = null;
        for (var i = 0; i < connection.HeaderCount; i++)
        {
            if (connection.Headers[i].Kind is HeaderKind.Connection) nominated = nominated is null ? connection.Headers[i].Value : nominated + "," + connection.Headers[i].Value;
        }

        for (var i = 0; i < connection.HeaderCount; i++)
        {
            ref var header = ref connection.Headers[i];
            if (header.Kind is HeaderKind.ContentLength or HeaderKind.TransferEncoding or HeaderKind.Connection or HeaderKind.HopByHop or HeaderKind.Exchange) continue;
            if (isFiltered && header.Kind is HeaderKind.OfExactBody) continue;
            if (header.Kind is HeaderKind.ExchangeService && !call.IsRoad) continue;
            if (call.IsSoap && header.Kind is not HeaderKind.ContentType && !header.Name.Equals("SOAPAction", StringComparison.OrdinalIgnoreCase)) continue;
            if (nominated is not null && IsNominated(nominated, header.Name)) continue;
            headers.Append(header.Name, header.Value);
        }

        ExchangeCall.AddExchangeHeaders(call);
    }

    private static bool IsNominated(string nominated, string name)
    {
        foreach (var range in nominated.AsSpan().Split(','))
        {
            if (nominated.AsSpan()[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private async ValueTask FinishKeyAsync(CallState call, UpstreamConnection connection, IdempotencyKey key, bool isWhole, bool isFiltered)
    {
        var headers = new List<KeyValuePair<string, string>>();
        for (var i = 0; i < connection.HeaderCount; i++)
        {
            var header = connection.Headers[i];
            if (header.Kind is HeaderKind.Plain or HeaderKind.ContentType or HeaderKind.ContentEncoding || (header.Kind is HeaderKind.OfExactBody && !isFiltered)) headers.Add(new(header.Name, header.Value));
        }

        await idempotency.FinishAsync(key, new IdempotentAnswer(connection.Status, headers, isWhole ? call.Answer.Span.ToArray() : [], isWhole && connection.Status is not 204 and not 304));
    }

    /// <summary>What was asked, for the evidence: verb and address as the caller sent them, then the headers as the provider gets them.</summary>
    private static void RecordHead(CallState call)
    {
        Span<byte> line = stackalloc byte[1_024];
        var first = Encoding.Latin1.GetBytes(call.Http.Request.Method, line);
        line[first++] = (byte)'\r';
        line[first++] = (byte)'\n';
        call.Digests.Add(CallPart.RequestHead, line[..first]);
        var target = (call.Asked ?? call.Target).AsSpan();
        while (target.Length > 0)
        {
            var piece = target[..Math.Min(target.Length, line.Length)];
            call.Digests.Add(CallPart.RequestHead, line[..Encoding.Latin1.GetBytes(piece, line)]);
            target = target[piece.Length..];
        }

        call.Digests.Add(CallPart.RequestHead, "\r\n"u8);
        call.Digests.Add(CallPart.RequestHead, call.Head.Span[call.KeptFrom..call.RequestIdUntil]);
        if (call.Soap?.UserId is { } person) call.Digests.Add(CallPart.UserId, Encoding.UTF8.GetBytes(person));
        else if (call.Http.Request.Headers.TryGetValue("X-Road-UserId", out var user) && user.Count > 0) call.Digests.Add(CallPart.UserId, Encoding.UTF8.GetBytes(user[^1]!));
        if (call.IsRoad && !call.IsSoap && !call.IsRequestWhole) call.BodyHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    }

    /// <summary>x-road-request-hash (exchange.md 2.1.5): SHA-512 of the head, or of both digests where there is a body.</summary>
    private static void HashRequest(CallState call)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(Encoding.Latin1.GetBytes($"{call.Http.Request.Method}\r\n{call.Target}\r\n"));
        hash.AppendData(call.Head.Span[call.KeptFrom..call.RequestIdUntil]);
        var head = hash.GetHashAndReset();
        if (call.HasRequestBody)
        {
            var body = call.BodyHash is { } streamed ? streamed.GetHashAndReset() : SHA512.HashData(call.Body.Span);
            hash.AppendData(head);
            hash.AppendData(body);
            head = hash.GetHashAndReset();
        }

        call.BodyHash?.Dispose();
        call.BodyHash = null;
        call.RequestHash = Convert.ToBase64String(head);
    }

    /// <summary>Of the addresses that are well the one with the least under way; when none is well, the one that was sent away first.</summary>
    private Upstream Choose(Upstream[] all, Upstream? failed)
    {
        if (all.Length == 1) return all[0];
        var now = upstreams.NowMs;
        Upstream? best = null;
        foreach (var upstream in all)
        {
            if (upstream == failed || !upstream.IsWell(now)) continue;
            if (best is null || upstream.Active < best.Active) best = upstream;
        }

        if (best is not null) return best;
        foreach (var upstream in all)
        {
            if (upstream == failed) continue;
            if (best is null || upstream.EjectedUntil < best.EjectedUntil) best = upstream;
        }

        return best ?? all[0];
    }

    private static CallRefusal Explain(UpstreamException fault, Upstream upstream) => fault.Trouble switch
    {
        UpstreamTrouble.UnknownHost => new(CallFault.UnknownHost, $"the name {upstream.Host} does not resolve"),
        UpstreamTrouble.Unreachable => new(CallFault.NetworkError, "no connection to the provider: " + fault.Message),
        UpstreamTrouble.TimedOut => new(CallFault.ProviderTimeout, fault.Message),
        UpstreamTrouble.Malformed => new(CallFault.ProviderMalformed, fault.Message),
        UpstreamTrouble.TooLarge => new(CallFault.ResponseTooLarge, "the answer is too large: " + fault.Message),
        UpstreamTrouble.NoAddress => new(CallFault.ServiceMissingUrl, fault.Message),
        _ => new(CallFault.ProviderBroken, fault.Message),
    };

    private static bool IsPlainJson(UpstreamConnection connection)
    {
        var isJson = false;
        for (var i = 0; i < connection.HeaderCount; i++)
        {
            var header = connection.Headers[i];
            if (header.Kind is HeaderKind.ContentEncoding && !header.Value.Equals("identity", StringComparison.OrdinalIgnoreCase)) return false;
            if (header.Kind is not HeaderKind.ContentType) continue;
            if (isJson) return false;
            var type = header.Value.AsSpan();
            var semicolon = type.IndexOf(';');
            var parameters = semicolon < 0 ? default : type[(semicolon + 1)..];
            if (semicolon >= 0) type = type[..semicolon];
            type = type.Trim();
            isJson = type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || (type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
            if (parameters.Contains("charset", StringComparison.OrdinalIgnoreCase) && !parameters.Contains("utf-8", StringComparison.OrdinalIgnoreCase)) return false;
            if (!isJson) return false;
        }

        return isJson;
    }

    private static bool IsIdempotent(string method) => method is "PUT" or "DELETE" || ExchangeLog.IsSafe(method);

    internal static bool IsCallerGone(Exception fault) => fault is IOException or OperationCanceledException or BadHttpRequestException or Microsoft.AspNetCore.Connections.ConnectionAbortedException;

    /// <summary>A long request on its way to the provider while the answer may already be coming.</summary>
    private sealed class Upload
    {
        private readonly CallState _call;
        private readonly UpstreamConnection _connection;
        private readonly int _timeoutMs;
        private readonly Task<CallRefusal?> _running;
        private volatile bool _isStopped;

        public Upload(CallState call, UpstreamConnection connection, int timeoutMs)
        {
            (_call, _connection, _timeoutMs) = (call, connection, timeoutMs);
            _running = RunAsync();
        }

        public Task Done => _running;

        public ValueTask<CallRefusal?> FaultSoFarAsync() => _running.IsCompleted ? new(_running) : new((CallRefusal?)null);

        /// <summary>Ends it, if it has not ended; what was wrong on the caller's side, if anything was.</summary>
        public async ValueTask<CallRefusal?> StopAsync()
        {
            if (_running.IsCompleted) return await _running;
            // The provider answered before it had everything, and has broken off or will: the rest is not sent.
            _isStopped = true;
            _connection.Dispose();
            _call.Http.Request.BodyReader.CancelPendingRead();
            await _running;
            return null;
        }

        private async Task<CallRefusal?> RunAsync()
        {
            var reader = _call.Http.Request.BodyReader;
            var isChunked = _call.Http.Request.ContentLength is null;
            var max = _call.Service!.Entry.MaxRequestBytes;
            var frame = new PooledBytes(PieceBytes + 32);
            try
            {
                if (_call.Body.Length > 0) await SendAsync(frame, _call.Body.Memory, isChunked);
                while (!_isStopped)
                {
                    ReadResult result;
                    try
                    {
                        result = await reader.ReadAsync();
                    }
                    catch (Exception fault) when (IsCallerGone(fault))
                    {
                        _connection.Dispose();
                        return new CallRefusal(CallFault.RequestBroken, fault.Message);
                    }

                    if (result.IsCanceled)
                    {
                        reader.AdvanceTo(result.Buffer.Start);
                        return null;
                    }

                    if (_call.RequestBytes + result.Buffer.Length > max)
                    {
                        reader.AdvanceTo(result.Buffer.End);
                        _connection.Dispose();
                        return ExchangeCall.TooLarge(_call.Service!);
                    }

                    foreach (var piece in result.Buffer) await SendAsync(frame, piece, isChunked);
                    reader.AdvanceTo(result.Buffer.End);
                    if (!result.IsCompleted) continue;
                    if (isChunked) await _connection.SendAsync("0\r\n\r\n"u8.ToArray(), _timeoutMs);
                    _connection.RequestIsSent(_timeoutMs);
                    return null;
                }

                return null;
            }
            catch (UpstreamException)
            {
                // The provider's side says itself what is wrong, where its answer is waited for.
                return null;
            }
        }

        private async ValueTask SendAsync(PooledBytes frame, ReadOnlyMemory<byte> piece, bool isChunked)
        {
            if (piece.IsEmpty) return;
            _call.RequestBytes += piece.Length;
            _call.Digests.Add(CallPart.RequestBody, piece.Span);
            _call.BodyHash?.AppendData(piece.Span);
            if (!isChunked)
            {
                await _connection.SendAsync(piece, _timeoutMs);
                return;
            }

            frame.Clear();
            frame.Add(piece.Length.ToString("x", System.Globalization.CultureInfo.InvariantCulture));
            frame.Add("\r\n"u8);
            frame.Add(piece.Span);
            frame.Add("\r\n"u8);
            await _connection.SendAsync(frame.Memory, _timeoutMs);
        }
    }
}
