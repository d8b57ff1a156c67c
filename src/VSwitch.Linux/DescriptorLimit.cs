using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>How many descriptors this process may have (RLIMIT_NOFILE, getrlimit(2)), and has.</summary>
public static unsafe class DescriptorLimit
{
    private const string OpenDirectory = "/proc/self/fd";

    public static long Max
    {
        get
        {
            rlimit limit;
            LinuxException.Check(resource_h.getrlimit(resource_h.RLIMIT_NOFILE, &limit), "getrlimit RLIMIT_NOFILE");
            return (long)Math.Min(limit.rlim_cur, long.MaxValue);
        }
    }

    /// <summary>How many more can be opened.</summary>
    public static long Free
    {
        get
        {
            try
            {
                return Math.Max(Max - Directory.EnumerateFileSystemEntries(OpenDirectory).Count(), 0);
            }
            catch (IOException)
            {
                // None is left to look with.
                return 0;
            }
        }
    }
}
