locals {
  # Each alarm says in its description what to look at first. A metric that has no values is no trouble, unless the
  # alarm is about values that stay away.
  alarms = merge(
    {
      for name, queue in var.dead_letter_queues : "dead-letters-${name}" => {
        description = "A message was given up. Look at its reason attribute before you redrive it."
        namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = queue }
        statistic   = "Maximum", period = 60, above = 0, missing = "notBreaching"
      }
    },
    {
      for name, queue in var.queues : "oldest-message-${name}" => {
        description = "Messages wait: the function behind the queue fails, is throttled, or GitHub limits an installation."
        namespace   = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = queue }
        statistic   = "Maximum", period = 300, above = var.thresholds.oldest_message_seconds, missing = "notBreaching"
      }
    },
    {
      for name, function in var.functions : "errors-${name}" => {
        description = "The function itself failed, not a message in it: a cold start, a time-out, or the memory. See its log."
        namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = function }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
    },
    {
      for name, function in var.functions : "throttles-${name}" => {
        description = "Lambda refused invocations: raise the function's concurrency, or the account's."
        namespace   = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = function }
        statistic   = "Sum", period = 300, above = 0, missing = "notBreaching"
      }
    },
    {
      for name, schedule in var.schedules : "missed-${name}" => {
        description = "The schedule ${name} did not run. Is its rule disabled, or its function gone?"
        namespace   = "AWS/Events", metric = "Invocations", dimensions = { RuleName = schedule.rule }
        statistic   = "Sum", period = max(300, 3 * schedule.seconds), below = 1, missing = "breaching"
      }
    },
    {
      freshness = {
        description = "What the admin API shows is older than it should be. Look at the facts queue and its function."
        namespace   = "Dispatcher", metric = "FactAge", dimensions = { service = "facts" }
        statistic   = "Maximum", period = 300, above = 1000 * var.thresholds.fact_age_seconds, missing = "notBreaching"
      }
      delivery-check = {
        description = "Failed deliveries are looked for too late. GitHub keeps its delivery log for a few days only."
        namespace   = "Dispatcher", metric = "DeliveryCheckLag", dimensions = { service = "planning" }
        statistic   = "Maximum", period = 300, above = 1000 * var.thresholds.delivery_check_seconds, missing = "notBreaching"
      }
      api-errors = {
        description = "The API answered 5xx: deliveries were refused (GitHub's log has them), or the admin API fails."
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

# The metric has a dimension for each installation, and an alarm on a metric needs them all: so it asks for the least of
# whatever installations there are.
resource "aws_cloudwatch_metric_alarm" "rate_limit" {
  for_each            = toset(["core", "graphql"])
  alarm_name          = "${var.name}-rate-limit-${each.key}"
  alarm_description   = "An installation has used nearly all its ${each.key} requests of this hour at GitHub; its dispatches wait for the next one."
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = var.thresholds.rate_limit_remaining
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions

  metric_query {
    id          = "least"
    expression  = "SELECT MIN(RateLimitRemaining) FROM SCHEMA(\"Dispatcher\", installation, resource, service) WHERE resource = '${each.key}'"
    period      = 300
    return_data = true
  }
}

locals {
  widgets = concat(
    [
      { title = "Deliveries by response", metrics = [[{ expression = "SEARCH('{Dispatcher,service,response} MetricName=\"Deliveries\"', 'Sum')" }]] },
      { title = "Decisions by code", metrics = [[{ expression = "SEARCH('{Dispatcher,service,code} MetricName=\"Decisions\"', 'Sum')" }]] },
      { title = "Dispatches by state", metrics = [[{ expression = "SEARCH('{Dispatcher,service,state} MetricName=\"Dispatches\"', 'Sum')" }]] },
      {
        title = "From the run's end, milliseconds"
        metrics = [
          ["Dispatcher", "RunCompletedToDecided", "service", "planning", { stat = "p95" }],
          ["Dispatcher", "RunCompletedToAccepted", "service", "dispatch", { stat = "p95" }],
          ["Dispatcher", "FactAge", "service", "facts", { stat = "Maximum" }],
        ]
      },
      { title = "Messages waiting", metrics = [for queue in values(var.queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { stat = "Maximum" }]] },
      { title = "Oldest message, seconds", metrics = [for queue in values(var.queues) : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue, { stat = "Maximum" }]] },
      { title = "Dead letters", metrics = [for queue in values(var.dead_letter_queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { stat = "Maximum" }]] },
      { title = "Remaining requests at GitHub", metrics = [[{ expression = "SEARCH('{Dispatcher,service,installation,resource} MetricName=\"RateLimitRemaining\"', 'Minimum')" }]] },
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
