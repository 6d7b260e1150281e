package dev.athanor.api;

/** Drops lines; hosts that see it need not send any. */
enum SilentLog implements LogListener {
    INSTANCE;

    @Override
    public void line(LogLine line) {}
}
