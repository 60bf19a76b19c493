"""One day of a queue and a topic with python3-boto3, over the protocol that its botocore has for
SQS, or over JSON whatever it has: a service model says which, so an older one is given a newer one's
form. Prints one JSON line.

usage: sqs_protocols.py AWS_ENDPOINT json|own FOLDER
"""

import json
import sys

import sqs_models

endpoint, protocol, folder = sys.argv[1:]
if protocol == "json":
    sqs_models.install(folder, sqs_models.as_json)

import boto3
from botocore.exceptions import ClientError

settings = {
    "endpoint_url": endpoint,
    "region_name": "us-east-1",
    "aws_access_key_id": "any",
    "aws_secret_access_key": "any",
}
sqs = boto3.client("sqs", **settings)
sns = boto3.client("sns", **settings)
content_types = set()


def note(request):
    content_type = request.headers["Content-Type"]
    content_types.add(content_type.decode() if isinstance(content_type, bytes) else content_type)


sqs.meta.events.register("before-send.sqs", lambda request, **_: note(request))

name = "python-" + protocol
url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
topic = sns.create_topic(Name=name)["TopicArn"]
sns.subscribe(
    TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
)
attributes = {
    "color": {"DataType": "String", "StringValue": "red & <blue>"},
    "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    "size": {"DataType": "Number", "StringValue": "7"},
}
sns.publish(TopicArn=topic, Message="published", MessageAttributes=attributes)
batch = sqs.send_message_batch(
    QueueUrl=url,
    Entries=[
        {"Id": "good", "MessageBody": "batched", "MessageAttributes": attributes},
        {"Id": "bad", "MessageBody": "illegal \x00"},
    ],
)
received = {}
for _ in range(5):
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        WaitTimeSeconds=5,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    for message in answer.get("Messages", []):
        received[message["Body"]] = message
    if len(received) == 2:
        break
sqs.change_message_visibility(
    QueueUrl=url, ReceiptHandle=received["batched"]["ReceiptHandle"], VisibilityTimeout=0
)
again = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, AttributeNames=["All"])["Messages"][0]
deleted = sqs.delete_message_batch(
    QueueUrl=url,
    Entries=[
        {"Id": "published", "ReceiptHandle": received["published"]["ReceiptHandle"]},
        {"Id": "again", "ReceiptHandle": again["ReceiptHandle"]},
    ],
)
errors = {}
for what, call in {
    "missing": lambda: sqs.get_queue_url(QueueName="no-such-queue"),
    "attribute": lambda: sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"VisibilityTimeout": "-1"}
    ),
    "handle": lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle="none"),
    "topic": lambda: sns.publish(TopicArn=topic + "-missing", Message="m"),
}.items():
    try:
        call()
    except ClientError as e:
        errors[what] = e.response["Error"]["Code"]
print(
    json.dumps(
        {
            "contentTypes": sorted(content_types),
            "batch": [[e["Id"] for e in batch["Successful"]], [e["Id"] for e in batch["Failed"]]],
            "received": sorted(received),
            "attributes": all(
                m["MessageAttributes"]["color"]["StringValue"] == "red & <blue>"
                and m["MessageAttributes"]["raw"]["BinaryValue"] == b"\x00\xff"
                and m["MessageAttributes"]["size"]["StringValue"] == "7"
                for m in received.values()
            ),
            "receiveCount": again["Attributes"]["ApproximateReceiveCount"],
            "deleted": sorted(e["Id"] for e in deleted["Successful"]),
            "listed": [u.rsplit("/", 1)[1] for u in sqs.list_queues(QueueNamePrefix=name)["QueueUrls"]],
            "errors": errors,
        }
    )
)
