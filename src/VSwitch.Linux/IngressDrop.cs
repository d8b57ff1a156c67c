using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Keeps the host's own stack away from a netdev: a BPF program of two instructions drops whatever the netdev receives,
/// after AF_PACKET sockets have had their copy (net/core/dev.c delivers to them first). It ends with this object and, on
/// kernels with tcx (6.6), with the process. On older kernels it is a filter of a clsact qdisc, which a process that
/// crashes leaves behind and the next <see cref="Attach"/> replaces. Call it in the netdev's namespace.
/// </summary>
public sealed unsafe class IngressDrop : IDisposable
{
    private readonly Descriptor? _link;
    private readonly RouteSocket? _routes;
    private readonly int _index;
    private readonly bool _ownsQdisc;

    private IngressDrop(Descriptor link) => _link = link;

    private IngressDrop(RouteSocket routes, int index, bool ownsQdisc)
    {
        _routes = routes;
        _index = index;
        _ownsQdisc = ownsQdisc;
    }

    /// <param name="index">The netdev's index.</param>
    /// <exception cref="LinuxException">The kernel has neither tcx nor clsact, or the process has no CAP_BPF or CAP_NET_ADMIN.</exception>
    public static IngressDrop Attach(int index)
    {
        using Descriptor program = LoadProgram();
        try
        {
            return AttachLink(index, program);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return AttachFilter(index, program);
        }
    }

    public void Dispose()
    {
        _link?.Dispose();
        if (_routes is null)
            return;
        try
        {
            RemoveFilter(_routes);
        }
        catch (LinuxException)
        {
            // The netdev is gone, and its filter with it.
        }
        _routes.Dispose();
    }

    /// <summary><c>r0 = TC_ACT_SHOT; exit</c>: a program that may be attached to a clsact filter or a tcx link.</summary>
    internal static Descriptor LoadProgram()
    {
        bpf_insn* program = stackalloc bpf_insn[]
        {
            new bpf_insn { code = bpf_h.BPF_ALU64 | bpf_h.BPF_MOV | bpf_h.BPF_K, imm = pkt_cls_h.TC_ACT_SHOT },
            new bpf_insn { code = bpf_h.BPF_JMP | bpf_h.BPF_EXIT },
        };
        fixed (byte* license = "MIT\0"u8)
        {
            var attributes = new bpf_attr_prog_load
            {
                prog_type = bpf_h.BPF_PROG_TYPE_SCHED_CLS,
                insn_cnt = 2,
                insns = program,
                license = license,
            };
            return Call(bpf_h.BPF_PROG_LOAD, &attributes, sizeof(bpf_attr_prog_load), "BPF_PROG_LOAD");
        }
    }

    internal static IngressDrop AttachLink(int index, Descriptor program)
    {
        var attributes = new bpf_attr_link_create
        {
            prog_fd = (uint)program.Number,
            target_ifindex = (uint)index,
            attach_type = bpf_h.BPF_TCX_INGRESS,
        };
        return new IngressDrop(
            Call(bpf_h.BPF_LINK_CREATE, &attributes, sizeof(bpf_attr_link_create), $"BPF_LINK_CREATE on netdev {index}"));
    }

    internal static IngressDrop AttachFilter(int index, Descriptor program)
    {
        var routes = new RouteSocket();
        try
        {
            bool ownsQdisc = TryAddQdisc(routes, index);
            AddFilter(routes, index, program);
            return new IngressDrop(routes, index, ownsQdisc);
        }
        catch
        {
            routes.Dispose();
            throw;
        }
    }

    /// <returns>False when somebody else's clsact qdisc is there already.</returns>
    private static bool TryAddQdisc(RouteSocket routes, int index)
    {
        var request = new NetlinkMessage(
            rtnetlink_h.RTM_NEWQDISC, netlink_h.NLM_F_CREATE | netlink_h.NLM_F_EXCL);
        request.Append(ClsactQdisc(index));
        request.AppendString(rtnetlink_h.TCA_KIND, "clsact");
        try
        {
            routes.Ask(request, $"add a clsact qdisc to netdev {index}");
            return true;
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EEXIST)
        {
            return false;
        }
    }

    private static void AddFilter(RouteSocket routes, int index, Descriptor program)
    {
        var request = new NetlinkMessage(rtnetlink_h.RTM_NEWTFILTER, netlink_h.NLM_F_CREATE);
        request.Append(Filter(index));
        request.AppendString(rtnetlink_h.TCA_KIND, "bpf");
        request.AppendNested(rtnetlink_h.TCA_OPTIONS, options =>
        {
            options.AppendUInt32(pkt_cls_h.TCA_BPF_FD, (uint)program.Number);
            options.AppendString(pkt_cls_h.TCA_BPF_NAME, "vswitch");
            options.AppendUInt32(pkt_cls_h.TCA_BPF_FLAGS, pkt_cls_h.TCA_BPF_FLAG_ACT_DIRECT);
        });
        routes.Ask(request, $"add a drop filter to netdev {index}");
    }

    private void RemoveFilter(RouteSocket routes)
    {
        var request = new NetlinkMessage(_ownsQdisc ? rtnetlink_h.RTM_DELQDISC : rtnetlink_h.RTM_DELTFILTER, 0);
        request.Append(_ownsQdisc ? ClsactQdisc(_index) : Filter(_index));
        routes.Ask(request, $"remove the drop filter from netdev {_index}");
    }

    /// <summary>Priority 1 and every protocol: tcm_info is priority &lt;&lt; 16 | protocol in network order.</summary>
    private static tcmsg Filter(int index) => new()
    {
        tcm_ifindex = index,
        tcm_handle = 1,
        tcm_parent = (pkt_sched_h.TC_H_CLSACT & 0xFFFF_0000) | pkt_sched_h.TC_H_MIN_INGRESS,
        tcm_info = 1u << 16 | (uint)if_ether_h.ETH_P_ALL << 8,
    };

    private static tcmsg ClsactQdisc(int index) => new()
    {
        tcm_ifindex = index,
        tcm_handle = pkt_sched_h.TC_H_CLSACT & 0xFFFF_0000,
        tcm_parent = pkt_sched_h.TC_H_CLSACT,
    };

    private static Descriptor Call(int command, void* attributes, int bytes, string what) =>
        Descriptor.From((int)bpf_h.syscall(bpf_h.CallNumber, command, attributes, bytes), what);
}
