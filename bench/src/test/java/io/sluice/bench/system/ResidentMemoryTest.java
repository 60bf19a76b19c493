package io.sluice.bench.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {

  @Test
  void mappings_are_summed_by_what_they_are() {
    List<String> lines =
        """
        7f001000-7ff95000 rw-p 00001000 fe:00 393243    /home/a b/sluice/serve.aot
        Size:              48720 kB
        Rss:               40000 kB
        Pss:               40000 kB
        e0000000-e7e00000 rw-p 00000000 00:00 0
        Rss:                 300 kB
        7f6188000000-7f6188a5c000 rw-p 00000000 00:00 0    [heap]
        Rss:                  20 kB
        7f6190000000-7f61902e3000 r--p 00000000 fe:00 393100    /image/lib/server/libjvm.so
        Rss:                2000 kB
        7f61902e3000-7f619136f000 r-xp 002e3000 fe:00 393100    /image/lib/server/libjvm.so
        Rss:               10000 kB
        """
            .lines()
            .toList();
    assertEquals(
        new ResidentMemory(40_000 * 1024, 12_000 * 1024, 320 * 1024), ResidentMemory.parse(lines));
  }

  @Test
  void this_process_has_memory() throws Exception {
    ResidentMemory memory = ResidentMemory.of(ProcessHandle.current().pid()).orElseThrow();
    assertTrue(memory.files() > 0 && memory.anonymous() > 0, memory::toString);
  }
}
