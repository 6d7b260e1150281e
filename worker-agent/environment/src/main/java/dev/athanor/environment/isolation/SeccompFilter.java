package dev.athanor.environment.isolation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program for the kernel that refuses system calls, in the form that {@code bwrap --seccomp}
 * takes: classic BPF over the number of a call and its arguments.
 */
final class SeccompFilter {
    /** A socket of these families is what programs use; some of the others lead to the host. */
    private static final int[] FAMILIES = {1, 2, 10, 16};

    /** New namespaces of any kind. */
    static final int NEW_NAMESPACES = 0x7E020000;

    static final int EPERM = 1;
    static final int ENOSYS = 38;
    static final int EAFNOSUPPORT = 97;

    private static final int RETURN_ALLOW = 0x7FFF0000;
    private static final int RETURN_KILL = 0x80000000;
    private static final int RETURN_ERROR = 0x00050000;

    // Where the kernel puts what is looked at.
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    private static final int FIRST_ARGUMENT = 16;

    private static final int LOAD = 0x20;
    private static final int RETURN = 0x06;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_AT_LEAST = 0x35;
    private static final int IF_ANY_BIT = 0x45;
    private static final int INSTRUCTION_BYTES = 8;

    private record Instruction(int code, int skipIfTrue, int skipIfFalse, int operand) {}

    private final List<Instruction> instructions = new ArrayList<>();

    private SeccompFilter() {}

    /** The program for a kind of processor. */
    static byte[] of(SystemCalls calls) {
        SeccompFilter filter = new SeccompFilter();
        filter.write(calls);
        return filter.bytes();
    }

    /** Tells whether sockets of a family may be made. */
    static boolean permits(int family) {
        return Arrays.stream(FAMILIES).anyMatch(each -> each == family);
    }

    private void write(SystemCalls calls) {
        add(LOAD, ARCHITECTURE);
        unless(IF_EQUAL, calls.audit(), RETURN_KILL);
        add(LOAD, NUMBER);
        when(IF_AT_LEAST, calls.foreign(), RETURN_ERROR | ENOSYS);
        calls.refused().forEach(call -> when(IF_EQUAL, call, RETURN_ERROR | EPERM));
        // Its flags are not to be seen from here; whoever finds it missing uses the other one.
        when(IF_EQUAL, calls.cloning3(), RETURN_ERROR | ENOSYS);
        limitClone(calls.cloning());
        limitSocket(calls.socket());
        add(RETURN, RETURN_ALLOW);
    }

    private void limitClone(int cloning) {
        jump(IF_EQUAL, cloning, 0, 4);
        add(LOAD, FIRST_ARGUMENT);
        when(IF_ANY_BIT, NEW_NAMESPACES, RETURN_ERROR | EPERM);
        add(LOAD, NUMBER);
    }

    private void limitSocket(int socket) {
        int last = FAMILIES.length;
        jump(IF_EQUAL, socket, 0, last + 2);
        add(LOAD, FIRST_ARGUMENT);
        for (int i = 0; i < last; i++) {
            jump(IF_EQUAL, FAMILIES[i], last - i, 0);
        }
        add(RETURN, RETURN_ERROR | EAFNOSUPPORT);
    }

    private void when(int condition, int operand, int result) {
        jump(condition, operand, 0, 1);
        add(RETURN, result);
    }

    private void unless(int condition, int operand, int result) {
        jump(condition, operand, 1, 0);
        add(RETURN, result);
    }

    private void jump(int condition, int operand, int skipIfTrue, int skipIfFalse) {
        instructions.add(new Instruction(condition, skipIfTrue, skipIfFalse, operand));
    }

    private void add(int code, int operand) {
        jump(code, operand, 0, 0);
    }

    private byte[] bytes() {
        ByteBuffer bytes =
                ByteBuffer.allocate(instructions.size() * INSTRUCTION_BYTES)
                        .order(ByteOrder.nativeOrder());
        for (Instruction each : instructions) {
            bytes.putShort((short) each.code())
                    .put((byte) each.skipIfTrue())
                    .put((byte) each.skipIfFalse())
                    .putInt(each.operand());
        }
        return bytes.array();
    }
}
