"""Produces and consumes with python3-confluent-kafka (librdkafka). Prints one JSON line.

usage: kafka_shop.py KAFKA_HOST:PORT COUNT
"""

import json
import sys

from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

bootstrap, count = sys.argv[1], int(sys.argv[2])

admin = AdminClient({"bootstrap.servers": bootstrap})
admin.create_topics([NewTopic("python-orders", num_partitions=3, replication_factor=1)])[
    "python-orders"
].result(30)

failures = []
producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True})
for i in range(count):
    producer.produce(
        "python-orders",
        key=f"k{i % 5}",
        value=f"order-{i}",
        on_delivery=lambda error, message: failures.append(str(error)) if error else None,
    )
    producer.poll(0)
producer.flush(30)

consumer = Consumer(
    {
        "bootstrap.servers": bootstrap,
        "group.id": "python-metrics",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    }
)
consumer.subscribe(["python-orders"])
received = []
while len(received) < count:
    message = consumer.poll(30)
    if message is None:
        break
    if message.error():
        raise KafkaException(message.error())
    received.append(message.value().decode())
consumer.commit(asynchronous=False)
committed = sum(p.offset for p in consumer.committed(consumer.assignment()))
consumer.close()
print(json.dumps({"received": received, "failures": failures, "committed": committed}))
