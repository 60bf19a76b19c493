"""A FIFO queue whose messages die and are moved back, the permissions of a queue, and a subscription that is
filtered by the message's body, with python3-boto3 over one of SQS's protocols. Prints one JSON line.

usage: sqs_fifo.py AWS_ENDPOINT json|own FOLDER
"""

import json
import sys
import time

import sqs_models

endpoint, protocol, folder = sys.argv[1:]
changes = [sqs_models.with_move_tasks]
if protocol == "json":
    changes.append(sqs_models.as_json)
sqs_models.install(folder, *changes)

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


def named(name, fifo=True):
    return f"boto-{protocol}-{name}" + (".fifo" if fifo else "")


def arn(name, fifo=True):
    return "arn:aws:sqs:us-east-1:000000000000:" + named(name, fifo)


def queue(name, fifo=True, **attributes):
    if fifo:
        attributes["FifoQueue"] = "true"
    return sqs.create_queue(QueueName=named(name, fifo), Attributes=attributes)["QueueUrl"]


def receive(url, **more):
    request = {"WaitTimeSeconds": 10, **more}
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], **request
    )
    return answer.get("Messages", [])


def drain(url, count):
    """Receives and deletes until there are so many messages."""
    messages = []
    while len(messages) < count:
        some = receive(url)
        if not some:
            break
        messages += some
        sqs.delete_message_batch(
            QueueUrl=url,
            Entries=[
                {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(some)
            ],
        )
    return messages


def bodies(messages):
    return [message["Body"] for message in messages]


def refused(call):
    try:
        call()
        return None
    except ClientError as e:
        return e.response["Error"]["Code"]


def redrive():
    return json.dumps({"deadLetterTargetArn": arn("dead"), "maxReceiveCount": 1})


def fifo():
    dead = queue(
        "dead",
        RedriveAllowPolicy=json.dumps(
            {"redrivePermission": "byQueue", "sourceQueueArns": [arn("orders"), arn("returns")]}
        ),
    )
    orders = queue("orders", RedrivePolicy=redrive(), ContentBasedDeduplication="true")
    queue("returns", RedrivePolicy=redrive())
    pages = sqs.get_paginator("list_dead_letter_source_queues").paginate(
        QueueUrl=dead, PaginationConfig={"PageSize": 1}
    )
    sources = [page.get("queueUrls", []) for page in pages]
    for i in range(3):
        for group in "ab":
            sqs.send_message(QueueUrl=orders, MessageBody=group + str(i), MessageGroupId=group)
    sqs.send_message(QueueUrl=orders, MessageBody="a0", MessageGroupId="a")
    first = receive(orders, ReceiveRequestAttemptId="attempt-1")
    again = receive(orders, ReceiveRequestAttemptId="attempt-1")
    received = list(first)
    while len(received) < 6:
        some = receive(orders)
        if not some:
            break
        received += some
    for message in received:
        sqs.change_message_visibility(
            QueueUrl=orders, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )
    left = receive(orders, WaitTimeSeconds=1)
    letters = receive(dead)
    for message in letters:
        sqs.change_message_visibility(
            QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )
    sqs.start_message_move_task(SourceArn=arn("dead"))
    end = time.monotonic() + 30
    task = {"Status": "RUNNING"}
    while task["Status"] == "RUNNING" and time.monotonic() < end:
        task = sqs.list_message_move_tasks(SourceArn=arn("dead"))["Results"][0]
    return {
        "sources": [sorted(url.rsplit("/", 1)[1] for page in sources for url in page), len(sources)],
        "notAllowed": refused(lambda: queue("other", RedrivePolicy=redrive())),
        "received": bodies(received),
        "repeated": bodies(first) == bodies(again)
        and [m["MessageId"] for m in first] == [m["MessageId"] for m in again],
        "left": bodies(left),
        "letters": [
            letters[0]["Attributes"]["DeadLetterQueueSourceArn"] == arn("orders"),
            all(m["Attributes"]["MessageDeduplicationId"] == m["MessageId"] for m in letters),
            sorted(m["MessageId"] for m in letters) == sorted(m["MessageId"] for m in received),
        ],
        "task": [task["Status"], task["ApproximateNumberOfMessagesMoved"]],
        "moved": bodies(drain(orders, 6)),
        "rest": bodies(receive(dead, WaitTimeSeconds=0)),
    }


def permissions():
    url = queue("shared", fifo=False)

    def permit():
        sqs.add_permission(
            QueueUrl=url,
            Label="partner",
            AWSAccountIds=["111111111111", "222222222222"],
            Actions=["SendMessage", "ReceiveMessage"],
        )

    def policy():
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
        return answer.get("Attributes", {}).get("Policy")

    permit()
    statement = json.loads(policy())["Statement"][0]
    twice = refused(permit)
    sqs.remove_permission(QueueUrl=url, Label="partner")
    return {
        "label": statement["Sid"],
        "principals": sorted(statement["Principal"]["AWS"]),
        "actions": sorted(statement["Action"]),
        "twice": twice,
        "unknown": refused(lambda: sqs.remove_permission(QueueUrl=url, Label="partner")),
        "left": [s["Sid"] for s in json.loads(policy() or '{"Statement": []}')["Statement"]],
    }


def by_body():
    url = queue("filtered", fifo=False)
    topic = sns.create_topic(Name=named("events", fifo=False))["TopicArn"]
    subscription = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn("filtered", fifo=False),
        Attributes={
            "RawMessageDelivery": "true",
            "FilterPolicyScope": "MessageBody",
            "FilterPolicy": json.dumps({"order": {"state": ["paid"], "sum": [{"numeric": [">", 9]}]}}),
        },
    )["SubscriptionArn"]
    events = [
        {"order": {"id": 1, "state": "paid", "sum": 10}},
        {"order": {"id": 2, "state": "open", "sum": 10}},
        {"order": {"id": 3, "state": "paid", "sum": 9}},
        {"order": {"id": 4, "state": ["open", "paid"], "sum": 9.5}},
        {"state": "paid", "sum": 10},
    ]
    for event in events:
        sns.publish(TopicArn=topic, Message=json.dumps(event))
    scope = sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]
    return {
        "scope": scope["FilterPolicyScope"],
        "ids": sorted(json.loads(body)["order"]["id"] for body in bodies(drain(url, 2))),
        "rest": len(receive(url, WaitTimeSeconds=0)),
    }


print(json.dumps({"fifo": fifo(), "permissions": permissions(), "filtered": by_body()}))
