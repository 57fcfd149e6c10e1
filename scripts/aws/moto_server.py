"""Serves moto's AWS API with what it lacks for Terraform's AWS provider and for Dispatcher's own calls.

Usage: python3 scripts/aws/moto_server.py PORT

Every correction below is a gap of moto, and none changes what Terraform or a function sends.
"""

import json
import os
import sys
import uuid

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.events.models import Rule
from moto.logs.responses import LogsResponse
from moto.s3.models import FakeBucket
from moto.server import main
from moto.sqs.models import Queue, SQSBackend, sqs_backends

# SQS: an attribute that moto does not know is refused, and setting one attribute deletes the policy.
KEPT = ["RedriveAllowPolicy"]
set_attributes = Queue._set_attributes
get_attributes = SQSBackend.get_queue_attributes


def keep_attributes(self, attributes, now=None):
    self.kept = {**getattr(self, "kept", {}), **{name: value for name, value in attributes.items() if name in KEPT}}
    rest = {name: value for name, value in attributes.items() if name not in KEPT}
    policy = getattr(self, "policy", None)
    if "Policy" not in rest and policy:
        rest["Policy"] = policy
    set_attributes(self, rest, now)


def attributes_with_kept(self, queue_name, attribute_names):
    kept = getattr(self.get_queue(queue_name), "kept", {})
    known = [name for name in attribute_names if name not in KEPT]
    found = dict(get_attributes(self, queue_name, known)) if known or not attribute_names else {}
    # Terraform compares the text: SQS returns it as it was set, and moto with spaces.
    if found.get("RedrivePolicy"):
        found["RedrivePolicy"] = json.dumps(json.loads(found["RedrivePolicy"]), separators=(",", ":"))
    # An empty text removes the attribute. Terraform waits until it is gone before it deletes the queue.
    asked = {name: value for name, value in kept.items() if value and (name in attribute_names or "All" in attribute_names)}
    return {**found, **asked}


Queue._set_attributes = keep_attributes
SQSBackend.get_queue_attributes = attributes_with_kept

# Lambda: the configuration of the log is accepted and not returned, and an image without a configuration has an empty one.
initialize = LambdaFunction.__init__
configuration = LambdaFunction.get_configuration
update_configuration = LambdaFunction.update_configuration


def initialize_with_log(self, *args, **kwargs):
    spec = kwargs.get("spec") or next(arg for arg in args if isinstance(arg, dict))
    self.logging_config = spec.get("LoggingConfig")
    initialize(self, *args, **kwargs)


def update_with_log(self, config_updates):
    self.logging_config = config_updates.get("LoggingConfig", getattr(self, "logging_config", None))
    return update_configuration(self, config_updates)


def configuration_with_log(self, *args, **kwargs):
    found = configuration(self, *args, **kwargs)
    if getattr(self, "logging_config", None):
        found["LoggingConfig"] = self.logging_config
    image = found.get("ImageConfigResponse", {}).get("ImageConfig", {})
    if not any(image.values()):
        found.pop("ImageConfigResponse", None)
    return found


LambdaFunction.__init__ = initialize_with_log
LambdaFunction.update_configuration = update_with_log
LambdaFunction.get_configuration = configuration_with_log

# Lambda: an event source mapping forgets the alias of its function, and invokes it with Docker.
create_mapping = LambdaBackend.create_event_source_mapping


def create_mapping_of_alias(self, spec):
    function = spec["FunctionName"]
    mapping = create_mapping(self, spec)
    for queue in sqs_backends[self.account_id][self.region_name].queues.values():
        queue.lambda_event_source_mappings.clear()
    if function.startswith("arn:"):
        mapping.function_arn = function
    return mapping


LambdaBackend.create_event_source_mapping = create_mapping_of_alias

# EventBridge: `InputPath` is ignored, so a target would receive the envelope of the event too. A selected detail is sent
# from here, because moto expects the envelope's time, a number, in every member `time`; that of a fact is ISO 8601.
send_to_sqs = Rule._send_to_sqs_queue


def send_selected(self, resource_id, event, group_id=None):
    target = next((one for one in self.targets if one["Arn"].endswith(f":{resource_id}")), {})
    if target.get("InputPath") == "$.detail":
        queues = sqs_backends[self.account_id][self.region_name]
        queues.send_message(queue_name=resource_id, message_body=json.dumps(event["detail"]))
        return
    send_to_sqs(self, resource_id, event, group_id)


Rule._send_to_sqs_queue = send_selected


# Logs Insights: moto has no saved queries.
QUERIES = {}
QUERY_FIELDS = ["name", "queryString", "logGroupNames"]


def put_query_definition(self):
    query_id = self._get_param("queryDefinitionId") or str(uuid.uuid4())
    QUERIES[query_id] = {"queryDefinitionId": query_id, **{name: self._get_param(name) for name in QUERY_FIELDS}}
    return json.dumps({"queryDefinitionId": query_id})


def describe_query_definitions(self):
    prefix = self._get_param("queryDefinitionNamePrefix") or ""
    return json.dumps({"queryDefinitions": [query for query in QUERIES.values() if query["name"].startswith(prefix)]})


def delete_query_definition(self):
    return json.dumps({"success": QUERIES.pop(self._get_param("queryDefinitionId"), None) is not None})


LogsResponse.put_query_definition = put_query_definition
LogsResponse.describe_query_definitions = describe_query_definitions
LogsResponse.delete_query_definition = delete_query_definition

# S3: the conditions of a bucket policy are ignored, so a statement that refuses connections without TLS refuses all.
get_permission = FakeBucket.get_permission


def permission_without_conditions(self, action, resource):
    if self.policy is None:
        return get_permission(self, action, resource)
    policy = self.policy
    statements = json.loads(policy)["Statement"]
    kept = [statement for statement in statements if "Condition" not in statement]
    self.policy = json.dumps({"Version": "2012-10-17", "Statement": kept}).encode()
    try:
        return get_permission(self, action, resource)
    finally:
        self.policy = policy


FakeBucket.get_permission = permission_without_conditions

if __name__ == "__main__":
    main(["-H", "127.0.0.1", "-p", sys.argv[1]])
