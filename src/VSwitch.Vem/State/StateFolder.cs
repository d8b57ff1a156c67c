namespace VSwitch.Vem;

/// <summary>The state folder, held by one process at a time: a lock file in it is open for as long as the process lives.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;

    private StateFolder(FileStream lockFile) => _lock = lockFile;

    /// <exception cref="IOException">Another VEM runs with this folder, or it cannot be made.</exception>
    public static StateFolder Claim(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The state folder {folder} cannot be made: {exception.Message} Name another --state.", exception);
        }
        string path = Path.Combine(folder, "lock");
        try
        {
            return new StateFolder(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new IOException($"Another VEM runs with the state folder {folder}. Give each VEM a --state folder of its own.", exception);
        }
    }

    public void Dispose() => _lock.Dispose();
}
