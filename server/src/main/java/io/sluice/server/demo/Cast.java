package io.sluice.server.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everyone who takes part: the shop, the teams and their workers. Owned by one thread; the workers
 * run on their own.
 */
final class Cast implements AutoCloseable {

  static final String TOPIC = "orders";

  private static final Duration STOP = Duration.ofSeconds(5);

  private final String bootstrap;
  private final Clients clients;
  private final Queues queues;
  private final List<String> queueUrls = new ArrayList<>();
  private final List<QueueWorker> workers = new ArrayList<>();
  private final List<GroupMember> members = new ArrayList<>();
  private final List<Thread> memberThreads = new ArrayList<>();

  final Shop shop;
  final Team dispatch = new Team("dispatch");
  final Team metrics = new Team("metrics");
  final Team audit = new Team("audit");
  final Team historyGroup = new Team("history-k");
  final Team historyQueue = new Team("history-q");
  final QueueWorker doomedWorker;
  final GroupMemberProcess doomedMember;
  final List<GroupMember> survivors;

  /** Creates topic and queues with the AWS SDK, and lets everyone but the latecomers begin. */
  Cast(String bootstrap, Clients clients, Path folder) {
    this.bootstrap = bootstrap;
    this.clients = clients;
    String topicArn = clients.sns().createTopic(request -> request.name(TOPIC)).topicArn();
    this.queues = new Queues(clients, topicArn);
    this.shop = new Shop(clients.sns(), clients.producer(), TOPIC, topicArn);
    String dispatchUrl = remember(queues.subscribed("dispatch"));
    this.doomedWorker = worker(dispatchUrl, dispatch, "dispatch-1");
    worker(dispatchUrl, dispatch, "dispatch-2");
    worker(remember(queues.subscribed("audit")), audit, "audit-1");
    this.survivors =
        List.of(
            member("metrics", "classic", metrics, "metrics-1"),
            member("metrics", "classic", metrics, "metrics-2"));
    this.doomedMember =
        new GroupMemberProcess(
            bootstrap, "metrics", TOPIC, metrics, "metrics-3", folder.resolve("member.log"));
  }

  /** The teams that were there from the start. */
  List<Team> teams() {
    return List.of(dispatch, metrics, audit);
  }

  /** The fourth team, which came late: through Kafka and through a queue. */
  List<Team> latecomers() {
    return List.of(historyGroup, historyQueue);
  }

  /** Lets the latecomers begin, at the beginning and at {@code since}. */
  void latecomersArrive(Instant since) {
    member("history", "consumer", historyGroup, "history-1");
    worker(remember(queues.subscribedSince("history", since)), historyQueue, "history-2");
  }

  /** The partitions of {@link #TOPIC} that the surviving members own now. */
  Set<Integer> ownedBySurvivors() {
    Set<Integer> owned = new HashSet<>();
    survivors.forEach(member -> owned.addAll(member.assigned()));
    return owned;
  }

  /** Messages in all queues, by their own count. */
  int leftInQueues() {
    return queueUrls.stream().mapToInt(queues::left).sum();
  }

  boolean everyoneHasEverything(List<Team> expected) {
    Set<Integer> acknowledged = shop.acknowledged();
    return expected.stream().allMatch(team -> team.missing(acknowledged).isEmpty());
  }

  private String remember(String queueUrl) {
    queueUrls.add(queueUrl);
    return queueUrl;
  }

  private QueueWorker worker(String url, Team team, String name) {
    QueueWorker worker = new QueueWorker(clients.sqs(), url, team, name);
    workers.add(worker);
    return worker;
  }

  private GroupMember member(String group, String protocol, Team team, String name) {
    GroupMember member =
        new GroupMember(
            bootstrap,
            group,
            protocol,
            TOPIC,
            order -> team.received(new Team.Receipt(name, order, 1)));
    members.add(member);
    memberThreads.add(Thread.ofPlatform().daemon().name(name).start(member));
    return member;
  }

  @Override
  public void close() {
    doomedMember.close();
    workers.forEach(QueueWorker::close);
    members.forEach(GroupMember::close);
    for (Thread thread : memberThreads) {
      try {
        thread.join(STOP);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
