"""Service models for a botocore that is older than what is tested: SQS as AWS JSON 1.0, and the tasks that
move messages."""

import json
import os

import botocore.loaders

SQS = ("sqs", "service-2", "2012-11-05")


def as_json(model):
    """botocore's own model of SQS, to be sent as AWS JSON 1.0."""
    if model["metadata"]["protocol"] == "json":
        return model
    model["metadata"].update(protocol="json", jsonVersion="1.0", targetPrefix="AmazonSQS")
    for operation in model["operations"].values():
        operation.get("output", {}).pop("resultWrapper", None)
    for shape in model["shapes"].values():
        parts = list(shape.get("members", {}).values())
        parts += [shape[name] for name in ("member", "key", "value") if name in shape]
        for part in [shape, *parts]:
            part.pop("locationName", None)
            part.pop("flattened", None)
    return model


def with_move_tasks(model):
    """A model that has StartMessageMoveTask and ListMessageMoveTasks, as Amazon's has them."""
    if "StartMessageMoveTask" in model["operations"]:
        return model
    text, number = {"shape": "MoveTaskText"}, {"shape": "MoveTaskNumber"}
    shapes = {
        "MoveTaskText": {"type": "string"},
        "MoveTaskNumber": {"type": "long"},
        "StartMessageMoveTaskRequest": structure(SourceArn=text, DestinationArn=text),
        "StartMessageMoveTaskResult": structure(TaskHandle=text),
        "ListMessageMoveTasksRequest": structure(SourceArn=text),
        "MoveTaskEntry": structure(Status=text, ApproximateNumberOfMessagesMoved=number),
        "MoveTaskEntryList": {
            "type": "list",
            "member": {"shape": "MoveTaskEntry"},
            "flattened": True,
        },
        "ListMessageMoveTasksResult": structure(
            Results={
                "shape": "MoveTaskEntryList",
                "locationName": "ListMessageMoveTasksResultEntry",
            }
        ),
    }
    model["shapes"].update(shapes)
    for name in ("StartMessageMoveTask", "ListMessageMoveTasks"):
        model["operations"][name] = {
            "name": name,
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": name + "Request"},
            "output": {"shape": name + "Result", "resultWrapper": name + "Result"},
        }
    return model


def structure(**members):
    return {"type": "structure", "members": members}


def install(folder, *changes):
    """Has botocore read its model of SQS with these changes from that folder; to be called before boto3 is used."""
    model = botocore.loaders.Loader().load_service_model(*SQS)
    for change in changes:
        model = change(model)
    target = os.path.join(folder, SQS[0], SQS[2])
    os.makedirs(target)
    with open(os.path.join(target, SQS[1] + ".json"), "w") as file:
        json.dump(model, file)
    # Folders that are named here are looked through before botocore's own.
    os.environ["AWS_DATA_PATH"] = folder
