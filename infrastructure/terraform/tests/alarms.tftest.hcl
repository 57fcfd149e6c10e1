mock_provider "aws" {
  source = "./mocks"
}

variables {
  topic_arn          = null
  thresholds         = {}
  name               = "n"
  api_id             = "api"
  queues             = { runs = "q-runs" }
  dead_letter_queues = { runs = "q-runs-dead", undelivered-events = "q-undelivered-events" }
  functions          = { planning = "f-planning" }
  ingress_log_group  = "g-ingress"
  schedules          = { check = { rule = "r-check", seconds = 600 } }
}

run "alarms_exist_without_a_topic" {
  command = apply

  module {
    source = "../modules/alarms"
  }

  # One line per alarm: metric, dimensions, statistic and threshold.
  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.this : name => join(" ", [
        alarm.namespace, alarm.metric_name, join(",", [for key, value in alarm.dimensions : "${key}=${value}"]),
        alarm.statistic, alarm.period, alarm.evaluation_periods, alarm.comparison_operator, alarm.threshold, alarm.treat_missing_data,
      ])
      } == {
      "dead-letters-runs"               = "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=q-runs-dead Maximum 60 1 GreaterThanThreshold 0 notBreaching"
      "dead-letters-undelivered-events" = "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=q-undelivered-events Maximum 60 1 GreaterThanThreshold 0 notBreaching"
      "oldest-message-runs"             = "AWS/SQS ApproximateAgeOfOldestMessage QueueName=q-runs Maximum 300 1 GreaterThanThreshold 900 notBreaching"
      "errors-planning"                 = "AWS/Lambda Errors FunctionName=f-planning Sum 300 1 GreaterThanThreshold 0 notBreaching"
      "throttles-planning"              = "AWS/Lambda Throttles FunctionName=f-planning Sum 300 1 GreaterThanThreshold 0 notBreaching"
      "missed-check"                    = "AWS/Events Invocations RuleName=r-check Sum 1800 1 LessThanThreshold 1 breaching"
      "freshness"                       = "Dispatcher FactAge service=facts Maximum 300 1 GreaterThanThreshold 300000 notBreaching"
      "delivery-check"                  = "Dispatcher DeliveryCheckLag service=planning Maximum 300 1 GreaterThanThreshold 900000 notBreaching"
      "outage-give-ups"                 = "Dispatcher OutageGiveUps service=planning Sum 300 1 GreaterThanThreshold 0 notBreaching"
      "forged-decisions"                = "Dispatcher DeadLetters queue=decisions,reason=decision-not-in-plan,service=dispatch Sum 60 1 GreaterThanThreshold 0 notBreaching"
      "api-errors"                      = "AWS/ApiGateway 5xx ApiId=api Sum 300 1 GreaterThanThreshold 0 notBreaching"
    }
    error_message = "Each alarm must watch its metric with its threshold."
  }

  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.rate_limit : name => join(" ", concat(
        [alarm.alarm_name, alarm.comparison_operator, alarm.threshold, alarm.treat_missing_data, alarm.evaluation_periods],
        flatten([for query in alarm.metric_query : [query.id, query.period, query.return_data, query.expression]]),
      ))
      } == {
      core    = "n-rate-limit-core LessThanThreshold 500 notBreaching 1 minimum 300 true SELECT MIN(RateLimitRemaining) FROM SCHEMA(\"Dispatcher\", resource, service) WHERE resource = 'core'"
      graphql = "n-rate-limit-graphql LessThanThreshold 500 notBreaching 1 minimum 300 true SELECT MIN(RateLimitRemaining) FROM SCHEMA(\"Dispatcher\", resource, service) WHERE resource = 'graphql'"
    }
    error_message = "The rate limit alarms must use the minimum over all installations."
  }

  assert {
    condition = (
      aws_cloudwatch_log_metric_filter.deliveries.log_group_name == "g-ingress" &&
      aws_cloudwatch_log_metric_filter.deliveries.pattern == "{ $.message = \"delivery received\" }" &&
      [for to in aws_cloudwatch_log_metric_filter.deliveries.metric_transformation : "${to.namespace} ${to.name} ${to.value} ${to.unit} ${jsonencode(to.dimensions)}"] ==
      ["Dispatcher Deliveries 1 Count ${jsonencode({ response = "$.response" })}"]
    )
    error_message = "The log lines of deliveries must be counted by their response."
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name == "n-${key}" && length(alarm.alarm_description) > 20])
    error_message = "Every alarm must be named after its key and say what to check."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.rate_limit : length(alarm.alarm_description) > 20])
    error_message = "The rate limit alarms must say what to check."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : length(coalesce(alarm.alarm_actions, [])) == 0 && coalesce(alarm.actions_enabled, true)])
    error_message = "Without a topic the alarms must exist, enabled and without notifications."
  }

  assert {
    condition = (aws_cloudwatch_dashboard.this.dashboard_name == "n" &&
      [for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.properties.title] == [
        "Deliveries by response", "Decisions by code", "Dispatches by state", "Time since the run completed (ms)",
        "Messages waiting", "Age of oldest message (s)", "Dead letters", "Remaining GitHub rate limit", "Function planning",
    ])
    error_message = "The dashboard must show the pipeline from deliveries to functions."
  }

  assert {
    condition = alltrue([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
      widget.type == "metric" && widget.properties.region == "region" && length(widget.properties.metrics) > 0 &&
      widget.properties.period == 300 && widget.properties.view == "timeSeries" && widget.width == 12 && widget.height == 6
    ])
    error_message = "Every widget must be a valid CloudWatch metric widget."
  }

  assert {
    condition = length(distinct([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : "${widget.x} ${widget.y}"
    ])) == 9
    error_message = "Widgets must not overlap."
  }
}

run "topic_receives_alarm_and_ok_notifications" {
  command = plan

  module {
    source = "../modules/alarms"
  }

  variables {
    topic_arn  = "arn:aws:sns:::operators"
    thresholds = { oldest_message_seconds = 60, fact_age_seconds = null }
  }

  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.rate_limit)) :
      alarm.alarm_actions == toset(["arn:aws:sns:::operators"]) && alarm.ok_actions == toset(["arn:aws:sns:::operators"])
    ])
    error_message = "The topic must receive alarm and OK notifications."
  }

  assert {
    condition = (aws_cloudwatch_metric_alarm.this["oldest-message-runs"].threshold == 60 &&
    aws_cloudwatch_metric_alarm.this["freshness"].threshold == 300000)
    error_message = "A threshold that is null must get its default."
  }
}
