package dev.athanor.standalone.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table for people: columns as wide as what is in them. Not for several threads. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... titles) {
        rows.add(List.of(titles));
    }

    /**
     * @param cells as many as there are titles
     */
    Table row(Object... cells) {
        rows.add(
                List.of(cells).stream()
                        .map(cell -> printable(cell.toString()))
                        .map(text -> text.isEmpty() ? "-" : text)
                        .toList());
        return this;
    }

    /** Without what a terminal would obey. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    void print(PrintWriter out) {
        int columns = rows.getFirst().size();
        int[] widths =
                IntStream.range(0, columns)
                        .map(column ->
                                rows.stream()
                                        .mapToInt(row -> row.get(column).length())
                                        .max()
                                        .orElse(0))
                        .toArray();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                line.append(row.get(column))
                        .repeat(" ", widths[column] - row.get(column).length())
                        .append(GAP);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
