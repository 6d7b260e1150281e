package dev.athanor.dispatcher.batch;

import dev.athanor.schemas.Reply;

/**
 * How a member ended.
 *
 * @param index from 0
 * @param reply of its latest run, whose job it names
 */
public record MemberResult(int index, Reply reply) {}
