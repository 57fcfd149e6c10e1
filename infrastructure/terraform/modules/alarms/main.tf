locals {
  # The description of an alarm says what to check first. Missing data is not breaching, except for alarms that detect
  # missing invocations.
  alarms = merge(
    {
      for name, queue in var.dead_letter_queues : "dead-letters-${name}" => {
        description = "A queue has dead letters. Read the reason attribute of a dead letter before you redrive it."
        namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = queue }
        statistic   = "Maximum", period = 60, above = 0, missing = "notBreaching"
      }
    },
    {
      for name, queue in var.queues : "oldest-message-${name}" => {
        description = "Messages wait too long. The function that reads the queue fails or is throttled, or GitHub rate-limits an installation."
        namespace   = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = queue }
        statistic   = "Maximum", period = 300, above = var.thresholds.oldest_message_seconds, missing = "notBreaching"
      }
    },
    {
      for name, function in var.functions : "errors-${name}" => {
        description = "The invocation itself failed, not a single message: initialization error, timeout or out of memory. See the function's log."
        namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = function }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
    },
    {
      for name, function in var.functions : "throttles-${name}" => {
        description = "Lambda throttled invocations. Raise the concurrency of the function or of the account."
        namespace   = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = function }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
    },
    {
      for name, schedule in var.schedules : "missed-${name}" => {
        description = "The schedule ${name} did not run. Check that its rule is enabled and that its function exists."
        namespace   = "AWS/Events", metric = "Invocations", dimensions = { RuleName = schedule.rule }
        statistic   = "Sum", period = max(300, 3 * schedule.seconds), below = 1, missing = "breaching"
      }
    },
    {
      freshness = {
        description = "The admin API shows outdated data. Check the queue and the function named facts."
        namespace   = "Dispatcher", metric = "FactAge", dimensions = { service = "facts" }
        statistic   = "Maximum", period = 300, above = 1000 * var.thresholds.fact_age_seconds, missing = "notBreaching"
      }
      delivery-check = {
        description = "The check for missed deliveries is late. GitHub keeps its delivery log for a few days only. See the log of planning."
        namespace   = "Dispatcher", metric = "DeliveryCheckLag", dimensions = { service = "planning" }
        statistic   = "Maximum", period = 300, above = 1000 * var.thresholds.delivery_check_seconds, missing = "notBreaching"
      }
      outage-give-ups = {
        description = "GitHub could not be reached for UNREADABLE_GIVE_UP_SECONDS, and runs were recorded as unreadable. Replay them: see the runbook github-down."
        namespace   = "Dispatcher", metric = "OutageGiveUps", dimensions = { service = "planning" }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
      forged-decisions = {
        description = "A decision that is not in the stored plan reached the dispatch function; nothing was started. Unless a table was restored, find out who can send to the queue or the event bus."
        namespace   = "Dispatcher", metric = "DeadLetters", statistic = "Sum", period = 60, above = 0, missing = "notBreaching"
        dimensions  = { service = "dispatch", queue = "decisions", reason = "decision-not-in-plan" }
      }
      api-errors = {
        description = "The HTTP API returned 5xx: webhook deliveries failed (GitHub's delivery log lists them), or the admin API fails."
        namespace   = "AWS/ApiGateway", metric = "5xx", dimensions = { ApiId = var.api_id }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
    },
  )

  actions = var.topic_arn == null ? [] : [var.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
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
  log_group_name = var.ingress_log_group
  pattern        = "{ $.message = \"delivery received\" }"

  metric_transformation {
    namespace  = "Dispatcher"
    name       = "Deliveries"
    value      = "1"
    unit       = "Count"
    dimensions = { response = "$.response" }
  }
}

# An alarm on a metric must name all its dimensions, and the metric is written by planning as well as by dispatch. A Metrics
# Insights query returns the minimum of both.
resource "aws_cloudwatch_metric_alarm" "rate_limit" {
  for_each            = toset(["core", "graphql"])
  alarm_name          = "${var.name}-rate-limit-${each.key}"
  alarm_description   = "An installation has almost used up its hourly GitHub ${each.key} rate limit. Its dispatches wait until the limit resets."
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = var.thresholds.rate_limit_remaining
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions

  metric_query {
    id          = "minimum"
    expression  = "SELECT MIN(RateLimitRemaining) FROM SCHEMA(\"Dispatcher\", resource, service) WHERE resource = '${each.key}'"
    period      = 300
    return_data = true
  }
}

locals {
  widgets = concat(
    [
      { title = "Deliveries by response", metrics = [[{ expression = "SEARCH('{Dispatcher,response} MetricName=\"Deliveries\"', 'Sum')" }]] },
      { title = "Decisions by code", metrics = [[{ expression = "SEARCH('{Dispatcher,service,code} MetricName=\"Decisions\"', 'Sum')" }]] },
      { title = "Dispatches by state", metrics = [[{ expression = "SEARCH('{Dispatcher,service,state} MetricName=\"Dispatches\"', 'Sum')" }]] },
      {
        title = "Time since the run completed (ms)"
        metrics = [
          ["Dispatcher", "RunCompletedToDecided", "service", "planning", { stat = "p95" }],
          ["Dispatcher", "RunCompletedToAccepted", "service", "dispatch", { stat = "p95" }],
          ["Dispatcher", "FactAge", "service", "facts", { stat = "Maximum" }],
        ]
      },
      { title = "Messages waiting", metrics = [for queue in values(var.queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { stat = "Maximum" }]] },
      { title = "Age of oldest message (s)", metrics = [for queue in values(var.queues) : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue, { stat = "Maximum" }]] },
      { title = "Dead letters", metrics = [for queue in values(var.dead_letter_queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { stat = "Maximum" }]] },
      { title = "Remaining GitHub rate limit", metrics = [[{ expression = "SEARCH('{Dispatcher,service,resource} MetricName=\"RateLimitRemaining\"', 'Minimum')" }]] },
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
