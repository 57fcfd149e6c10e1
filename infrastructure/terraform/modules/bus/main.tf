resource "aws_cloudwatch_event_bus" "this" {
  name = var.name
}

resource "aws_cloudwatch_event_archive" "this" {
  name             = var.name
  description      = "Every fact, for a replay onto the bus. A replay starts no workflow: the rule for decisions ignores replayed events."
  event_source_arn = aws_cloudwatch_event_bus.this.arn
  retention_days   = var.archive_days
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each       = var.rules
  name           = "${var.name}-${each.key}"
  event_bus_name = aws_cloudwatch_event_bus.this.name
  event_pattern  = each.value.pattern
}

resource "aws_cloudwatch_event_target" "queue" {
  for_each       = var.rules
  rule           = aws_cloudwatch_event_rule.this[each.key].name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  target_id      = "queue"
  arn            = each.value.queue_arn
  input_path     = each.value.input_path

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = aws_sqs_queue.undelivered_events.arn
  }
}

# Events that EventBridge could not deliver to a target. EventBridge keeps the whole event with its envelope, which the
# reader of the target queue does not expect, so these events do not go to the target queue's own dead-letter queue.
resource "aws_sqs_queue" "undelivered_events" {
  name                      = "${var.name}-${var.undelivered_events.name}"
  message_retention_seconds = var.undelivered_events.retention
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "undelivered_events" {
  queue_url = aws_sqs_queue.undelivered_events.url
  policy    = local.undelivered_events_policy
}

resource "aws_sqs_queue_policy" "target" {
  for_each  = var.rules
  queue_url = each.value.queue_url
  policy    = local.target_policies[each.key]
}

locals {
  undelivered_events_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "SendUndeliveredEvents"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.undelivered_events.arn
      Condition = {
        ArnEquals = {
          "aws:SourceArn" = concat(
            [for rule in aws_cloudwatch_event_rule.this : rule.arn],
            [for rule in aws_cloudwatch_event_rule.schedule : rule.arn],
          )
        }
      }
    }]
  })

  target_policies = {
    for name, rule in var.rules : name => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "SendMatchedEvents"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = rule.queue_arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.this[name].arn } }
      }]
    })
  }
}

# EventBridge supports scheduled rules only on the default event bus of an account.
resource "aws_cloudwatch_event_rule" "schedule" {
  for_each            = var.schedules
  name                = "${var.name}-${each.key}"
  schedule_expression = each.value.seconds == 60 ? "rate(1 minute)" : "rate(${each.value.seconds / 60} minutes)"
}

resource "aws_cloudwatch_event_target" "schedule" {
  for_each  = var.schedules
  rule      = aws_cloudwatch_event_rule.schedule[each.key].name
  target_id = "function"
  arn       = each.value.function_arn
  input     = each.value.input

  # A late invocation is pointless once the next one is due.
  retry_policy {
    maximum_event_age_in_seconds = max(60, each.value.seconds)
    maximum_retry_attempts       = 2
  }

  dead_letter_config {
    arn = aws_sqs_queue.undelivered_events.arn
  }
}

resource "aws_lambda_permission" "schedule" {
  for_each      = var.schedules
  statement_id  = "schedule-${each.key}"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  function_name = each.value.function_name
  qualifier     = each.value.alias
  source_arn    = aws_cloudwatch_event_rule.schedule[each.key].arn
}
