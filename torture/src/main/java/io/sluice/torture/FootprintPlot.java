package io.sluice.torture;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Footprints over time as a picture: one curve under the other. */
final class FootprintPlot {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 150;
  private static final int LEFT = 70;
  private static final int TOP = 30;
  private static final int PANEL = HEIGHT + TOP + 20;

  private final List<Footprint> footprints;
  private final StringBuilder svg = new StringBuilder();

  private FootprintPlot(List<Footprint> footprints) {
    this.footprints = footprints;
  }

  /** SVG, of at least one footprint. */
  static String of(List<Footprint> footprints) {
    return new FootprintPlot(footprints).draw();
  }

  private String draw() {
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="white"/>
        """
            .formatted(LEFT + WIDTH + 20, 3 * PANEL + 20));
    panel(0, "resident memory, MB", footprint -> footprint.residentBytes() / 1e6);
    panel(1, "open files and sockets", Footprint::files);
    panel(2, "threads", Footprint::threads);
    text(LEFT, 3 * PANEL + 12, "start", "start");
    text(LEFT + WIDTH, 3 * PANEL + 12, "end", minutes() + " minutes");
    return svg.append("</svg>\n").toString();
  }

  private long minutes() {
    return Math.round(footprints.getLast().seconds() / 60.0);
  }

  private void panel(int index, String title, ToDoubleFunction<Footprint> value) {
    int top = index * PANEL + TOP;
    double most = footprints.stream().mapToDouble(value).max().orElseThrow();
    double last = Math.max(1, footprints.getLast().seconds());
    text(LEFT, top - 8, "start", title);
    text(LEFT - 6, top + 10, "end", String.format(Locale.ROOT, "%.0f", most));
    text(LEFT - 6, top + HEIGHT, "end", "0");
    svg.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#ccc\"/>%n"
            .formatted(LEFT, top, WIDTH, HEIGHT));
    svg.append("<polyline fill=\"none\" stroke=\"#06c\" stroke-width=\"1.5\" points=\"");
    for (Footprint each : footprints) {
      svg.append(
          String.format(
              Locale.ROOT,
              "%.1f,%.1f ",
              LEFT + WIDTH * each.seconds() / last,
              top + HEIGHT - HEIGHT * value.applyAsDouble(each) / most));
    }
    svg.append("\"/>\n");
  }

  private void text(int x, int y, String anchor, String text) {
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n".formatted(x, y, anchor, text));
  }
}
