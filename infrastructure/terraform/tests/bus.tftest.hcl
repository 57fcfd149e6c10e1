mock_provider "aws" {
  source = "./mocks"
}

run "rules_feed_queues" {
  command = apply

  module {
    source = "../modules/bus"
  }

  variables {
    name         = "b"
    archive_days = 30
    undelivered  = { name = "undelivered", retention = 300 }
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
      }
    }
  }

  override_resource {
    target = aws_sqs_queue.undelivered
    values = { arn = "arn:aws:sqs:::undelivered", url = "https://sqs.invalid/undelivered" }
  }

  override_resource {
    target = aws_cloudwatch_event_rule.schedule
    values = { arn = "arn:aws:events:::rule/schedule" }
  }

  assert {
    condition     = aws_cloudwatch_event_bus.this.name == "b"
    error_message = "The bus has the name that was asked for."
  }

  assert {
    condition = (aws_cloudwatch_event_archive.this.event_source_arn == "arn:aws:events:::event-bus/mock" &&
      aws_cloudwatch_event_archive.this.retention_days == 30 && aws_cloudwatch_event_archive.this.name == "b" &&
    aws_cloudwatch_event_archive.this.event_pattern == null && length(aws_cloudwatch_event_archive.this.description) > 0)
    error_message = "Every event of the bus is archived, for as long as asked for."
  }

  assert {
    condition     = aws_cloudwatch_event_rule.this["decisions"].event_bus_name == "b" && aws_cloudwatch_event_rule.this["decisions"].name == "b-decisions"
    error_message = "The rule is one of this bus."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this["decisions"].event_pattern)["replay-name"] == [{ exists = false }]
    error_message = "The pattern is handed on whole: a replayed event starts nothing."
  }

  assert {
    condition = (aws_cloudwatch_event_target.queue["decisions"].arn == "arn:aws:sqs:::decisions" &&
      aws_cloudwatch_event_target.queue["decisions"].rule == "b-decisions" &&
      aws_cloudwatch_event_target.queue["decisions"].event_bus_name == "b" &&
      aws_cloudwatch_event_target.queue["decisions"].target_id == "queue" &&
    aws_cloudwatch_event_target.queue["decisions"].input_path == "$.detail")
    error_message = "The queue gets the fact, without the event around it."
  }

  assert {
    condition = (aws_cloudwatch_event_target.queue["decisions"].retry_policy[0].maximum_event_age_in_seconds == 86400 &&
    aws_cloudwatch_event_target.queue["decisions"].retry_policy[0].maximum_retry_attempts == 185)
    error_message = "Delivery is tried for a day."
  }

  assert {
    condition = (aws_cloudwatch_event_target.queue["decisions"].dead_letter_config[0].arn == "arn:aws:sqs:::undelivered" &&
    aws_cloudwatch_event_target.schedule["check"].dead_letter_config[0].arn == "arn:aws:sqs:::undelivered")
    error_message = "What cannot be delivered is kept."
  }

  assert {
    condition = (aws_sqs_queue.undelivered.sqs_managed_sse_enabled && aws_sqs_queue.undelivered.message_retention_seconds == 300 &&
    aws_sqs_queue.undelivered.name == "b-undelivered")
    error_message = "It is kept encrypted, for 14 days."
  }

  assert {
    condition = (aws_sqs_queue_policy.target["decisions"].queue_url == "https://sqs.invalid/decisions" &&
      jsondecode(aws_sqs_queue_policy.target["decisions"].policy) == {
        Version = "2012-10-17"
        Statement = [{
          Sid       = "EventsOfTheRule"
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = "sqs:SendMessage"
          Resource  = "arn:aws:sqs:::decisions"
          Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:events:::rule/mock" } }
        }]
    })
    error_message = "The rule, and no other, writes to the queue."
  }

  assert {
    condition = (aws_sqs_queue_policy.undelivered.queue_url == "https://sqs.invalid/undelivered" &&
      jsondecode(aws_sqs_queue_policy.undelivered.policy) == {
        Version = "2012-10-17"
        Statement = [{
          Sid       = "UndeliveredEvents"
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = "sqs:SendMessage"
          Resource  = "arn:aws:sqs:::undelivered"
          Condition = { ArnEquals = { "aws:SourceArn" = ["arn:aws:events:::rule/mock", "arn:aws:events:::rule/schedule"] } }
        }]
    })
    error_message = "Rules and schedules of ours, and nobody else, write to the queue of undelivered events."
  }

  assert {
    condition = (aws_cloudwatch_event_rule.schedule["check"].schedule_expression == "rate(5 minutes)" &&
    aws_cloudwatch_event_rule.schedule["check"].name == "b-check")
    error_message = "The schedule runs as often as asked for."
  }

  assert {
    condition = (aws_cloudwatch_event_target.schedule["check"].arn == "arn:aws:lambda:::function:planning" &&
      aws_cloudwatch_event_target.schedule["check"].rule == "b-check" &&
      aws_cloudwatch_event_target.schedule["check"].target_id == "function" &&
    aws_cloudwatch_event_target.schedule["check"].input == "{\"scheduled\":\"check\"}")
    error_message = "It invokes its function with its input."
  }

  assert {
    condition = (aws_cloudwatch_event_target.schedule["check"].retry_policy[0].maximum_event_age_in_seconds == 300 &&
    aws_cloudwatch_event_target.schedule["check"].retry_policy[0].maximum_retry_attempts == 2)
    error_message = "A late invocation does not outlive the next one."
  }

  assert {
    condition = (aws_lambda_permission.schedule["check"].function_name == "planning" &&
      aws_lambda_permission.schedule["check"].principal == "events.amazonaws.com" &&
      aws_lambda_permission.schedule["check"].action == "lambda:InvokeFunction" &&
      aws_lambda_permission.schedule["check"].statement_id == "schedule-check" &&
    aws_lambda_permission.schedule["check"].source_arn == "arn:aws:events:::rule/schedule")
    error_message = "The schedule, and no other, may invoke the function."
  }
}

run "a_schedule_of_a_minute" {
  command = plan

  module {
    source = "../modules/bus"
  }

  variables {
    name         = "b"
    archive_days = 1
    undelivered  = { name = "undelivered", retention = 300 }
    rules        = {}
    schedules    = { check = { seconds = 60, input = "{}", function_arn = "arn:aws:lambda:::function:f", function_name = "f" } }
  }

  assert {
    condition     = aws_cloudwatch_event_rule.schedule["check"].schedule_expression == "rate(1 minute)"
    error_message = "EventBridge wants the singular for one minute."
  }
}

run "a_schedule_of_half_a_minute_is_refused" {
  command = plan

  module {
    source = "../modules/bus"
  }

  variables {
    name         = "b"
    archive_days = 1
    undelivered  = { name = "undelivered", retention = 300 }
    rules        = {}
    schedules    = { check = { seconds = 30, input = "{}", function_arn = "arn:aws:lambda:::function:f", function_name = "f" } }
  }

  expect_failures = [var.schedules]
}
