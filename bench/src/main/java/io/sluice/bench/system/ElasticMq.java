package io.sluice.bench.system;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * ElasticMQ, which keeps queues in memory and speaks SQS only, with its own defaults on the JDK
 * that runs the benchmark and a heap of 1 GB.
 */
public record ElasticMq() implements SystemUnderTest {

  @Override
  public String name() {
    return "ElasticMQ 1.7.1, memory";
  }

  @Override
  public RunningSystem start(Path folder) throws InterruptedException {
    int port = FreePort.find();
    ServerProcess process =
        ServerProcess.start(
            List.of(
                ServerProcess.JAVA,
                "-Xmx1g",
                "-Drest-sqs.bind-hostname=127.0.0.1",
                "-Drest-sqs.bind-port=" + port,
                "-Dnode-address.host=127.0.0.1",
                "-Dnode-address.port=" + port,
                "-cp",
                PeerLibraries.classPath("elasticmq"),
                "org.elasticmq.server.Main"),
            Map.of(),
            folder.resolve("output.log"));
    return RunningSystem.aws(process, port, folder);
  }
}
