// Plays a small shop with kafkajs and the AWS SDK for JavaScript: orders go in through both doors and
// must come out of both. Prints one JSON line with what was received; the test compares.
// usage: node shop.mjs KAFKA_HOST:PORT AWS_ENDPOINT COUNT
import { Kafka, logLevel } from "kafkajs";
import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

const [bootstrap, endpoint, countText] = process.argv.slice(2);
const count = Number(countText);
const settings = {
  endpoint,
  region: "eu-central-1",
  credentials: { accessKeyId: "any", secretAccessKey: "any" },
};
const sns = new SNSClient(settings);
const sqs = new SQSClient(settings);
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR });

const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "node-orders" }));
const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "node-dispatch" }));
const { Attributes } = await sqs.send(
  new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
);
await sns.send(
  new SubscribeCommand({
    TopicArn,
    Protocol: "sqs",
    Endpoint: Attributes.QueueArn,
    Attributes: { RawMessageDelivery: "true" },
  }),
);

const producer = kafka.producer({ idempotent: true });
await producer.connect();
const sent = [];
for (let i = 0; i < count; i++) {
  const order = `order-${i}`;
  sent.push(order);
  if (i % 3 === 0) {
    await producer.send({
      topic: "node-orders",
      messages: [{ key: `k${i % 5}`, value: order, headers: { door: "kafka" } }],
    });
  } else if (i % 3 === 1) {
    await sns.send(
      new PublishCommand({
        TopicArn,
        Message: order,
        MessageGroupId: `k${i % 5}`,
        MessageAttributes: { door: { DataType: "String", StringValue: "sns" } },
      }),
    );
  } else {
    await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [{ Id: "one", Message: order, MessageGroupId: `k${i % 5}` }],
      }),
    );
  }
}

const fromQueue = [];
const doors = {};
let putBack = false;
while (fromQueue.length < count) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 5,
      MessageAttributeNames: ["All"],
    }),
  );
  if (Messages.length === 0) break;
  if (!putBack) {
    putBack = true;
    for (const { ReceiptHandle } of Messages) {
      await sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
    }
    continue;
  }
  for (const message of Messages) {
    fromQueue.push(message.Body);
    const door = message.MessageAttributes?.door?.StringValue ?? "none";
    doors[door] = (doors[door] ?? 0) + 1;
  }
  await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: Messages.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle })),
    }),
  );
}

const fromGroup = [];
const consumer = kafka.consumer({ groupId: "node-metrics" });
await consumer.connect();
await consumer.subscribe({ topic: "node-orders", fromBeginning: true });
await new Promise((resolve, reject) => {
  const timeout = setTimeout(() => reject(new Error(`only ${fromGroup.length} orders`)), 30_000);
  consumer.run({
    eachMessage: async ({ message }) => {
      fromGroup.push(message.value.toString());
      if (fromGroup.length === count) {
        clearTimeout(timeout);
        resolve();
      }
    },
  });
});
await consumer.disconnect();
await producer.disconnect();

const { MD5OfMessageBody } = await sqs.send(
  new SendMessageCommand({ QueueUrl, MessageBody: "direct ☃" }),
);
console.log(JSON.stringify({ sent, fromQueue, fromGroup, doors, md5: MD5OfMessageBody }));
