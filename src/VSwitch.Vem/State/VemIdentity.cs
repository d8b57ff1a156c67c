using System.Security.Cryptography;

namespace VSwitch.Vem;

/// <summary>
/// Who this VEM is: a key made at first start and kept in the state folder. The host id that the VSM remembers is
/// derived from the public half, so that nothing of the machine (a BIOS UUID above all) has a say in it.
/// </summary>
public sealed record VemIdentity(string HostId, string Instance)
{
    private const string KeyFile = "identity.pem";

    /// <summary>Reads the key, or makes it.</summary>
    /// <exception cref="InvalidDataException">The file is there but holds no key.</exception>
    public static VemIdentity LoadOrCreate(string stateFolder)
    {
        string path = Path.Combine(stateFolder, KeyFile);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            try
            {
                key.ImportFromPem(File.ReadAllText(path));
            }
            catch (Exception exception) when (exception is ArgumentException or CryptographicException)
            {
                throw new InvalidDataException($"{path} holds no usable key ({exception.Message}). Restore it, or remove it to let this VEM join as a new module.", exception);
            }
        }
        else
            DurableFile.Write(path, System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        byte[] digest = SHA256.HashData(key.ExportSubjectPublicKeyInfo());
        return new VemIdentity(new Guid(digest.AsSpan(0, 16)).ToString(), Guid.NewGuid().ToString());
    }
}
