"""Sends, receives and deletes with python3-boto3, whose older releases speak SQS's Query protocol.
Prints one JSON line.

usage: sqs_shop.py AWS_ENDPOINT COUNT
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, count = sys.argv[1], int(sys.argv[2])
sqs = boto3.client(
    "sqs",
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
)
url = sqs.create_queue(QueueName="python-queue", Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
attributes = {
    "color": {"DataType": "String", "StringValue": "red & <blue>"},
    "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
}
for start in range(0, count, 10):
    sqs.send_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": str(i), "MessageBody": f"message-{i}", "MessageAttributes": attributes}
            for i in range(start, min(start + 10, count))
        ],
    )
received, colors = [], set()
while len(received) < count:
    messages = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=5, MessageAttributeNames=["All"]
    ).get("Messages", [])
    if not messages:
        break
    for message in messages:
        received.append(message["Body"])
        colors.add(message["MessageAttributes"]["color"]["StringValue"])
    sqs.delete_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)
        ],
    )
try:
    sqs.get_queue_url(QueueName="no-such-queue")
    error = None
except ClientError as e:
    error = e.response["Error"]["Code"]
print(
    json.dumps(
        {
            "received": received,
            "colors": sorted(colors),
            "error": error,
            "topic": boto3.client(
                "sns",
                endpoint_url=endpoint,
                region_name="us-east-1",
                aws_access_key_id="any",
                aws_secret_access_key="any",
            ).create_topic(Name="python-topic")["TopicArn"],
        }
    )
)
