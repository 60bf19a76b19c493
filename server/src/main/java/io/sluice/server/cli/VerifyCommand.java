package io.sluice.server.cli;

import io.sluice.broker.subscription.SnapshotCheck;
import io.sluice.log.DataDirectoryException;
import io.sluice.log.DataFolderCheck;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice verify}: whether a data folder is whole. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Reads every record of a data folder that no server uses, changes nothing, and says what is"
            + " damaged; exits with 1 when something is.")
public final class VerifyCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "sluice-data",
      description = "The data folder (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("sluice-data");

  @Override
  public Integer call() {
    try {
      return report(DataFolderCheck.of(data), SnapshotCheck.of(data), System.out);
    } catch (DataDirectoryException | IllegalStateException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    }
  }

  private static int report(
      List<DataFolderCheck.Partition> partitions, List<String> snapshots, PrintStream out) {
    int damaged = 0;
    for (DataFolderCheck.Partition partition : partitions) {
      String name = partition.name();
      if (partition.damage().isEmpty()) {
        out.println(name + ": whole, " + span(partition));
      } else {
        damaged++;
        out.println(name + ": damaged, " + span(partition));
      }
      partition.damage().forEach(what -> out.println("  " + what));
      partition.notes().forEach(what -> out.println("  the next start cuts " + what));
    }
    snapshots.forEach(out::println);
    out.println(
        "%d partitions, %d of them damaged; %d snapshots damaged"
            .formatted(partitions.size(), damaged, snapshots.size()));
    return damaged + snapshots.size() == 0 ? 0 : 1;
  }

  private static String span(DataFolderCheck.Partition partition) {
    return partition.nextOffset() == partition.firstOffset()
        ? "no records"
        : "records " + partition.firstOffset() + " to " + (partition.nextOffset() - 1);
  }
}
