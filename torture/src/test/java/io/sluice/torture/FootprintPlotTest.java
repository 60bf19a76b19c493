package io.sluice.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

class FootprintPlotTest {

  @Test
  void each_figure_has_a_curve_from_the_first_to_the_last() throws Exception {
    String svg =
        FootprintPlot.of(
            List.of(
                new Footprint(0, 100_000_000, 20, 30),
                new Footprint(60, 200_000_000, 40, 30),
                new Footprint(120, 150_000_000, 30, 30)));
    NodeList curves =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)))
            .getElementsByTagName("polyline");

    assertEquals(3, curves.getLength());
    String memory = curves.item(0).getAttributes().getNamedItem("points").getNodeValue();
    assertEquals("70.0,105.0 450.0,30.0 830.0,67.5", memory.strip());
    assertTrue(svg.contains("2 minutes"), svg);
  }
}
