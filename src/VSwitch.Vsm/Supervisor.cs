using Microsoft.Extensions.Logging;
using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>
/// The supervisor module: the configuration, the modules that are in touch, and what ties them together. A stored change
/// of the configuration changes what modules are to enforce; a VEM's report changes the configuration.
/// </summary>
public sealed partial class Supervisor
{
    private readonly AttachmentDesk _desk;
    private readonly TimeProvider _time;
    private readonly ILogger<Supervisor> _log;

    public Supervisor(RunningConfiguration configuration, TimeProvider time, ILogger<Supervisor> log)
    {
        Configuration = configuration;
        _desk = new AttachmentDesk(configuration, Modules);
        _time = time;
        _log = log;
        Started = time.GetUtcNow();
        configuration.Changed += (_, _) => ChangeStates();
    }

    public RunningConfiguration Configuration { get; }

    public ModuleTable Modules { get; } = new();

    public InterfaceRates Rates { get; } = new();

    public DateTimeOffset Started { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Starts a session with a VEM that has said hello: it is welcomed, and what it has attached is taken over.</summary>
    /// <exception cref="RefusedException">The VEM cannot be a module; the message says why.</exception>
    public (Module Module, VemSession Session) Admit(Hello hello, string peer)
    {
        if (hello.Protocol != ProtocolVersion.Number)
            throw new RefusedException($"this vsm speaks version {ProtocolVersion.Number} of the protocol and the VEM version {hello.Protocol}");
        if (!Guid.TryParse(hello.HostId, out Guid hostId))
            throw new RefusedException("the host id is not a UUID");

        lock (Configuration.Gate)
        {
            Module module = Modules.GetOrAdd(ModuleNumber(hostId.ToString("D"), hello.Module));
            if (module.Session is { } other)
                Replace(other, module, hello);
            var session = new VemSession(hello, peer, _time, _ => new StatePush(() => WantedState(module), hello, module.LastState));
            module.Hello = hello;
            module.Session = session;
            session.Send(new VsmMessage { Welcome = new Welcome { Module = (uint)module.Number, SwitchName = Configuration.Current.HostName } });
            foreach ((Attachment attachment, AttachResult result) in hello.Attachments.Zip(_desk.Replace(module, hello.Attachments)))
                Answer(module, session, attachment, result);
            LogOnline(module.Number, AttachmentCheck.Printable(hello.HostName), peer);
            return (module, session);
        }
    }

    /// <summary>Notes that a session is over. The module's interfaces stay, out of touch.</summary>
    public void Leave(Module module, VemSession session)
    {
        lock (Configuration.Gate)
        {
            if (module.Session != session)
                return;
            module.LastState = session.State.Acknowledged;
            module.Session = null;
            LogOffline(module.Number, AttachmentCheck.Printable(session.Hello.HostName));
        }
    }

    /// <summary>Does what a VEM's report asks for.</summary>
    public void Handle(Module module, VemSession session, VemMessage message)
    {
        lock (Configuration.Gate)
        {
            if (module.Session != session)
                return;
            switch (message.BodyCase)
            {
                case VemMessage.BodyOneofCase.Attach when message.Attach.Attachment is { } attachment:
                    Answer(module, session, attachment, _desk.Attach(module, attachment));
                    break;
                case VemMessage.BodyOneofCase.Detach:
                    _desk.Detach(module, message.Detach.Id);
                    break;
                case VemMessage.BodyOneofCase.Link:
                    _desk.SetLink(module, message.Link);
                    break;
            }

            session.ChangeState();
        }
    }

    private void Answer(Module module, VemSession session, Attachment attachment, AttachResult result)
    {
        if (result.Error.Length > 0)
            LogRefused(AttachmentCheck.Printable(attachment.Device), AttachmentCheck.Printable(attachment.Vm), module.Number, AttachmentCheck.Printable(result.Error));
        session.Send(new VsmMessage { AttachResult = result });
    }

    private VemState WantedState(Module module) => ModuleState.Build(Configuration.Current, module.Ports.Values);

    private void ChangeStates()
    {
        foreach (Module module in Modules.Connected)
            module.Session?.ChangeState();
    }

    /// <summary>The number that the host has, or the one that it had, or the lowest that is free; remembered from now on.</summary>
    private int ModuleNumber(string hostId, uint had)
    {
        SwitchConfig config = Configuration.Current;
        if (config.Modules.Values.FirstOrDefault(module => module.HostId == hostId) is { } known)
            return known.Number;
        int number = Enumerable.Range(ConfigValidator.FirstModule, ConfigValidator.LastModule - ConfigValidator.FirstModule + 1)
            .Where(free => !config.Modules.ContainsKey(free)).OrderByDescending(free => free == had).FirstOrDefault();
        if (number == 0)
            throw new RefusedException("all module numbers are taken; free one with \"no vem N\"");
        Configuration.Change(before => before with { Modules = before.Modules.Add(number, new ModuleConfig(number, hostId)) });
        return number;
    }

    /// <summary>
    /// Two VEMs with one identity would fight over one module. A process that connects again has the same instance and takes
    /// over; another one has to wait until the first is silent.
    /// </summary>
    /// <exception cref="IdentityTakenException">The other one is not silent.</exception>
    private static void Replace(VemSession other, Module module, Hello hello)
    {
        if (other.Hello.Instance != hello.Instance && other.Silence < VemSession.SilenceOfTheDead)
        {
            throw new IdentityTakenException(
                $"a VEM with host id {hello.HostId} is connected already, as {module} from {other.Peer} since {other.Connected:u}; "
                + "two VEMs cannot share one state directory or a copy of it");
        }

        other.End("the VEM has connected again");
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Module {Number} is online: {Host} from {Peer}")]
    private partial void LogOnline(int number, string host, string peer);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Module {Number} is out of touch: {Host}")]
    private partial void LogOffline(int number, string host);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Device} of VM '{Vm}' on module {Number} is refused: {Reason}")]
    private partial void LogRefused(string device, string vm, int number, string reason);
}
