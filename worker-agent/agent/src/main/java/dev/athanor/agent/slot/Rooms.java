package dev.athanor.agent.slot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The slots of an agent, by machine type. Safe for any number of threads. */
public final class Rooms {
    private final Map<String, Room> rooms = new LinkedHashMap<>();
    private volatile BiConsumer<String, Integer> onRoom = (machineType, slots) -> {};

    /**
     * @param slots how many of which machine type
     */
    public Rooms(Map<String, Integer> slots) {
        slots.forEach((machineType, count) -> rooms.put(machineType, new Room(count)));
    }

    /**
     * Has somebody told how many slots a machine type has, lent ones included, when it has more.
     */
    void onRoom(BiConsumer<String, Integer> listener) {
        onRoom = listener;
    }

    Room of(String machineType) {
        Room room = rooms.get(machineType);
        if (room == null) {
            throw new IllegalArgumentException("no slots of machine type " + machineType);
        }
        return room;
    }

    Map<String, Room> all() {
        return rooms;
    }

    /**
     * Gives the slot of a call that waits for others to another one, until {@link #takeBack}: so
     * however many calls wait, there is always a slot for one that does not.
     */
    public void lend(String machineType) {
        onRoom.accept(machineType, of(machineType).lend());
    }

    /** Ends what {@link #lend} began. Where the slot is taken by then, one call more runs. */
    public void takeBack(String machineType) {
        of(machineType).takeBack();
    }
}
