package dev.athanor.agent.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Room room = new Room(2);

    @Test
    void thereAreAsManySlotsAsSaid() throws Exception {
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(room.take(AT_ONCE)).isFalse();
        assertThat(room.busy()).isEqualTo(2);

        room.give();
        assertThat(room.take(AT_ONCE)).isTrue();
    }

    @Test
    void aSlotThatIsLentCountsUntilItIsTakenBack() throws Exception {
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(room.take(AT_ONCE)).isTrue();

        assertThat(room.lend()).isEqualTo(3);
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(room.take(AT_ONCE)).isFalse();

        room.takeBack();
        assertThat(room.busy()).isEqualTo(3);
        room.give();
        assertThat(room.take(AT_ONCE)).as("one call more than slots had run").isFalse();
        room.give();
        assertThat(room.take(AT_ONCE)).isTrue();
    }

    @Test
    void aConsumerOfTheQueueMayWaitForALentSlot() throws Exception {
        Room.Door door = room.queueDoor();
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(door.mayPoll(AT_ONCE)).isFalse();

        room.lend();

        assertThat(door.mayPoll(AT_ONCE)).isTrue();
    }

    @Test
    void noMoreConsumersOfTheQueueWaitThanSlotsAreFree() throws Exception {
        Room.Door one = room.queueDoor();
        Room.Door two = room.queueDoor();
        assertThat(room.take(AT_ONCE)).isTrue();

        assertThat(one.mayPoll(AT_ONCE)).isTrue();
        assertThat(two.mayPoll(AT_ONCE)).isFalse();
        room.give();
        assertThat(two.mayPoll(AT_ONCE)).isTrue();
    }

    @Test
    void aConsumerWithAFetchUnderWayGoesOnWhenALaneTakesItsSlot() throws Exception {
        Room.Door one = room.queueDoor();
        Room.Door two = room.queueDoor();
        assertThat(one.mayPoll(AT_ONCE)).isTrue();
        assertThat(two.mayPoll(AT_ONCE)).isTrue();

        assertThat(room.take(AT_ONCE)).isTrue();

        assertThat(two.mayPoll(AT_ONCE)).isTrue();
        two.polled();
        assertThat(two.mayPoll(AT_ONCE)).as("with its fetch answered").isFalse();
    }

    @Test
    void aConsumerThatEndsMakesWayForAnother() throws Exception {
        Room.Door one = room.queueDoor();
        Room.Door two = room.queueDoor();
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(one.mayPoll(AT_ONCE)).isTrue();

        one.leave();
        one.leave();

        assertThat(two.mayPoll(AT_ONCE)).isTrue();
        assertThat(one.mayPoll(AT_ONCE)).isFalse();
    }

    @Test
    void theLaneIsAlwaysWatched() throws Exception {
        Room.Door lane = Room.laneDoor();
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(room.take(AT_ONCE)).isTrue();

        assertThat(lane.mayPoll(AT_ONCE)).isTrue();
        lane.polled();
        assertThat(lane.mayPoll(AT_ONCE)).isTrue();
    }

    @Test
    void whoWaitsForASlotGetsTheNextOne() throws Exception {
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(room.take(AT_ONCE)).isTrue();
        CompletableFuture<Boolean> waiting = async(() -> room.take(LONG));

        room.give();

        assertThat(waiting.join()).isTrue();
    }

    @Test
    void aClosedRoomGivesNothingAndLetsNobodyWait() throws Exception {
        assertThat(room.take(AT_ONCE)).isTrue();
        assertThat(room.take(AT_ONCE)).isTrue();
        CompletableFuture<Boolean> slot = async(() -> room.take(LONG));
        CompletableFuture<Boolean> poll = async(() -> room.queueDoor().mayPoll(LONG));

        room.close();
        room.give();

        assertThat(slot.join()).isFalse();
        assertThat(poll.join()).isFalse();
        assertThat(room.awaitIdle(AT_ONCE)).isFalse();
        room.give();
        assertThat(room.awaitIdle(AT_ONCE)).isTrue();
    }

    private interface Blocking {
        boolean get() throws InterruptedException;
    }

    private static CompletableFuture<Boolean> async(Blocking blocking) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        result.complete(blocking.get());
                    } catch (InterruptedException e) {
                        result.completeExceptionally(e);
                    }
                });
        return result;
    }
}
