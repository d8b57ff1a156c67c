using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>A range of mapped memory (sys/mman.h), zero at first, unmapped once.</summary>
public sealed unsafe class MemoryMap : IDisposable
{
    private nint _address;

    private MemoryMap(nint address, long bytes)
    {
        _address = address;
        Bytes = bytes;
    }

    public byte* Data => (byte*)_address;

    public long Bytes { get; }

    /// <summary>Private memory that takes room page by page when it is touched.</summary>
    public static MemoryMap Anonymous(long bytes) =>
        Map(bytes, mman_h.MAP_PRIVATE | mman_h.MAP_ANONYMOUS | mman_h.MAP_NORESERVE, -1, 0, "mmap anonymous memory");

    /// <summary>Memory shared with whoever else maps the descriptor: a memfd, a socket's ring, a guest's RAM.</summary>
    public static MemoryMap Shared(Descriptor descriptor, long offset, long bytes) =>
        Map(bytes, mman_h.MAP_SHARED, descriptor.Number, offset, "mmap shared memory");

    /// <summary>A file in memory that other processes can map once they have its descriptor.</summary>
    public static Descriptor CreateFile(string name, long bytes)
    {
        Descriptor file = Descriptor.From(mman_h.memfd_create(name, mman_h.MFD_CLOEXEC), "memfd_create " + name);
        LinuxException.Check(unistd_h.ftruncate(file.Number, bytes), "ftruncate " + name);
        return file;
    }

    public void Dispose()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
            _ = mman_h.munmap((void*)address, (nuint)Bytes);
    }

    private static MemoryMap Map(long bytes, int flags, int descriptor, long offset, string what)
    {
        int protection = mman_h.PROT_READ | mman_h.PROT_WRITE;
        nint address = mman_h.mmap(0, (nuint)bytes, protection, flags, descriptor, offset);
        LinuxException.Check(address, what);
        return new MemoryMap(address, bytes);
    }
}
