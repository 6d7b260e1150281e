package dev.athanor.runtime.protocol;

/** A frame that a sandbox sends to its agent. */
public sealed interface SandboxFrame extends Frame
        permits HelloFrame,
                LoadedFrame,
                LoadFailedFrame,
                ResultFrame,
                ThrewFrame,
                RejectedFrame,
                LogFrame,
                PongFrame,
                ValueFrame,
                NestedCallFrame,
                NestedCancelFrame {}
