using System.Runtime.CompilerServices;

namespace VSwitch.Linux.Headers;

[Header("sys/un.h")]
internal struct sockaddr_un
{
    public ushort sun_family;
    public sun_path_bytes sun_path;

    [InlineArray(108)]
    internal struct sun_path_bytes
    {
        private byte _first;
    }
}
