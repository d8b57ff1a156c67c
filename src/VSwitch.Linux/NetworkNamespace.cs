using System.Runtime.ExceptionServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Work inside another network namespace. What is opened there (a socket, a TUN queue) stays in that namespace whichever
/// thread uses it, so only the opening has to happen inside. A namespace belongs to a thread: the work runs on a thread
/// of its own that ends afterwards, and no other thread ever leaves its namespace. The work must be no more than system calls: a
/// thread that the runtime starts for it (the first socket of System.Net has one) would stay there, and the namespace with it.
/// </summary>
public static class NetworkNamespace
{
    private const string NamedDirectory = "/var/run/netns/";

    /// <summary>Runs work in the namespace and gives what it returns; an exception passes through.</summary>
    /// <param name="where">
    /// A name as <c>ip netns</c> gives it, or a path such as <c>/proc/1234/ns/net</c>; null is this process's own namespace.
    /// </param>
    public static T Run<T>(string? where, Func<T> work)
    {
        if (where is null)
            return work();
        using Descriptor inside = Open(where);
        return Run(inside, where, work);
    }

    /// <summary>Runs work in the namespace that a descriptor stands for.</summary>
    public static T Run<T>(Descriptor inside, string name, Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                LinuxException.Check(sched_h.setns(inside.Number, sched_h.CLONE_NEWNET), "setns to " + name);
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            Name = "netns " + name,
            IsBackground = true,
        };
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException)
        {
            throw new LinuxException("start a thread in " + name, Errno.EAGAIN);
        }
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <summary>
    /// Which namespace a name or path leads to: <c>net:[4026531840]</c>, as /proc/PID/ns/net reads; null when it leads to none.
    /// </summary>
    /// <exception cref="LinuxException">It could not be looked at: no right, no descriptor left.</exception>
    public static string? Identity(string where)
    {
        try
        {
            using Descriptor inside = Open(where);
            return Identity(inside);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }

    /// <summary>Which namespace an open file stands for; null when it stands for none.</summary>
    public static string? Identity(Descriptor inside)
    {
        var status = FileStatus.Read(inside);
        return status.IsNamespace ? $"net:[{status.Inode}]" : null;
    }

    private static Descriptor Open(string where) =>
        Descriptor.Open(where.Contains('/') ? where : NamedDirectory + where, fcntl_h.O_RDONLY);
}
