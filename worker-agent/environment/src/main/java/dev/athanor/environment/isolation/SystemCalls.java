package dev.athanor.environment.isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Numbers of Linux's system calls on one kind of processor.
 *
 * @param audit the kernel's own name of that kind
 * @param foreign the lowest number that belongs to another convention of calling
 * @param refused what no sandbox needs
 */
public record SystemCalls(
        int audit, int foreign, int socket, int cloning, int cloning3, List<Integer> refused) {
    private static final int AUDIT_X86_64 = 0xC000003E;
    private static final int AUDIT_AARCH64 = 0xC00000B7;
    private static final int FOREIGN_X86_64 = 0x40000000;
    private static final int CLONE3 = 435;

    /**
     * What reaches the kernel's own memory, other processes, mounts, namespaces, devices, keys or
     * clocks, or was the way of many an escape; each with its number on x86-64 and on AArch64.
     */
    private static final String REFUSED =
            """
            acct 163 89
            add_key 248 217
            bpf 321 280
            chroot 161 51
            clock_adjtime 305 266
            clock_settime 227 112
            delete_module 176 106
            fanotify_init 300 262
            finit_module 313 273
            fsconfig 431 431
            fsmount 432 432
            fsopen 430 430
            fspick 433 433
            init_module 175 105
            io_uring_enter 426 426
            io_uring_register 427 427
            io_uring_setup 425 425
            ioperm 173 -
            iopl 172 -
            kcmp 312 272
            kexec_file_load 320 294
            kexec_load 246 104
            keyctl 250 219
            lookup_dcookie 212 18
            mount 165 40
            mount_setattr 442 442
            move_mount 429 429
            move_pages 279 239
            name_to_handle_at 303 264
            open_by_handle_at 304 265
            open_tree 428 428
            perf_event_open 298 241
            pidfd_getfd 438 438
            pivot_root 155 41
            process_madvise 440 440
            process_vm_readv 310 270
            process_vm_writev 311 271
            ptrace 101 117
            quotactl 179 60
            quotactl_fd 443 443
            reboot 169 142
            request_key 249 218
            setns 308 268
            settimeofday 164 170
            swapoff 168 225
            swapon 167 224
            syslog 103 116
            umount2 166 39
            unshare 272 97
            userfaultfd 323 282
            vhangup 153 58
            """;

    /** Copies the list. */
    public SystemCalls {
        refused = List.copyOf(refused);
    }

    /**
     * Those of a processor.
     *
     * @param architecture as in the system property {@code os.arch}
     * @return the numbers; empty where they are not known
     */
    static Optional<SystemCalls> of(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" ->
                    Optional.of(
                            new SystemCalls(
                                    AUDIT_X86_64, FOREIGN_X86_64, 41, 56, CLONE3, refused(1)));
            case "aarch64" ->
                    Optional.of(
                            new SystemCalls(
                                    AUDIT_AARCH64,
                                    Integer.MAX_VALUE,
                                    198,
                                    220,
                                    CLONE3,
                                    refused(2)));
            default -> Optional.empty();
        };
    }

    /** Those that no sandbox needs, by name. */
    public static List<String> refusedNames() {
        return REFUSED.lines().map(line -> line.split(" ", 2)[0]).toList();
    }

    private static List<Integer> refused(int column) {
        List<Integer> numbers = new ArrayList<>();
        REFUSED.lines()
                .map(line -> line.split(" ", -1)[column])
                .filter(number -> !number.equals("-"))
                .forEach(number -> numbers.add(Integer.valueOf(number)));
        return numbers;
    }
}
