using Grpc.Core;
using Microsoft.Extensions.Hosting;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>Serves the streams of VEMs.</summary>
public sealed class VemControlService(Supervisor supervisor, IHostApplicationLifetime lifetime) : VemControl.VemControlBase
{
    private static readonly TimeSpan HelloDeadline = TimeSpan.FromSeconds(5);

    public override async Task Session(
        IAsyncStreamReader<VemMessage> requestStream, IServerStreamWriter<VsmMessage> responseStream, ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        if (await HelloAsync(requestStream, stop.Token) is not { } hello)
        {
            await RefuseAsync(responseStream, "the first message must be hello");
            return;
        }

        (Module Module, VemSession Session) admitted;
        try
        {
            admitted = supervisor.Admit(hello, Peer(context));
        }
        catch (RefusedException refusal)
        {
            await RefuseAsync(responseStream, refusal.Message, identityTaken: refusal is IdentityTakenException);
            return;
        }

        try
        {
            await admitted.Session.RunAsync(
                requestStream, responseStream, message => supervisor.Handle(admitted.Module, admitted.Session, message), stop.Token);
        }
        finally
        {
            supervisor.Leave(admitted.Module, admitted.Session);
        }
    }

    /// <summary>Where the VEM connects from, for people; a unix socket's other end has no name.</summary>
    private static string Peer(ServerCallContext context) => context.Peer == "unix:" ? "this machine" : context.Peer;

    private static async Task<Hello?> HelloAsync(IAsyncStreamReader<VemMessage> requests, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(HelloDeadline);
        try
        {
            return await requests.MoveNext(deadline.Token) ? requests.Current.Hello : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(IServerStreamWriter<VsmMessage> responses, string reason, bool identityTaken = false) =>
        responses.WriteAsync(new VsmMessage { Refused = new Refused { Reason = reason, IdentityTaken = identityTaken } });
}
