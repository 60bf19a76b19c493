// What SQS and SNS do beyond a plain queue, with the AWS SDK for JavaScript: a FIFO queue, dead letters that
// are moved back, tags, a long poll, filtered subscriptions, and a batch of which one message is too large.
// Prints one JSON line; the test compares.
// usage: node queues.mjs KAFKA_HOST:PORT AWS_ENDPOINT
import kafkajs from "kafkajs";
import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ListMessageMoveTasksCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";

const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;
const [bootstrap, endpoint] = process.argv.slice(2);
const settings = {
  endpoint,
  region: "eu-central-1",
  credentials: { accessKeyId: "any", secretAccessKey: "any" },
};
const sns = new SNSClient(settings);
const sqs = new SQSClient(settings);

const arnOf = (name) => `arn:aws:sqs:eu-central-1:000000000000:${name}`;

async function queue(QueueName, Attributes = {}, tags = {}) {
  if (QueueName.endsWith(".fifo")) Attributes.FifoQueue = "true";
  const created = await sqs.send(new CreateQueueCommand({ QueueName, Attributes, tags }));
  return created.QueueUrl;
}

async function receive(QueueUrl, WaitTimeSeconds = 10) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages;
}

const entries = (messages, more = {}) =>
  messages.map(({ ReceiptHandle }, i) => ({ Id: `id${i}`, ReceiptHandle, ...more }));

/** Receives and deletes until there are so many messages. */
async function drain(QueueUrl, count) {
  const all = [];
  while (all.length < count) {
    const messages = await receive(QueueUrl);
    if (messages.length === 0) break;
    all.push(...messages);
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: entries(messages) }));
  }
  return all;
}

const bodies = (messages) => messages.map(({ Body }) => Body);

/** In a batch as many as one may have; of each group one after the other, one of them twice. */
async function sendOrders(QueueUrl) {
  const Entries = [];
  for (let i = 0; i < 9; i++) {
    const MessageGroupId = "abc"[i % 3];
    const MessageBody = `${MessageGroupId}${Math.floor(i / 3)}`;
    Entries.push({ Id: `id${i}`, MessageBody, MessageGroupId, MessageDeduplicationId: MessageBody });
  }
  Entries.push({ ...Entries[0], Id: "again", MessageBody: "a duplicate" });
  const { Successful, Failed = [] } = await sqs.send(
    new SendMessageBatchCommand({ QueueUrl, Entries }),
  );
  const byId = Object.fromEntries(Successful.map((one) => [one.Id, one]));
  return {
    failed: Failed.length,
    sameMessage: byId.again.MessageId === byId.id0.MessageId,
    sameSequence: byId.again.SequenceNumber === byId.id0.SequenceNumber,
  };
}

async function fifo() {
  const dead = await queue("node-dead.fifo");
  const orders = await queue("node-orders.fifo", {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("node-dead.fifo"), maxReceiveCount: 1 }),
  });
  const sent = await sendOrders(orders);
  let received = 0;
  while (received < 9) {
    const messages = await receive(orders);
    if (messages.length === 0) break;
    received += messages.length;
    await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: orders,
        Entries: entries(messages, { VisibilityTimeout: 0 }),
      }),
    );
  }
  // Whoever comes upon a message that was received often enough moves it to the dead-letter queue.
  const left = await receive(orders, 1);
  const { TaskHandle } = await sqs.send(
    new StartMessageMoveTaskCommand({ SourceArn: arnOf("node-dead.fifo") }),
  );
  let task;
  const end = Date.now() + 30_000;
  do {
    const { Results } = await sqs.send(
      new ListMessageMoveTasksCommand({ SourceArn: arnOf("node-dead.fifo") }),
    );
    task = Results[0];
  } while (task.Status === "RUNNING" && Date.now() < end);
  const moved = await drain(orders, 9);
  return {
    ...sent,
    received,
    left: left.length,
    dead: bodies(await receive(dead, 0)),
    handle: TaskHandle.length > 0,
    status: task.Status,
    moved: bodies(moved),
    groups: [...new Set(moved.map((message) => message.Attributes.MessageGroupId))].sort(),
    counts: [...new Set(moved.map((message) => message.Attributes.ApproximateReceiveCount))],
  };
}

async function tags() {
  const QueueUrl = await queue("node-tagged", {}, { team: "shop" });
  await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { stage: "test @ home+", gone: "soon" } }));
  await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["gone", "never there"] }));
  const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
  return Tags;
}

/** What is sent while a receive waits is what it receives. */
async function longPoll() {
  const QueueUrl = await queue("node-polled");
  const polled = receive(QueueUrl, 20);
  await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "in time" }));
  return bodies(await polled);
}

async function filtered() {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "node-events" }));
  const colour = (StringValue) => ({ colour: { DataType: "String", StringValue } });
  const raw = await queue("node-red-raw");
  const enveloped = await queue("node-by-body");
  const subscribe = (name, Attributes) =>
    sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arnOf(name), Attributes }));
  await subscribe("node-red-raw", {
    RawMessageDelivery: "true",
    FilterPolicy: JSON.stringify({ colour: ["red"] }),
  });
  await subscribe("node-by-body", {
    FilterPolicyScope: "MessageBody",
    FilterPolicy: JSON.stringify({ size: [{ numeric: [">=", 7] }] }),
  });
  for (const [Message, name] of [
    ['{"size":6}', "red"],
    ['{"size":7}', "blue"],
    ['{"size":8}', "red"],
    ["no JSON", "blue"],
  ]) {
    await sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes: colour(name) }));
  }
  const fromRaw = await drain(raw, 2);
  const fromEnveloped = await drain(enveloped, 2);
  return {
    raw: bodies(fromRaw).sort(),
    rawColours: fromRaw.map((message) => message.MessageAttributes?.colour?.StringValue),
    enveloped: fromEnveloped.map((message) => JSON.parse(message.Body).Message).sort(),
    envelopedAttributes: fromEnveloped.some((message) => message.MessageAttributes),
    rest: (await receive(raw, 0)).length + (await receive(enveloped, 0)).length,
  };
}

/** What can fail alone is the append: here the topic's own limit, which Kafka's administrators set. */
async function partialFailure() {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "node-small" }));
  await queue("node-small");
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: "sqs",
      Endpoint: arnOf("node-small"),
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  await admin.alterConfigs({
    resources: [
      {
        type: ConfigResourceTypes.TOPIC,
        name: "node-small",
        configEntries: [{ name: "max.message.bytes", value: "1000" }],
      },
    ],
  });
  await admin.disconnect();
  const { Successful = [], Failed = [] } = await sns.send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: "first", Message: "small" },
        { Id: "large", Message: "x".repeat(2000) },
        { Id: "last", Message: "small too" },
      ],
    }),
  );
  const whole = await sns
    .send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: "good", Message: "never sent" },
          { Id: "bad", Message: "\u0001" },
        ],
      }),
    )
    .then(
      () => "published",
      (error) => error.name,
    );
  const url = await queue("node-small");
  return {
    successful: Successful.map(({ Id }) => Id),
    failed: Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]),
    whole,
    received: bodies(await drain(url, Successful.length)).sort(),
    rest: bodies(await receive(url, 0)),
  };
}

console.log(
  JSON.stringify({
    fifo: await fifo(),
    tags: await tags(),
    longPoll: await longPoll(),
    filtered: await filtered(),
    partialFailure: await partialFailure(),
  }),
);
