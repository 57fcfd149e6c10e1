locals {
  # Missing data is not breaching, except for alarms that detect missing invocations. `runbook` is the page, and if needed
  # the section, that says what to do.
  alarms = merge(
    {
      for name, queue in var.dead_letter_queues : "dead-letters-${name}" => {
        description = "A queue has dead letters. Read the reason attribute of a dead letter before you redrive it."
        runbook     = "dead-letters.md"
        namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = queue }
        statistic   = "Maximum", period = 60, above = 0, missing = "notBreaching"
      }
    },
    {
      for name, queue in var.queues : "oldest-message-${name}" => {
        description = "Messages wait too long. The function that reads the queue fails or is throttled, or GitHub rate-limits an installation."
        runbook     = "rate-limited.md"
        namespace   = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = queue }
        statistic   = "Maximum", period = 300, above = var.thresholds.oldest_message_seconds, missing = "notBreaching"
      }
    },
    {
      for name, function in var.functions : "errors-${name}" => {
        description = "The invocation itself failed, not a single message: initialization error, timeout or out of memory. See the function's log."
        runbook     = "alarms.md#function-errors"
        namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = function }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
    },
    {
      for name, function in var.functions : "throttles-${name}" => {
        description = "Lambda throttled invocations. Raise the concurrency of the function or of the account."
        runbook     = "alarms.md#throttled-functions"
        namespace   = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = function }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
    },
    {
      for name, schedule in var.schedules : "missed-${name}" => {
        description = "The schedule ${name} did not run. Check that its rule is enabled and that its function exists."
        runbook     = "alarms.md#missed-schedules"
        namespace   = "AWS/Events", metric = "Invocations", dimensions = { RuleName = schedule.rule }
        statistic   = "Sum", period = max(300, 3 * schedule.seconds), below = 1, missing = "breaching"
      }
    },
    {
      freshness = {
        description = "The admin API shows outdated data. Check the queue and the function named facts."
        runbook     = "alarms.md#outdated-data"
        namespace   = var.namespace, metric = "FactAge", dimensions = { service = "facts" }
        statistic   = "Maximum", period = 300, above = 1000 * var.thresholds.fact_age_seconds, missing = "notBreaching"
      }
      projection-lag = {
        description = "The roll-up is late or fails, and the admin API shows outdated data. Read the log of facts: after a restore, rebuild the projections."
        runbook     = "alarms.md#outdated-data"
        namespace   = var.namespace, metric = "ProjectionLag", dimensions = { service = "facts" }
        statistic   = "Maximum", period = 300, above = 1000 * var.thresholds.fact_age_seconds, missing = "breaching"
      }
      delivery-check = {
        description = "The check for missed deliveries is late. GitHub keeps its delivery log for a few days only. See the log of planning."
        runbook     = "missed-deliveries.md"
        namespace   = var.namespace, metric = "DeliveryCheckLag", dimensions = { service = "planning" }
        statistic   = "Maximum", period = 300, above = 1000 * var.thresholds.delivery_check_seconds, missing = "notBreaching"
      }
      outage-give-ups = {
        description = "GitHub could not be reached for UNREADABLE_GIVE_UP_SECONDS, and runs were recorded as unreadable. Replay them."
        runbook     = "github-down.md"
        namespace   = var.namespace, metric = "OutageGiveUps", dimensions = { service = "planning" }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
      missed-occurrences = {
        description = "Times of schedules passed while Dispatcher did not run; the newest of each schedule was dispatched afterwards. See the schedules, and run those that must be made up for."
        runbook     = "alarms.md#missed-times-of-schedules"
        namespace   = var.namespace, metric = "MissedOccurrences", dimensions = { service = "planning" }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
      schedule-failures = {
        description = "Schedules that are due could not request their dispatch. Each minute tries again. See the log of planning."
        runbook     = "alarms.md#failing-schedules"
        namespace   = var.namespace, metric = "ScheduleFailures", dimensions = { service = "planning" }
        statistic   = "Sum", period = 300, above = 2, missing = "notBreaching"
      }
      targets-of-patterns = {
        description = "The repositories that allow a source by a pattern of its file reach 80 % of MAX_TARGETS_PER_RUN. Beyond it, none is started."
        runbook     = "alarms.md#targets-of-patterns"
        namespace   = var.namespace, metric = "TargetsOfPatternsPercent", dimensions = { service = "planning" }
        statistic   = "Maximum", period = 300, above = 79, missing = "notBreaching"
      }
      refused-webhook-messages = {
        description = "A webhook of a third party refused ten messages in a row. The list of webhooks names it and says why."
        runbook     = "alarms.md#refused-messages-of-a-webhook"
        namespace   = var.namespace, metric = "WebhookRefusalsInARow", dimensions = { service = "ingress" }
        statistic   = "Maximum", period = 300, above = 9, missing = "notBreaching"
      }
      forged-decisions = {
        description = "A decision that is not in the stored plan reached the dispatch function; nothing was started. Unless a table was restored, find out who can send to the queue or the event bus."
        runbook     = "dead-letters.md#forged-decisions"
        namespace   = var.namespace, metric = "DeadLetters", statistic = "Sum", period = 60, above = 0, missing = "notBreaching"
        dimensions  = { service = "dispatch", queue = "decisions", reason = "decision-not-in-plan" }
      }
      api-errors = {
        description = "The HTTP API returned 5xx: webhook deliveries failed (GitHub's delivery log lists them), or the admin API fails."
        runbook     = "alarms.md#api-errors"
        namespace   = "AWS/ApiGateway", metric = "5xx", dimensions = { ApiId = var.api_id }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
      refused-signatures = {
        description = "Deliveries have a signature that does not match: GitHub and Secrets Manager have different webhook secrets, or somebody sends forged deliveries."
        runbook     = "rotate-webhook-secret.md"
        namespace   = var.namespace, metric = "RefusedSignatures", dimensions = {}
        statistic   = "Sum", period = 900, above = var.thresholds.refused_signatures, missing = "notBreaching"
      }
      credentials-refused = {
        description = "GitHub refuses the requests of the App itself, in every minute: its private key was deleted, or the App was suspended or deleted."
        runbook     = "credentials-broken.md"
        namespace   = var.namespace, metric = "DeliveryChecksCutShort", dimensions = { service = "planning", kind = "permanent" }
        statistic   = "Sum", period = 300, above = 2, missing = "notBreaching"
      }
      deliveries-given-up = {
        description = "Deliveries failed at every redelivery, and no further one is requested: their runs are not planned."
        runbook     = "missed-deliveries.md"
        namespace   = var.namespace, metric = "FailedDeliveries", dimensions = { service = "planning", ending = "given-up" }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
      unreadable-plans = {
        description = "The dispatching file of a source could not be read, so nothing was decided for its run."
        runbook     = "alarms.md#unreadable-plans"
        namespace   = var.namespace, metric = "Plans", dimensions = { service = "planning", outcome = "config-unreadable" }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
      silence = {
        description = "There were deliveries, and then none for ${var.thresholds.silence_hours} hours: the webhook may be inactive, point elsewhere or fail before it reaches Dispatcher."
        runbook     = "missed-deliveries.md"
        namespace   = var.namespace, metric = "SinceLastDelivery", dimensions = { service = "facts" }
        statistic   = "Minimum", period = 300, above = 3600000 * var.thresholds.silence_hours, missing = "notBreaching"
      }
    },
  )

  # Texts of the alarms by name: what is wrong, and the page that says what to do.
  rate_limit_text = "An installation has almost used up its hourly GitHub rate limit. Its dispatches wait until the limit resets."
  failed_text     = "More than ${var.thresholds.failed_percent} % of the dispatches of the last 15 minutes failed."

  topic_arn = var.topic_arn == null ? aws_sns_topic.this[0].arn : var.topic_arn
  actions   = [local.topic_arn]
}

resource "aws_sns_topic" "this" {
  count        = var.topic_arn == null ? 1 : 0
  name         = "${var.name}-alarms"
  display_name = var.name
}

resource "aws_sns_topic_subscription" "email" {
  for_each  = var.emails
  topic_arn = local.topic_arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.description} Runbook: ${var.runbooks_url}/${each.value.runbook}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.period
  evaluation_periods  = 1
  comparison_operator = can(each.value.above) ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = try(each.value.above, each.value.below)
  treat_missing_data  = each.value.missing
  alarm_actions       = local.actions
  ok_actions          = local.actions
}

# Ingress writes one log line for each delivery, and this filter counts them: a metric of its own would double the log.
resource "aws_cloudwatch_log_metric_filter" "deliveries" {
  name           = "${var.name}-deliveries"
  log_group_name = var.log_groups["ingress"]
  pattern        = "{ $.message = \"delivery received\" }"

  metric_transformation {
    namespace  = var.namespace
    name       = "Deliveries"
    value      = "1"
    unit       = "Count"
    dimensions = { response = "$.response" }
  }
}

# A request without a signature is not counted: anybody can send one, and GitHub never does.
resource "aws_cloudwatch_log_metric_filter" "refused_signatures" {
  name           = "${var.name}-refused-signatures"
  log_group_name = var.log_groups["ingress"]
  pattern        = "{ $.message = \"delivery received\" && $.error = \"The signature does not match the request body.\" }"

  metric_transformation {
    namespace = var.namespace
    name      = "RefusedSignatures"
    value     = "1"
    unit      = "Count"
  }
}

# An alarm on a metric must name all its dimensions, and the metric is written by planning as well as by dispatch. A Metrics
# Insights query returns the minimum of both.
resource "aws_cloudwatch_metric_alarm" "rate_limit" {
  for_each            = toset(["core", "graphql"])
  alarm_name          = "${var.name}-rate-limit-${each.key}"
  alarm_description   = "${local.rate_limit_text} Resource: ${each.key}. Runbook: ${var.runbooks_url}/rate-limited.md"
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = var.thresholds.rate_limit_remaining
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions

  metric_query {
    id          = "minimum"
    expression  = "SELECT MIN(RateLimitRemaining) FROM SCHEMA(\"${var.namespace}\", resource, service) WHERE resource = '${each.key}'"
    period      = 300
    return_data = true
  }
}

# A share, because single dispatches fail for reasons of their targets. Fewer than ten dispatches have no meaningful share.
resource "aws_cloudwatch_metric_alarm" "failed_dispatches" {
  alarm_name          = "${var.name}-failed-dispatches"
  alarm_description   = "${local.failed_text} Runbook: ${var.runbooks_url}/alarms.md#failed-dispatches"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.failed_percent
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions

  metric_query {
    id          = "percent"
    label       = "Failed dispatches (%)"
    expression  = "IF(FILL(failed, 0) + FILL(accepted, 0) >= 10, 100 * FILL(failed, 0) / (FILL(failed, 0) + FILL(accepted, 0)), 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = toset(["accepted", "failed"])
    content {
      id = metric_query.key
      metric {
        namespace   = var.namespace
        metric_name = "Dispatches"
        dimensions  = { service = "dispatch", state = metric_query.key }
        stat        = "Sum"
        period      = 900
      }
    }
  }
}

locals {
  widgets = concat(
    [
      { title = "Deliveries by response", metrics = [[{ expression = "SEARCH('{${var.namespace},response} MetricName=\"Deliveries\"', 'Sum')" }]] },
      { title = "Decisions by code", metrics = [[{ expression = "SEARCH('{${var.namespace},service,code} MetricName=\"Decisions\"', 'Sum')" }]] },
      { title = "Dispatches by state", metrics = [[{ expression = "SEARCH('{${var.namespace},service,state} MetricName=\"Dispatches\"', 'Sum')" }]] },
      {
        title = "Time since the run completed (ms)"
        metrics = [
          [var.namespace, "RunCompletedToDecided", "service", "planning", { stat = "p95" }],
          [var.namespace, "RunCompletedToAccepted", "service", "dispatch", { stat = "p95" }],
          [var.namespace, "FactAge", "service", "facts", { stat = "Maximum" }],
          [var.namespace, "ProjectionLag", "service", "facts", { stat = "Maximum" }],
        ]
      },
      { title = "Messages waiting", metrics = [for queue in values(var.queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { stat = "Maximum" }]] },
      { title = "Age of oldest message (s)", metrics = [for queue in values(var.queues) : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue, { stat = "Maximum" }]] },
      { title = "Dead letters", metrics = [for queue in values(var.dead_letter_queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { stat = "Maximum" }]] },
      { title = "Remaining GitHub rate limit", metrics = [[{ expression = "SEARCH('{${var.namespace},service,resource} MetricName=\"RateLimitRemaining\"', 'Minimum')" }]] },
    ],
    [
      for name, function in var.functions : {
        title = "Function ${name}"
        metrics = [
          ["AWS/Lambda", "Invocations", "FunctionName", function, { stat = "Sum" }],
          ["AWS/Lambda", "Errors", "FunctionName", function, { stat = "Sum" }],
          ["AWS/Lambda", "Throttles", "FunctionName", function, { stat = "Sum" }],
          ["AWS/Lambda", "Duration", "FunctionName", function, { stat = "p95", yAxis = "right" }],
        ]
      }
    ],
  )
}

data "aws_region" "current" {}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [
      for index, widget in local.widgets : {
        type = "metric", width = 12, height = 6, x = 12 * (index % 2), y = 6 * floor(index / 2)
        properties = {
          title  = widget.title, metrics = widget.metrics, period = 300, view = "timeSeries"
          region = data.aws_region.current.name
        }
      }
    ]
  })
}

