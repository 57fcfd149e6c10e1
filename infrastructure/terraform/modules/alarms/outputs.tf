output "alarm_names" {
  description = "Names of the alarms."
  value       = [for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.rate_limit), [aws_cloudwatch_metric_alarm.failed_dispatches]) : alarm.alarm_name]
}

output "topic_arn" {
  description = "ARN of the SNS topic that receives the notifications."
  value       = local.topic_arn
}

output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}
