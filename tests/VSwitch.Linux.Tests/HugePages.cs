using System.Globalization;

namespace VSwitch.Linux.Tests;

/// <summary>Huge pages of 2 MB that the machine has in addition, for as long as this lives (vm.nr_hugepages).</summary>
internal sealed class HugePages : IDisposable
{
    private const string Setting = "/proc/sys/vm/nr_hugepages";

    private readonly int _count;

    public HugePages(int count)
    {
        int before = Read();
        Write(before + count);
        _count = Read() - before;
    }

    public void Dispose() => Write(Read() - _count);

    private static int Read() => int.Parse(File.ReadAllText(Setting), CultureInfo.InvariantCulture);

    private static void Write(int count) => File.WriteAllText(Setting, count.ToString(CultureInfo.InvariantCulture));
}
