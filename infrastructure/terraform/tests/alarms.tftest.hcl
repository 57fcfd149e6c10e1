mock_provider "aws" {
  source = "./mocks"
}

variables {
  namespace          = "N/dev"
  emails             = []
  runbooks_url       = "https://example.com/runbooks"
  topic_arn          = null
  thresholds         = {}
  name               = "n"
  api_id             = "api"
  queues             = { runs = "q-runs" }
  dead_letter_queues = { runs = "q-runs-dead", undelivered-events = "q-undelivered-events" }
  functions          = { planning = "f-planning" }
  log_groups         = { ingress = "g-ingress", planning = "g-planning", dispatch = "g-dispatch" }
  schedules          = { check = { rule = "r-check", seconds = 600 } }
}

run "alarms_notify_a_topic_of_their_own" {
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
      "freshness"                       = "N/dev FactAge service=facts Maximum 300 1 GreaterThanThreshold 300000 notBreaching"
      "projection-lag"                  = "N/dev ProjectionLag service=facts Maximum 300 1 GreaterThanThreshold 300000 breaching"
      "delivery-check"                  = "N/dev DeliveryCheckLag service=planning Maximum 300 1 GreaterThanThreshold 900000 notBreaching"
      "outage-give-ups"                 = "N/dev OutageGiveUps service=planning Sum 300 1 GreaterThanThreshold 0 notBreaching"
      "missed-occurrences"              = "N/dev MissedOccurrences service=planning Sum 300 1 GreaterThanThreshold 0 notBreaching"
      "schedule-failures"               = "N/dev ScheduleFailures service=planning Sum 300 1 GreaterThanThreshold 2 notBreaching"
      "targets-of-patterns"             = "N/dev TargetsOfPatternsPercent service=planning Maximum 300 1 GreaterThanThreshold 79 notBreaching"
      "refused-webhook-messages"        = "N/dev WebhookRefusalsInARow service=ingress Maximum 300 1 GreaterThanThreshold 9 notBreaching"
      "forged-decisions"                = "N/dev DeadLetters queue=decisions,reason=decision-not-in-plan,service=dispatch Sum 60 1 GreaterThanThreshold 0 notBreaching"
      "refused-signatures"              = "N/dev RefusedSignatures  Sum 900 1 GreaterThanThreshold 3 notBreaching"
      "credentials-refused"             = "N/dev DeliveryChecksCutShort kind=permanent,service=planning Sum 300 1 GreaterThanThreshold 2 notBreaching"
      "deliveries-given-up"             = "N/dev FailedDeliveries ending=given-up,service=planning Sum 300 1 GreaterThanThreshold 0 notBreaching"
      "unreadable-plans"                = "N/dev Plans outcome=config-unreadable,service=planning Sum 300 1 GreaterThanThreshold 0 notBreaching"
      "silence"                         = "N/dev SinceLastDelivery service=facts Minimum 300 1 GreaterThanThreshold 86400000 notBreaching"
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
      core    = "n-rate-limit-core LessThanThreshold 500 notBreaching 1 minimum 300 true SELECT MIN(RateLimitRemaining) FROM SCHEMA(\"N/dev\", resource, service) WHERE resource = 'core'"
      graphql = "n-rate-limit-graphql LessThanThreshold 500 notBreaching 1 minimum 300 true SELECT MIN(RateLimitRemaining) FROM SCHEMA(\"N/dev\", resource, service) WHERE resource = 'graphql'"
    }
    error_message = "The rate limit alarms must use the minimum over all installations."
  }

  assert {
    condition = (
      aws_cloudwatch_log_metric_filter.deliveries.log_group_name == "g-ingress" &&
      aws_cloudwatch_log_metric_filter.deliveries.pattern == "{ $.message = \"delivery received\" }" &&
      [for to in aws_cloudwatch_log_metric_filter.deliveries.metric_transformation : "${to.namespace} ${to.name} ${to.value} ${to.unit} ${jsonencode(to.dimensions)}"] ==
      ["N/dev Deliveries 1 Count ${jsonencode({ response = "$.response" })}"]
    )
    error_message = "The log lines of deliveries must be counted by their response."
  }

  assert {
    condition = (
      aws_cloudwatch_log_metric_filter.refused_signatures.log_group_name == "g-ingress" &&
      aws_cloudwatch_log_metric_filter.refused_signatures.name == "n-refused-signatures" &&
      strcontains(aws_cloudwatch_log_metric_filter.refused_signatures.pattern, "The signature does not match the request body.") &&
      [for to in aws_cloudwatch_log_metric_filter.refused_signatures.metric_transformation : "${to.namespace} ${to.name} ${to.value} ${to.unit}"] ==
      ["N/dev RefusedSignatures 1 Count"]
    )
    error_message = "Deliveries with a wrong signature must be counted."
  }

  assert {
    condition = join(" ", concat(
      [
        aws_cloudwatch_metric_alarm.failed_dispatches.alarm_name, aws_cloudwatch_metric_alarm.failed_dispatches.comparison_operator,
        aws_cloudwatch_metric_alarm.failed_dispatches.threshold, aws_cloudwatch_metric_alarm.failed_dispatches.treat_missing_data,
        aws_cloudwatch_metric_alarm.failed_dispatches.evaluation_periods,
      ],
      sort([for query in aws_cloudwatch_metric_alarm.failed_dispatches.metric_query : join(" ", concat(
        [query.id, coalesce(query.label, "-"), query.return_data == true ? "returned" : "used"],
        [for metric in query.metric : join(" ", [metric.namespace, metric.metric_name, metric.dimensions.service, metric.dimensions.state, metric.stat, metric.period])],
      ))]),
      )) == join(" ", [
      "n-failed-dispatches GreaterThanThreshold 20 notBreaching 1",
      "accepted - used N/dev Dispatches dispatch accepted Sum 900",
      "failed - used N/dev Dispatches dispatch failed Sum 900",
      "percent Failed dispatches (%) returned",
    ])
    error_message = "The share of failed dispatches must raise an alarm."
  }

  # A page of docs/runbooks, and a heading in it; scripts/terraform/description.test.ts checks that they exist.
  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.rate_limit), [aws_cloudwatch_metric_alarm.failed_dispatches]) :
      can(regex("\\. Runbook: https://example.com/runbooks/[a-z-]+\\.md(#[a-z-]+)?$", alarm.alarm_description))
    ])
    error_message = "The text of every alarm must link its runbook."
  }

  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.rate_limit), [aws_cloudwatch_metric_alarm.failed_dispatches]) :
      alarm.alarm_actions == toset(["arn:aws:sns:::mock"]) && alarm.ok_actions == toset(["arn:aws:sns:::mock"])
    ]) && aws_sns_topic.this[0].name == "n-alarms" && aws_sns_topic.this[0].display_name == "n" && output.topic_arn == "arn:aws:sns:::mock"
    error_message = "Without a topic of the operator's the alarms must notify one of their own."
  }

  assert {
    condition = { for key, query in aws_cloudwatch_query_definition.this : query.name => query.log_group_names } == {
      "n/denials by code"           = tolist(["g-planning"])
      "n/errors and warnings"       = tolist(["g-dispatch", "g-ingress", "g-planning"])
      "n/one run by correlation id" = tolist(["g-dispatch", "g-ingress", "g-planning"])
      "n/slow dispatches"           = tolist(["g-dispatch"])
    } && alltrue([for query in aws_cloudwatch_query_definition.this : length(query.query_string) > 30 && !endswith(query.query_string, "\n")])
    error_message = "The queries of the runbooks must be saved with the log groups that they search."
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
      for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.rate_limit), [aws_cloudwatch_metric_alarm.failed_dispatches]) :
      alarm.alarm_actions == toset(["arn:aws:sns:::operators"]) && alarm.ok_actions == toset(["arn:aws:sns:::operators"])
    ])
    error_message = "The topic must receive alarm and OK notifications."
  }

  assert {
    condition = (aws_cloudwatch_metric_alarm.this["oldest-message-runs"].threshold == 60 &&
    aws_cloudwatch_metric_alarm.this["freshness"].threshold == 300000)
    error_message = "A threshold that is null must get its default."
  }

  assert {
    condition     = length(aws_sns_topic.this) == 0 && output.topic_arn == "arn:aws:sns:::operators"
    error_message = "With a topic of the operator's there must be no other."
  }
}

run "e_mail_addresses_subscribe_to_the_topic" {
  command = apply

  module {
    source = "../modules/alarms"
  }

  variables {
    emails = ["oncall@example.com"]
  }

  assert {
    condition = [for address, subscription in aws_sns_topic_subscription.email : join(" ", [address, subscription.protocol, subscription.endpoint, subscription.topic_arn])] == [
      "oncall@example.com email oncall@example.com arn:aws:sns:::mock",
    ]
    error_message = "Each address must subscribe to the topic."
  }
}
