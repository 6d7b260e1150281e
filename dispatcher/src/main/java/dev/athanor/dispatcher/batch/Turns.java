package dev.athanor.dispatcher.batch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Says which members are queued next. Of a tenant's batches together no more are under way than
 * four times what its machine type runs at once; tenants come in turn, and of a tenant's batches
 * that which has the fewest under way.
 */
final class Turns {
    private static final int FOR_EACH_SLOT = 4;

    /** How many are queued in one transaction. */
    private static final int MOST_AT_ONCE = 500;

    private record Line(String machineType, String tenant) {}

    private Turns() {}

    /**
     * Takes the members from their batches.
     *
     * @param slots of a machine type; where nobody serves it, members for one are queued all the
     *     same, as work that waits is what an operator scales by
     */
    static List<Member> take(Collection<FedBatch> batches, ToIntFunction<String> slots) {
        Map<Line, List<FedBatch>> lines =
                new TreeMap<>(Comparator.comparing(Line::machineType).thenComparing(Line::tenant));
        for (FedBatch batch : batches) {
            lines.computeIfAbsent(
                            new Line(batch.batch().machineType(), batch.key().tenant()),
                            missing -> new ArrayList<>())
                    .add(batch);
        }
        Map<Line, Integer> room = new HashMap<>();
        lines.forEach((line, its) -> {
            int most = FOR_EACH_SLOT * Math.max(1, slots.applyAsInt(line.machineType()));
            room.put(line, most - its.stream().mapToInt(each -> each.underWay().size()).sum());
        });
        List<Member> members = new ArrayList<>();
        while (!lines.isEmpty() && members.size() < MOST_AT_ONCE) {
            Iterator<Map.Entry<Line, List<FedBatch>>> turn = lines.entrySet().iterator();
            while (turn.hasNext() && members.size() < MOST_AT_ONCE) {
                Map.Entry<Line, List<FedBatch>> line = turn.next();
                Optional<Member> member =
                        room.merge(line.getKey(), -1, Integer::sum) < 0
                                ? Optional.empty()
                                : next(line.getValue());
                if (member.isPresent()) {
                    members.add(member.get());
                } else {
                    turn.remove();
                }
            }
        }
        return members;
    }

    private static Optional<Member> next(List<FedBatch> batches) {
        while (!batches.isEmpty()) {
            FedBatch least =
                    batches.stream()
                            .min(Comparator.comparingInt(each -> each.underWay().size()))
                            .orElseThrow();
            Optional<Member> member = least.take();
            if (member.isPresent()) {
                return member;
            }
            batches.remove(least);
        }
        return Optional.empty();
    }
}
