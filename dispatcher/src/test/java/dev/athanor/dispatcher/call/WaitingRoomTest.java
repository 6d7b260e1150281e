package dev.athanor.dispatcher.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    @Test
    void thereIsRoomForSoMuchAndNoMoreUntilSomethingLeaves() {
        WaitingRoom room = new WaitingRoom(100);

        assertThat(room.enter(60)).isTrue();
        assertThat(room.enter(41)).isFalse();
        assertThat(room.enter(40)).isTrue();
        assertThat(room.enter(1)).isFalse();
        room.leave(60);
        assertThat(room.enter(60)).isTrue();
    }
}
