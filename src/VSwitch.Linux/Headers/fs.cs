namespace VSwitch.Linux.Headers;

[Header("linux/fs.h")]
internal static class fs_h
{
    public const uint RWF_NOWAIT = 8;
}
