using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using VSwitch.Protocol;

namespace VSwitch.Vem;

/// <summary>
/// What a VEM remembers on disk: its module number, what is attached, and the last configuration that it acknowledged,
/// so that it comes up as it was without its VSM. A file starts with the SHA-256 digest of the rest; one that was cut or
/// changed is set aside and said so, never half believed. Each is written twice, the copy after the file is safe on disk, so
/// that one damaged file loses nothing. What cannot be written, because the disk is full, waits; forwarding does not depend on it.
/// </summary>
public sealed partial class VemStateStore(string folder, ILogger<VemStateStore> log)
{
    private const string ConfigurationFile = "configuration.bin";
    private const string AttachmentsFile = "attachments.bin";
    private const string CopySuffix = ".copy";
    private const string DamagedSuffix = ".damaged";

    private readonly SavedFile _configuration = new(ConfigurationFile);
    private readonly SavedFile _attachments = new(AttachmentsFile);

    /// <summary>Why something waits; empty when all that was to be saved is on the disk.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The last acknowledged configuration; null when there is none.</summary>
    public VemState? LoadConfiguration(Action<string> warn) => Load(ConfigurationFile, VemState.Parser, warn);

    public void SaveConfiguration(VemState state) => Save(_configuration, state);

    public VemAttachments LoadAttachments(Action<string> warn) => Load(AttachmentsFile, VemAttachments.Parser, warn) ?? new VemAttachments();

    public void SaveAttachments(VemAttachments attachments) => Save(_attachments, attachments);

    /// <summary>Writes what waits; says once why it cannot, and once that it could.</summary>
    public void SaveWaiting()
    {
        string problem = "";
        foreach (SavedFile file in (ReadOnlySpan<SavedFile>)[_configuration, _attachments])
        {
            if (!file.IsWaiting)
                continue;
            try
            {
                DurableFile.Write(Path.Combine(folder, file.Name), file.Content);
                DurableFile.Write(Path.Combine(folder, file.Name + CopySuffix), file.Content);
                file.IsWaiting = false;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problem = exception.Message;
            }
        }

        if (problem.Length > 0 && problem != Problem)
            Log.NotSaved(log, problem);
        else if (problem.Length == 0 && Problem.Length > 0)
            Log.Saved(log);
        Problem = problem;
    }

    private T? Load<T>(string name, MessageParser<T> parser, Action<string> warn) where T : class, IMessage<T>
    {
        string path = Path.Combine(folder, name), copy = path + CopySuffix;
        if (Read(path, parser) is { } message)
            return message;
        bool isDamaged = File.Exists(path);
        if (isDamaged)
        {
            File.Move(path, path + DamagedSuffix, overwrite: true);
            warn($"{path} is damaged; it is now {path}{DamagedSuffix}.");
        }
        T? copied = Read(copy, parser);
        if (copied is not null)
            warn($"{copy} is whole and takes its place.");
        else if (isDamaged)
            warn($"There is no whole copy of it; what was in it comes from the VSM, or has to be attached again.");
        return copied;
    }

    /// <summary>What a file holds; null if it is not there or not as it was written.</summary>
    private static T? Read<T>(string path, MessageParser<T> parser) where T : class, IMessage<T>
    {
        if (!File.Exists(path))
            return null;
        byte[] content = File.ReadAllBytes(path);
        try
        {
            if (content.Length >= SHA256.HashSizeInBytes
                && SHA256.HashData(content.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(content.AsSpan(0, SHA256.HashSizeInBytes)))
                return parser.ParseFrom(content, SHA256.HashSizeInBytes, content.Length - SHA256.HashSizeInBytes);
        }
        catch (InvalidProtocolBufferException)
        {
            // The digest is right but another version wrote the file.
        }
        return null;
    }

    private void Save(SavedFile file, IMessage message)
    {
        if (file.Take(message))
            SaveWaiting();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What this VEM has to remember is not on the disk: {Problem}. Forwarding goes on; saving again every second")]
        public static partial void NotSaved(ILogger log, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "What this VEM has to remember is on the disk again")]
        public static partial void Saved(ILogger log);
    }

    /// <summary>A file and what is to be in it. The buffer is kept: a large configuration that is edited often makes no garbage.</summary>
    private sealed class SavedFile(string name)
    {
        private byte[] _buffer = [];
        private int _length;

        public string Name { get; } = name;

        public ReadOnlySpan<byte> Content => _buffer.AsSpan(0, _length);

        /// <summary>Whether the content is not on the disk yet.</summary>
        public bool IsWaiting { get; set; }

        /// <summary>Makes a message the content; false if it is that already.</summary>
        public bool Take(IMessage message)
        {
            Span<byte> before = stackalloc byte[SHA256.HashSizeInBytes];
            bool isFirst = _length == 0;
            if (!isFirst)
                Content[..SHA256.HashSizeInBytes].CopyTo(before);

            _length = SHA256.HashSizeInBytes + message.CalculateSize();
            if (_buffer.Length < _length)
                _buffer = new byte[2 * _length];
            Span<byte> body = _buffer.AsSpan(SHA256.HashSizeInBytes, _length - SHA256.HashSizeInBytes);
            message.WriteTo(body);
            SHA256.HashData(body, _buffer);

            bool isNew = isFirst || !before.SequenceEqual(Content[..SHA256.HashSizeInBytes]);
            IsWaiting |= isNew;
            return isNew;
        }
    }
}