# Saved queries of CloudWatch Logs Insights, for the pages in docs/runbooks.
locals {
  queries = {
    "one run by correlation id" = {
      groups = keys(var.log_groups)
      query  = <<-QUERY
        fields @timestamp, service, level, message, runKey, dispatchId, attempt
        | filter correlationId = "DELIVERY"
        | sort @timestamp asc
        | limit 500
      QUERY
    }
    "denials by code" = {
      groups = ["planning"]
      query  = <<-QUERY
        filter message = "route decided" and effect = "deny"
        | stats count(*) as denials by code
        | sort denials desc
      QUERY
    }
    "slow dispatches" = {
      groups = ["dispatch"]
      query  = <<-QUERY
        filter ispresent(RunCompletedToAccepted)
        | stats pct(RunCompletedToAccepted, 50) as p50, pct(RunCompletedToAccepted, 95) as p95, max(RunCompletedToAccepted) as slowest by bin(15m)
        | sort slowest desc
      QUERY
    }
    "errors and warnings" = {
      groups = keys(var.log_groups)
      query  = <<-QUERY
        fields @timestamp, service, message, correlationId, error.name, error.message
        | filter level in ["ERROR", "WARN"]
        | sort @timestamp desc
        | limit 200
      QUERY
    }
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each        = local.queries
  name            = "${var.name}/${each.key}"
  log_group_names = [for name in each.value.groups : var.log_groups[name]]
  query_string    = trimspace(each.value.query)
}
