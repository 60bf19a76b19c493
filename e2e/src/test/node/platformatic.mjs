// Produces and consumes with @platformatic/kafka. Prints one JSON line; the test compares.
// usage: node platformatic.mjs KAFKA_HOST:PORT COUNT
import {
  Admin,
  Consumer,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from "@platformatic/kafka";

const [bootstrap, countText] = process.argv.slice(2);
const count = Number(countText);
const topic = "platformatic-orders";
const settings = { clientId: "shop", bootstrapBrokers: [bootstrap] };

const admin = new Admin(settings);
await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 });

const producer = new Producer({ ...settings, idempotent: true, serializers: stringSerializers });
for (let i = 0; i < count; i += 10) {
  const messages = [];
  for (let j = i; j < Math.min(i + 10, count); j++) {
    messages.push({ topic, key: `k${j % 5}`, value: `order-${j}`, headers: { door: "kafka" } });
  }
  await producer.send({ messages });
}
await producer.close();

const groupId = "platformatic-metrics";
const consumer = new Consumer({ ...settings, groupId, deserializers: stringDeserializers });
const stream = await consumer.consume({
  topics: [topic],
  mode: MessagesStreamModes.EARLIEST,
  autocommit: false,
});
const received = [];
let withHeaders = 0;
for await (const message of stream) {
  received.push(message.value);
  withHeaders += message.headers.get("door") === "kafka" ? 1 : 0;
  await message.commit();
  if (received.length === count) {
    break;
  }
}
await consumer.close(true);

const groups = [...(await admin.listGroups()).keys()];
await admin.close();
console.log(JSON.stringify({ received, withHeaders, groups }));
process.exit(0);
