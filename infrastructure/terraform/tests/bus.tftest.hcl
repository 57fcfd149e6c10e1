mock_provider "aws" {
  source = "./mocks"
}

run "rules_send_events_to_queues" {
  command = apply

  module {
    source = "../modules/bus"
  }

  variables {
    name               = "b"
    archive_days       = 30
    undelivered_events = { name = "undelivered-events", retention = 300 }
    rules = {
      decisions = {
        pattern    = "{\"detail-type\":[\"route.decided\"],\"replay-name\":[{\"exists\":false}]}"
        queue_arn  = "arn:aws:sqs:::decisions"
        queue_url  = "https://sqs.invalid/decisions"
        input_path = "$.detail"
      }
    }
    schedules = {
      check = {
        seconds       = 300
        input         = "{\"scheduled\":\"check\"}"
        function_arn  = "arn:aws:lambda:::function:planning"
        function_name = "planning"
        alias         = "live"
      }
    }
  }

  override_resource {
    target = aws_sqs_queue.undelivered_events
    values = { arn = "arn:aws:sqs:::undelivered-events", url = "https://sqs.invalid/undelivered-events" }
  }

  override_resource {
    target = aws_cloudwatch_event_rule.schedule
    values = { arn = "arn:aws:events:::rule/schedule" }
  }

  assert {
    condition     = aws_cloudwatch_event_bus.this.name == "b"
    error_message = "The event bus must have the given name."
  }

  assert {
    condition = (aws_cloudwatch_event_archive.this.event_source_arn == "arn:aws:events:::event-bus/mock" &&
      aws_cloudwatch_event_archive.this.retention_days == 30 && aws_cloudwatch_event_archive.this.name == "b" &&
    aws_cloudwatch_event_archive.this.event_pattern == null && length(aws_cloudwatch_event_archive.this.description) > 0)
    error_message = "The archive must keep every event of the bus for archive_days."
  }

  assert {
    condition     = aws_cloudwatch_event_rule.this["decisions"].event_bus_name == "b" && aws_cloudwatch_event_rule.this["decisions"].name == "b-decisions"
    error_message = "The rule must belong to this bus."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this["decisions"].event_pattern)["replay-name"] == [{ exists = false }]
    error_message = "The rule must use the whole event pattern, which excludes replayed events."
  }

  assert {
    condition = (aws_cloudwatch_event_target.queue["decisions"].arn == "arn:aws:sqs:::decisions" &&
      aws_cloudwatch_event_target.queue["decisions"].rule == "b-decisions" &&
      aws_cloudwatch_event_target.queue["decisions"].event_bus_name == "b" &&
      aws_cloudwatch_event_target.queue["decisions"].target_id == "queue" &&
    aws_cloudwatch_event_target.queue["decisions"].input_path == "$.detail")
    error_message = "The queue must get the fact without the event envelope."
  }

  assert {
    condition = (aws_cloudwatch_event_target.queue["decisions"].retry_policy[0].maximum_event_age_in_seconds == 86400 &&
    aws_cloudwatch_event_target.queue["decisions"].retry_policy[0].maximum_retry_attempts == 185)
    error_message = "EventBridge must retry delivery for 24 hours."
  }

  assert {
    condition = (aws_cloudwatch_event_target.queue["decisions"].dead_letter_config[0].arn == "arn:aws:sqs:::undelivered-events" &&
    aws_cloudwatch_event_target.schedule["check"].dead_letter_config[0].arn == "arn:aws:sqs:::undelivered-events")
    error_message = "Events that cannot be delivered must go to the queue for undelivered events."
  }

  assert {
    condition = (aws_sqs_queue.undelivered_events.sqs_managed_sse_enabled && aws_sqs_queue.undelivered_events.message_retention_seconds == 300 &&
    aws_sqs_queue.undelivered_events.name == "b-undelivered-events")
    error_message = "The queue for undelivered events must be encrypted and have the given retention."
  }

  assert {
    condition = (aws_sqs_queue_policy.target["decisions"].queue_url == "https://sqs.invalid/decisions" &&
      jsondecode(aws_sqs_queue_policy.target["decisions"].policy) == {
        Version = "2012-10-17"
        Statement = [{
          Sid       = "SendMatchedEvents"
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = "sqs:SendMessage"
          Resource  = "arn:aws:sqs:::decisions"
          Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:events:::rule/mock" } }
        }]
    })
    error_message = "Only the rule may send messages to the queue."
  }

  assert {
    condition = (aws_sqs_queue_policy.undelivered_events.queue_url == "https://sqs.invalid/undelivered-events" &&
      jsondecode(aws_sqs_queue_policy.undelivered_events.policy) == {
        Version = "2012-10-17"
        Statement = [{
          Sid       = "SendUndeliveredEvents"
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = "sqs:SendMessage"
          Resource  = "arn:aws:sqs:::undelivered-events"
          Condition = { ArnEquals = { "aws:SourceArn" = ["arn:aws:events:::rule/mock", "arn:aws:events:::rule/schedule"] } }
        }]
    })
    error_message = "Only the rules and schedules of this module may send messages to the queue for undelivered events."
  }

  assert {
    condition = (aws_cloudwatch_event_rule.schedule["check"].schedule_expression == "rate(5 minutes)" &&
    aws_cloudwatch_event_rule.schedule["check"].name == "b-check")
    error_message = "The schedule must run at the given interval."
  }

  assert {
    condition = (aws_cloudwatch_event_target.schedule["check"].arn == "arn:aws:lambda:::function:planning" &&
      aws_cloudwatch_event_target.schedule["check"].rule == "b-check" &&
      aws_cloudwatch_event_target.schedule["check"].target_id == "function" &&
    aws_cloudwatch_event_target.schedule["check"].input == "{\"scheduled\":\"check\"}")
    error_message = "The schedule must invoke its function with its input."
  }

  assert {
    condition = (aws_cloudwatch_event_target.schedule["check"].retry_policy[0].maximum_event_age_in_seconds == 300 &&
    aws_cloudwatch_event_target.schedule["check"].retry_policy[0].maximum_retry_attempts == 2)
    error_message = "Retries of a scheduled invocation must end when the next one is due."
  }

  assert {
    condition = (aws_lambda_permission.schedule["check"].function_name == "planning" && aws_lambda_permission.schedule["check"].qualifier == "live" &&
      aws_lambda_permission.schedule["check"].principal == "events.amazonaws.com" &&
      aws_lambda_permission.schedule["check"].action == "lambda:InvokeFunction" &&
      aws_lambda_permission.schedule["check"].statement_id == "schedule-check" &&
    aws_lambda_permission.schedule["check"].source_arn == "arn:aws:events:::rule/schedule")
    error_message = "Only the schedule may invoke the function."
  }
}

run "schedule_of_one_minute_uses_the_singular" {
  command = plan

  module {
    source = "../modules/bus"
  }

  variables {
    name               = "b"
    archive_days       = 1
    undelivered_events = { name = "undelivered-events", retention = 300 }
    rules              = {}
    schedules          = { check = { seconds = 60, input = "{}", function_arn = "arn:aws:lambda:::function:f", function_name = "f", alias = "live" } }
  }

  assert {
    condition     = aws_cloudwatch_event_rule.schedule["check"].schedule_expression == "rate(1 minute)"
    error_message = "The rate of one minute must be in the singular, as EventBridge requires."
  }
}

run "schedule_of_half_a_minute_is_rejected" {
  command = plan

  module {
    source = "../modules/bus"
  }

  variables {
    name               = "b"
    archive_days       = 1
    undelivered_events = { name = "undelivered-events", retention = 300 }
    rules              = {}
    schedules          = { check = { seconds = 30, input = "{}", function_arn = "arn:aws:lambda:::function:f", function_name = "f", alias = "live" } }
  }

  expect_failures = [var.schedules]
}
