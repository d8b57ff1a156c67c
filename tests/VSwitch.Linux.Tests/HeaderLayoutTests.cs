using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux.Tests;

/// <summary>
/// Compares every constant, struct and field under Headers with what a C compiler says about the name in the header that
/// it comes from. A program in C prints one line for each; nothing here has to be told of a new one.
/// </summary>
public sealed class HeaderLayoutTests
{
    private static readonly Type[] Copied = typeof(Errno).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<HeaderAttribute>() is not null)
        .ToArray();

    [Fact]
    public void EveryConstantAndStructIsAsInC()
    {
        Dictionary<string, string> ours = Describe();
        Dictionary<string, string> c = CompileAndRun(Program(ours.Keys));

        Assert.True(ours.Count > 150, $"only {ours.Count} things to compare");
        string[] skipped = ours.Keys.Except(c.Keys).ToArray();
        foreach (string name in skipped)
            Assert.Contains("LINUX_VERSION_CODE", name, StringComparison.Ordinal);
        string[] different = c.Where(one => ours[one.Key] != one.Value)
            .Select(one => $"{one.Key}: {ours[one.Key]} here, {one.Value} in C").ToArray();
        Assert.Empty(different);
    }

    /// <summary>What C is asked, as an expression, and what we think the answer is.</summary>
    private static Dictionary<string, string> Describe()
    {
        var described = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Type type in Copied)
        {
            foreach (FieldInfo constant in type.GetFields(BindingFlags.Static | BindingFlags.Public).Where(field => field.IsLiteral || field.IsInitOnly))
                described[ConstantExpression(constant)] = Bits(constant.GetValue(null)!);
            if (type.IsValueType)
                DescribeStruct(type, described);
        }
        described["sizeof(struct epoll_event)"] = Bits(Epoll.EventBytes);
        described["offsetof(struct epoll_event, data)"] = Bits(Epoll.TokenOffset);
        return described;
    }

    private static void DescribeStruct(Type type, Dictionary<string, string> described)
    {
        string? whole = type.GetCustomAttribute<CNameAttribute>()?.Name;
        string typeName = whole ?? "struct " + type.Name;
        if (whole is null)
            described[$"sizeof({typeName})"] = Bits(Marshal.SizeOf(type));
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            string name = field.GetCustomAttribute<CNameAttribute>()?.Name ?? field.Name;
            if (name.Length == 0)
                continue;
            described[$"offsetof({typeName}, {name})"] = Bits((int)Marshal.OffsetOf(type, field.Name));
            described[$"sizeof((({typeName} *)0)->{name})"] = Bits(SizeOf(field.FieldType));
        }
    }

    private static int SizeOf(Type type) => type.IsPointer ? nint.Size : Marshal.SizeOf(type) * InlineLength(type);

    /// <summary>The marshaller counts an inline array as one element.</summary>
    private static int InlineLength(Type type) =>
        type.GetCustomAttribute<InlineArrayAttribute>() is { } inline && Marshal.SizeOf(type) == 1 ? inline.Length : 1;

    private static string ConstantExpression(FieldInfo constant)
    {
        string name = constant.GetCustomAttribute<CNameAttribute>()?.Name ?? constant.Name;
        return constant.GetCustomAttribute<SinceAttribute>() is { } since
            ? $"{name} /* LINUX_VERSION_CODE >= KERNEL_VERSION({since.Major}, {since.Minor}, 0) */"
            : name;
    }

    private static string Program(IEnumerable<string> expressions)
    {
        var program = new StringBuilder("#define _GNU_SOURCE\n#include <stdio.h>\n#include <stddef.h>\n#include <linux/version.h>\n");
        IEnumerable<string> headers = Copied.Select(type => type.GetCustomAttribute<HeaderAttribute>()!.Path).Distinct();
        foreach (string header in headers.OrderBy(path => path.StartsWith("linux/", StringComparison.Ordinal)))
            program.Append(CultureInfo.InvariantCulture, $"#include <{header}>\n");
        program.Append("int main(void)\n{\n");
        foreach (string expression in expressions)
        {
            int comment = expression.IndexOf("/*", StringComparison.Ordinal);
            if (comment >= 0)
                program.Append(CultureInfo.InvariantCulture, $"#if {expression[(comment + 2)..^2]}\n");
            program.Append(CultureInfo.InvariantCulture, $"    printf(\"%s\\t%lx\\n\", \"{expression}\", (unsigned long)({expression}));\n");
            if (comment >= 0)
                program.Append("#endif\n");
        }
        return program.Append("}\n").ToString();
    }

    private static Dictionary<string, string> CompileAndRun(string program)
    {
        string directory = Directory.CreateTempSubdirectory("vswitch-layout-").FullName;
        try
        {
            string source = Path.Combine(directory, "layout.c");
            string binary = Path.Combine(directory, "layout");
            File.WriteAllText(source, program);
            Run("gcc", "-w", "-o", binary, source);
            return Run(binary).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('\t'))
                .ToDictionary(words => words[0], words => words[1], StringComparer.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command}: {errors.Result}");
    }

    /// <summary>As C prints a value converted to unsigned long.</summary>
    private static string Bits(object value) =>
        (value is ulong large ? large : (ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture))
        .ToString("x", CultureInfo.InvariantCulture);
}
