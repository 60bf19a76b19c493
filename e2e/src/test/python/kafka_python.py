"""Produces and consumes with python3-kafka (kafka-python). Prints one JSON line.

usage: kafka_python.py KAFKA_HOST:PORT COUNT
"""

import json
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

bootstrap, count = sys.argv[1], int(sys.argv[2])
topic = "kafka-python-orders"

admin = KafkaAdminClient(bootstrap_servers=bootstrap)
admin.create_topics([NewTopic(topic, num_partitions=3, replication_factor=1)])

producer = KafkaProducer(
    bootstrap_servers=bootstrap, acks="all", compression_type="gzip", linger_ms=5
)
sent = [
    producer.send(topic, key=b"k%d" % (i % 5), value=b"order-%d" % i, headers=[("door", b"kafka")])
    for i in range(count)
]
producer.flush(30)
failures = [str(future.exception) for future in sent if future.failed()]
producer.close()

consumer = KafkaConsumer(
    topic,
    bootstrap_servers=bootstrap,
    group_id="kafka-python-metrics",
    auto_offset_reset="earliest",
    enable_auto_commit=False,
    consumer_timeout_ms=30_000,
)
received = []
for message in consumer:
    received.append(message.value.decode())
    if len(received) == count:
        break
consumer.commit()
partitions = [TopicPartition(topic, i) for i in range(3)]
committed = sum(consumer.committed(partition) or 0 for partition in partitions)
consumer.close()
groups = [group for group, _ in admin.list_consumer_groups()]
admin.delete_topics([topic])
admin.close()
print(
    json.dumps(
        {"received": received, "failures": failures, "committed": committed, "groups": groups}
    )
)
