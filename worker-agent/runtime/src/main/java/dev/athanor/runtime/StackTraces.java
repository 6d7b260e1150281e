package dev.athanor.runtime;

import java.util.List;

/** Trims stack traces to what users know. */
final class StackTraces {

    private static final String OURS = CallRunner.class.getPackageName() + ".";

    private StackTraces() {}

    /** Cuts off the outermost frames, in which the runtime calls the function. */
    static List<StackTraceElement> withoutOurs(List<StackTraceElement> frames) {
        int end = frames.size();
        for (int i = frames.size() - 1; i >= 0 && isMachinery(frames.get(i)); i--) {
            if (frames.get(i).getClassName().startsWith(OURS)) {
                end = i;
            }
        }
        while (end > 0 && end < frames.size() && isInvocation(frames.get(end - 1))) {
            end--;
        }
        return frames.subList(0, end);
    }

    private static boolean isMachinery(StackTraceElement frame) {
        return frame.getClassName().startsWith(OURS)
                || frame.getClassName().equals("java.lang.Thread")
                || isInvocation(frame);
    }

    private static boolean isInvocation(StackTraceElement frame) {
        return frame.getClassName().startsWith("java.lang.invoke.");
    }
}
