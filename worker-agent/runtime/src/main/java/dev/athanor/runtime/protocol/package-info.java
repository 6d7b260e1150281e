/**
 * The frames that a sandbox and its agent exchange over a Unix domain socket.
 *
 * <p>A frame is an {@code int} with the length of what follows, a type byte, and a body. All
 * numbers are big endian. A string is an {@code int} length and that many bytes of UTF-8; bytes are
 * an {@code int} length and the bytes; a list is an {@code int} count and its elements; a boolean
 * is a byte, 0 or 1. Both ends check the length against a maximum before they allocate anything,
 * and take a frame that does not parse as the end of the conversation.
 *
 * <pre>
 * type  sandbox to agent  body
 *  1    HELLO        int protocolVersion, long pid, string runtimeVersion; once, first
 *  2    LOADED       (nothing)
 *  3    LOAD_FAILED  string message
 *  4    RESULT       long callId, long runNanos, long droppedLogLines, byte codec, bytes result
 *  5    THREW        long callId, long runNanos, long droppedLogLines, list of throwable,
 *                    boolean hasOriginal, then if so bytes original
 *  6    REJECTED     long callId, byte kind (0 invalid invocation, 1 invalid result, 2 too large,
 *                    3 not started), string message
 *  7    LOG          long callId, byte stream (1 stdout, 2 stderr), bytes lines
 *  8    PONG         long nonce
 *  9    NESTED_CALL  long callId, long nestedId, function, bytes arguments
 * 10    NESTED_CANCEL  long callId, long nestedId
 * 11    VALUE        long callId, long index, byte codec, bytes value
 *
 * type  agent to sandbox  body
 * 16    LOAD         list of string: paths, in class path order; once, after HELLO
 * 17    INVOKE       long callId, byte codec, string owner, string name, string descriptor,
 *                    int referenceKind, string correlationId, int attempt, long maxResultBytes,
 *                    int streamWindow, bytes arguments
 * 18    CANCEL       long callId
 * 19    PING         long nonce
 * 20    WITHDRAW     (nothing)
 * 21    NESTED_LOG   long nestedId, list of (byte source (1 build, 2 function, 3 agent),
 *                    byte stream, long at, string text)
 * 22    NESTED_RESULT  long nestedId, outcome, byte codec, bytes result
 * 23    NESTED_FAILED  long nestedId, outcome, string kind, string message,
 *                    string largerMachineType, list of throwable, boolean hasOriginal, then if so
 *                    bytes original
 * 24    GRANT        long callId, long upTo
 *
 * throwable: string className, boolean hasMessage, then if so string message,
 *            list of (string className, string methodName, string fileName, int lineNumber),
 *            int cause (index in the list of throwables, -1: none), list of int suppressed (indexes)
 * function:  string name, string owner, string name, string descriptor, int referenceKind,
 *            string machineType, list of string requirements, list of string repositories,
 *            list of string: coordinates and their checksums in turn,
 *            list of string secrets, boolean rebuild, long keepAliveMillis, long timeoutMillis, long queueTimeoutMillis,
 *            long startTimeoutMillis, long buildTimeoutMillis, int maxEscalations,
 *            boolean wantsLogs
 * outcome:   string correlationId, int attempts, string agent, boolean hot, long queueMicros,
 *            long buildMicros, long startMicros, long runMicros, long droppedLogLines
 * codec:     0 Java serialization, 1 JSON, 2 pickle
 * </pre>
 *
 * <p>The bytes of a LOG frame are whole lines, each with its line feed; only the last frame of a
 * stream in a call may end with a line that has none. One call runs at a time, in the order of
 * their INVOKEs; those behind it wait in the sandbox. CANCEL, PING and WITHDRAW are answered
 * meanwhile: WITHDRAW with a REJECTED for each call that waits, CANCEL with one if its call waits.
 * The frames of a call arrive in this order: its LOG and VALUE frames, then one of RESULT, THREW
 * and REJECTED. Closing the socket ends the sandbox.
 *
 * <p>While a call runs its function may have others called: each NESTED_CALL is answered by any
 * number of NESTED_LOGs and then one of NESTED_RESULT and NESTED_FAILED, also when NESTED_CANCEL
 * gave it up. The end of the call gives up those that are left; their frames, which may cross its
 * own, mean nothing any more.
 *
 * <p>Where INVOKE has a stream window, the function yields: each value is a VALUE, in the order of
 * their indexes from 0, of which those below the window may be sent, and then those below what a
 * GRANT says; its RESULT says no more than that it has come to its end.
 *
 * <p>A Python function's arguments are the pickle of a tuple: the function pickled by itself, as
 * bytes, then the tuple of positional and the dict of named arguments. A sandbox unpickles a
 * function once. The name of the entry point is for people only.
 *
 * <p>Arguments in JSON are an array by position or an object by name, and what they are bound to is
 * what the function declares. A Python function is then the one that the entry point names: its
 * owner is the module. A result comes in the codec that the arguments had. A bundle of Python
 * modules is an archive that Python imports from: folders without {@code __init__.py} need entries
 * of their own in it.
 */
@NullMarked
package dev.athanor.runtime.protocol;

import org.jspecify.annotations.NullMarked;
