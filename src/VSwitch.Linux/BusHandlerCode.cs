using System.Buffers.Binary;

namespace VSwitch.Linux;

/// <summary>
/// The SIGBUS handler of <see cref="BusGuard"/> as x86-64 machine code. <see cref="Source"/> is what it was assembled from,
/// and a test lets the assembler judge. It is called as <c>handler(int, siginfo_t *, void *)</c> (sigaction(2)): si_code
/// is 8 bytes into the siginfo_t and not positive when a process sent the signal, si_addr is 16 bytes into it.
/// </summary>
internal static class BusHandlerCode
{
    private const int TableOffset = 12;
    private const int CountOffset = 21;
    private const int PreviousOffset = 47;

    /// <summary>
    /// In GNU syntax. A table entry is start, length, mark, page size and how much to replace at once, 8 bytes each. A
    /// length of 0 is an error to mmap.
    /// </summary>
    public const string Source = """
            cmpl $0, 8(%rsi)                    # sent by a process: not ours
            jle 2f
            mov 16(%rsi), %r8                   # the address
            movabs $0x1111111111111111, %rax    # the table
            mov $0x22222222, %ecx               # its entries
        1:  mov %r8, %r9
            sub (%rax), %r9
            cmp 8(%rax), %r9                    # address - start < length, unsigned
            jb 3f
            add $40, %rax
            dec %ecx
            jnz 1b
        2:  movabs $0x3333333333333333, %rax    # the handler before us
            jmp *%rax
        3:  push %rdi
            push %rsi
            push %rdx
            push %rbx
            mov %rax, %rbx
            movq $1, 16(%rbx)                   # the mark
            mov 24(%rbx), %rax                  # the page: start + (address - start & -page)
            neg %rax
            and %r9, %rax
            add (%rbx), %rax
            push %rax
            mov (%rbx), %rdi                    # mmap(start, all at once,
            mov 32(%rbx), %rsi
            mov $3, %edx                        #   PROT_READ | PROT_WRITE,
            mov $0x4032, %r10d                  #   MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE,
            mov $-1, %r8                        #   -1,
            xor %r9d, %r9d                      #   0)
            mov $9, %eax
            syscall
            cmp $-4096, %rax                    # an error number
            jbe 4f
            mov (%rsp), %rdi                    # then mmap(the page, page, and so on)
            mov 24(%rbx), %rsi
            mov $9, %eax
            syscall
            cmp $-4096, %rax
            ja 5f
        4:  mov $15, %edx                       # madvise(the same, MADV_NOHUGEPAGE), which may fail
            mov $28, %eax
            syscall
            xor %eax, %eax
        5:  pop %rcx
            pop %rbx
            pop %rdx
            pop %rsi
            pop %rdi
            test %rax, %rax
            jnz 2b
            ret

        """;

    /// <summary>The code, with ones, twos and threes for the numbers that <see cref="Write"/> fills in.</summary>
    public static ReadOnlySpan<byte> Template =>
    [
        0x83, 0x7E, 0x08, 0x00, 0x7E, 0x27, 0x4C, 0x8B, 0x46, 0x10, 0x48, 0xB8, 0x11, 0x11, 0x11, 0x11,
        0x11, 0x11, 0x11, 0x11, 0xB9, 0x22, 0x22, 0x22, 0x22, 0x4D, 0x89, 0xC1, 0x4C, 0x2B, 0x08, 0x4C,
        0x3B, 0x48, 0x08, 0x72, 0x14, 0x48, 0x83, 0xC0, 0x28, 0xFF, 0xC9, 0x75, 0xEC, 0x48, 0xB8, 0x33,
        0x33, 0x33, 0x33, 0x33, 0x33, 0x33, 0x33, 0xFF, 0xE0, 0x57, 0x56, 0x52, 0x53, 0x48, 0x89, 0xC3,
        0x48, 0xC7, 0x43, 0x10, 0x01, 0x00, 0x00, 0x00, 0x48, 0x8B, 0x43, 0x18, 0x48, 0xF7, 0xD8, 0x4C,
        0x21, 0xC8, 0x48, 0x03, 0x03, 0x50, 0x48, 0x8B, 0x3B, 0x48, 0x8B, 0x73, 0x20, 0xBA, 0x03, 0x00,
        0x00, 0x00, 0x41, 0xBA, 0x32, 0x40, 0x00, 0x00, 0x49, 0xC7, 0xC0, 0xFF, 0xFF, 0xFF, 0xFF, 0x45,
        0x31, 0xC9, 0xB8, 0x09, 0x00, 0x00, 0x00, 0x0F, 0x05, 0x48, 0x3D, 0x00, 0xF0, 0xFF, 0xFF, 0x76,
        0x17, 0x48, 0x8B, 0x3C, 0x24, 0x48, 0x8B, 0x73, 0x18, 0xB8, 0x09, 0x00, 0x00, 0x00, 0x0F, 0x05,
        0x48, 0x3D, 0x00, 0xF0, 0xFF, 0xFF, 0x77, 0x0E, 0xBA, 0x0F, 0x00, 0x00, 0x00, 0xB8, 0x1C, 0x00,
        0x00, 0x00, 0x0F, 0x05, 0x31, 0xC0, 0x59, 0x5B, 0x5A, 0x5E, 0x5F, 0x48, 0x85, 0xC0, 0x0F, 0x85,
        0x79, 0xFF, 0xFF, 0xFF, 0xC3,
    ];

    /// <summary>Writes the code.</summary>
    /// <param name="code">Where it will run.</param>
    /// <param name="table">Address of the table of ranges.</param>
    /// <param name="count">Its entries.</param>
    /// <param name="previous">Address of the handler for everything else.</param>
    public static void Write(Span<byte> code, long table, int count, long previous)
    {
        Template.CopyTo(code);
        BinaryPrimitives.WriteInt64LittleEndian(code[TableOffset..], table);
        BinaryPrimitives.WriteInt32LittleEndian(code[CountOffset..], count);
        BinaryPrimitives.WriteInt64LittleEndian(code[PreviousOffset..], previous);
    }
}
