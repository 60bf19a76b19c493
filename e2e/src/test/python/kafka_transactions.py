"""Moves records from one topic to another in transactions with python3-confluent-kafka (librdkafka),
every third of them aborted and done again. Prints one JSON line.

usage: kafka_transactions.py KAFKA_HOST:PORT COUNT
"""

import json
import sys

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

bootstrap, count = sys.argv[1], int(sys.argv[2])

admin = AdminClient({"bootstrap.servers": bootstrap})
for created in admin.create_topics([NewTopic("in", 1, 1), NewTopic("out", 2, 1)]).values():
    created.result(30)

source = Producer({"bootstrap.servers": bootstrap})
for i in range(count):
    source.produce("in", value=str(i))
source.flush(30)

configs = {
    "bootstrap.servers": bootstrap,
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "isolation.level": "read_committed",
}
consumer = Consumer({**configs, "group.id": "mover"})
consumer.subscribe(["in"])
mover = Producer({"bootstrap.servers": bootstrap, "transactional.id": "mover"})
mover.init_transactions(30)
position, transactions = 0, 0
while position < count:
    messages = consumer.consume(20, 10)
    if not messages:
        break
    mover.begin_transaction()
    for message in messages:
        mover.produce("out", partition=message.offset() % 2, value=message.value())
    end = messages[-1].offset() + 1
    mover.send_offsets_to_transaction(
        [TopicPartition("in", 0, end)], consumer.consumer_group_metadata(), 30
    )
    transactions += 1
    if transactions % 3 == 0:
        mover.abort_transaction(30)
        consumer.seek(TopicPartition("in", 0, position))
    else:
        mover.commit_transaction(30)
        position = end
committed = consumer.committed([TopicPartition("in", 0)], 30)[0].offset
consumer.close()

reader = Consumer({**configs, "group.id": "reader"})
reader.subscribe(["out"])
moved = []
while len(moved) < count:
    message = reader.poll(10)
    if message is None:
        break
    moved.append(int(message.value()))
reader.close()
print(json.dumps({"moved": sorted(moved), "committed": committed, "transactions": transactions}))
