package dev.athanor.runtime.protocol;

/** A frame that an agent sends to a sandbox. */
public sealed interface AgentFrame extends Frame
        permits LoadFrame,
                InvokeFrame,
                CancelFrame,
                PingFrame,
                WithdrawFrame,
                GrantFrame,
                NestedReply {}
